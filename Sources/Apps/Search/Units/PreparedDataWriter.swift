internal import FoundationEssentials
internal import Glibc
package import Learners
internal import Linalg

/// Prepares the data of an experiment for workers, a fold at a time, in a file without a name: it is gone with the last
/// process that has it open, however that ends.
package struct PreparedDataWriter {
  private let experiment: Experiment
  private var header: PreparedData.Header
  private let body: TemporaryFile

  /// - Throws: `SearchError` where there is no room for it.
  package static func file(
    _ experiment: Experiment, for preparations: Set<Preparation>
  ) throws(SearchError) -> TemporaryFile {
    var writer = try PreparedDataWriter(experiment)
    let ordered = preparations.sorted {
      ($0.features.rawValue, $0.target.rawValue) < ($1.features.rawValue, $1.target.rawValue)
    }
    for fold in 0..<experiment.folds.count {
      for preparation in ordered { try writer.add(preparation, fold: fold) }
    }
    return try writer.finished()
  }

  private init(_ experiment: Experiment) throws(SearchError) {
    self.experiment = experiment
    header = PreparedData.Header(
      seed: experiment.seed, assignments: experiment.folds.assignments,
      trainsOnThePast: experiment.folds.trainsOnThePast)
    body = try TemporaryFile()
    try body.append(experiment.dataset.target)
  }

  private mutating func add(_ preparation: Preparation, fold: Int) throws(SearchError) {
    let (form, target) = (preparation.features.rawValue, preparation.target.rawValue)
    let input: FoldInput
    do throws(FitError) {
      input = try experiment.input(preparation, fold: fold)
    } catch {
      header.parts.append(.init(form: form, target: target, fold: fold, problem: "fold \(fold): \(error)"))
      return
    }
    header.parts.append(.init(form: form, target: target, fold: fold, transform: input.target))
    guard !header.matrices.contains(where: { $0.form == form && $0.fold == fold }) else { return }
    let training = body.size
    try body.append(input.training.elements)
    let test = body.size
    try body.append(input.test.elements)
    let groups = input.groups == nil ? nil : body.size
    if let given = input.groups { try body.append(given.map(Double.init)) }
    let rows = body.size
    try body.append(input.trainingRows.rows.map(Double.init))
    let weights = input.trainingRows.weights == nil ? nil : body.size
    if let given = input.trainingRows.weights { try body.append(given) }
    let kinds = input.kinds.map { kind in if case .categorical(let levels) = kind { levels } else { -1 } }
    header.matrices.append(
      .init(
        form: form, fold: fold, columns: input.training.columns, training: training, test: test,
        rowCount: input.training.rows, rows: rows, weights: weights, groups: groups, kinds: kinds,
        names: input.names))
  }

  /// The header goes first: it is known last.
  private func finished() throws(SearchError) -> TemporaryFile {
    let encoder = JSONEncoder()
    // The same data are the same bytes: a cluster that has them is not sent them again.
    encoder.outputFormatting = .sortedKeys
    guard let json = try? encoder.encode(header) else { preconditionFailure("the header has no JSON form") }
    let padding = (8 - json.count % 8) % 8
    let text = Array(json) + [UInt8](repeating: 0x20, count: padding)
    let file = try TemporaryFile()
    let length = UInt64(text.count)
    try file.append((0..<8).map { UInt8(truncatingIfNeeded: length >> UInt64(8 * $0)) })
    try file.append(text)
    try file.append(copyOf: body)
    return file
  }
}

/// A file in the folder for temporary files that has no name.
package final class TemporaryFile: Sendable {
  package let descriptor: Int32

  package init() throws(SearchError) {
    // mkstemp writes letters of its own over the six.
    var path = Array("\(Self.folder)/learners-XXXXXX".utf8CString)
    descriptor = unsafe mkstemp(&path)
    if descriptor < 0 { throw Self.failure(errno) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    unsafe unlink(path)
  }

  deinit { close(descriptor) }

  private static var folder: String { unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp" }

  /// In bytes.
  package var size: Int { Int(lseek(descriptor, 0, SEEK_END)) }

  package func content() throws(SearchError) -> [UInt8] {
    let size = size
    var code: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let taken = unsafe pread(descriptor, buffer.baseAddress! + count, size - count, off_t(count))
        if taken < 0 && errno == EINTR { continue }
        guard taken > 0 else {
          code = taken < 0 ? errno : EIO
          return
        }
        count += taken
      }
    }
    if code != 0 { throw Self.failure(code) }
    return bytes
  }

  package func append(_ numbers: [Double]) throws(SearchError) {
    let code = unsafe numbers.withUnsafeBytes { unsafe Self.write($0, to: descriptor) }
    if code != 0 { throw Self.failure(code) }
  }

  package func append(_ bytes: [UInt8]) throws(SearchError) {
    let code = unsafe bytes.withUnsafeBytes { unsafe Self.write($0, to: descriptor) }
    if code != 0 { throw Self.failure(code) }
  }

  package func append(copyOf other: TemporaryFile) throws(SearchError) {
    var place = 0
    let size = other.size
    while place < size {
      var offset = off_t(place)
      let copied = unsafe sendfile(descriptor, other.descriptor, &offset, min(size - place, 1 << 30))
      if copied < 0 && errno == EINTR { continue }
      guard copied > 0 else { throw Self.failure(copied < 0 ? errno : EIO) }
      place += copied
    }
  }

  /// - Returns: 0 or the code of the error.
  private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    var done = 0
    while done < bytes.count {
      let written = unsafe Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { return written < 0 ? errno : EIO }
      done += written
    }
    return 0
  }

  private static func failure(_ code: Int32) -> SearchError {
    SearchError(
      code == EACCES || code == EPERM ? .noPermission : .cannotWrite,
      "\(folder): the prepared data cannot be written: \(unsafe String(cString: strerror(code)))",
      advice: "make room, or set TMPDIR to another folder")
  }
}
