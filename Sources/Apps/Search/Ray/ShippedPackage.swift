internal import Learners

/// What a cluster is handed once: the program, its libraries, the driver and the prepared data.
///
/// Its name tells its content: Ray's nodes go on with what they have of a name, whatever is put there later.
struct ShippedPackage {
  static let driver = "driver.py"
  static let data = "data"
  /// Of units: a folder of its own, so that it is found on Python's path.
  static let units = "learners_units/units.jsonl"
  /// Bytes that Ray's dashboard takes at a time.
  static let largest = 100 << 20

  /// 16 hexadecimal digits.
  let hash: String
  let command: [String]
  private let program: ShippedProgram
  private let data: TemporaryFile

  init(_ data: TemporaryFile) throws(SearchError) {
    program = try ShippedProgram()
    self.data = data
    command = program.command
    guard data.size < 1 << 31 else { throw Self.tooLarge(data.size, "the prepared data alone are more") }
    var parts: [String] = []
    for file in program.files {
      parts.append("\(file.name) \(ContentHash.sha256(of: try ShippedProgram.read(file.path)))")
    }
    parts.append("\(Self.data) \(ContentHash.sha256(of: try data.content()))")
    parts.append("\(Self.driver) \(ContentHash.sha256(of: PackageResources.driver_py))")
    hash = String(ContentHash.sha256(of: Array(parts.joined(separator: "\n").utf8)).prefix(16))
  }

  var name: String { "learners_\(hash).zip" }

  /// - Throws: `SearchError` where it is more than Ray takes.
  func archive() throws(SearchError) -> [UInt8] {
    var archive = ZipArchive()
    archive.add(Self.driver, PackageResources.driver_py, mode: 0o644)
    for file in program.files { archive.add(file.name, try ShippedProgram.read(file.path), mode: file.mode) }
    archive.add(Self.data, try data.content(), mode: 0o644)
    let bytes = archive.finished()
    guard bytes.count <= Self.largest else {
      throw Self.tooLarge(bytes.count, "Ray takes \(Self.largest >> 20) MB")
    }
    return bytes
  }

  /// Units of one job, and the name of what they are in.
  static func units(_ units: [(key: String, unit: WorkUnit)]) -> (name: String, bytes: [UInt8]) {
    struct Line: Encodable {
      let key: String
      let unit: WorkUnit
    }
    let lines = units.flatMap { MessageLine.encode(Line(key: $0.key, unit: $0.unit)) }
    var archive = ZipArchive()
    archive.add(Self.units, lines, mode: 0o644)
    return ("learners_units_\(ContentHash.sha256(of: lines).prefix(16)).zip", archive.finished())
  }

  static func tooLarge(_ size: Int, _ reason: String) -> SearchError {
    SearchError(
      .badData, "program and prepared data are \(size >> 20) MB as a package: \(reason)",
      advice:
        "search with fewer rows, fewer --cv folds or fewer columns, use the program of a release, or search without --ray"
    )
  }
}
