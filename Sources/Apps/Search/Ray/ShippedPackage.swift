internal import Learners

/// What a cluster is handed once: the program, its libraries, the driver and the prepared data.
///
/// Its name tells its content: Ray's nodes go on with what they have of a name, whatever is put there later.
package struct ShippedPackage {
  static let driver = "driver.py"
  static let data = "data"
  /// Of units: a folder of its own, so that it is found on Python's path.
  static let units = "learners_units/units.jsonl"
  /// Bytes that Ray's dashboard takes at a time.
  static let largest = 100 << 20

  /// 16 hexadecimal digits.
  package let hash: String
  let command: [String]
  private let program: ShippedProgram
  private let data: TemporaryFile

  package init(_ data: TemporaryFile, program: ShippedProgram) throws(SearchError) {
    self.program = program
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

  package var name: String { "learners_\(hash).zip" }

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

  /// What a unit does, whatever its number: with the same package it has the same result.
  static func key(of unit: WorkUnit) -> String {
    WorkUnit.hash(experiment: unit.learner, fold: unit.fold, settings: unit.settings)
  }

  /// A line of each unit.
  static func lines(_ units: [(key: String, unit: WorkUnit)]) -> [UInt8] {
    struct Line: Encodable {
      let key: String
      let unit: WorkUnit
    }
    return units.flatMap { MessageLine.encode(Line(key: $0.key, unit: $0.unit)) }
  }

  /// The first units of a job, as a package that Ray unpacks.
  static func archive(of units: [(key: String, unit: WorkUnit)]) -> [UInt8] {
    var archive = ZipArchive()
    archive.add(Self.units, lines(units), mode: 0o644)
    return archive.finished()
  }

  static func tooLarge(_ size: Int, _ reason: String) -> SearchError {
    SearchError(
      .badData, "program and prepared data are \(size >> 20) MB as a package: \(reason)",
      advice:
        "search with fewer rows, fewer --cv folds or fewer columns, use the program of a release, or search without --ray"
    )
  }
}
