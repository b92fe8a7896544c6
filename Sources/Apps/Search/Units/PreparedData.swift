internal import FoundationEssentials
internal import Glibc
package import Learners
internal import Linalg

/// The matrices of all folds in one file that all workers map: they share its memory, and each copies but the fold in hand.
///
/// First the length of a header in JSON, eight bytes, then the header, then numbers of eight bytes, little-endian.
@safe package final class PreparedData: @unchecked Sendable {
  /// Why a fold cannot be fitted at all.
  package struct Unfit: Error { let reason: String }

  struct Header: Codable, Sendable {
    var seed: UInt64
    /// Fold of each row.
    var assignments: [Int]
    var trainsOnThePast: Bool
    var matrices: [StoredMatrix] = []
    var parts: [Part] = []
    /// Where the targets of all rows are, in bytes from the end of the header.
    var targets = 0
  }

  /// The features of one fold in one form.
  struct StoredMatrix: Codable, Sendable {
    var form: String
    var fold: Int
    var columns: Int
    var training: Int
    var test: Int
    /// How many training rows there are, and where their numbers are.
    var rowCount: Int
    var rows: Int
    /// What the training rows count; nil where each counts once.
    var weights: Int?
    /// Their groups; nil where each is its own.
    var groups: Int?
    /// Levels of a category, -1 for a number.
    var kinds: [Int]
    var names: [String]
  }

  /// What fits of one preparation read in one fold.
  struct Part: Codable, Sendable {
    var form: String
    var target: String
    var fold: Int
    /// Nil where it cannot be fitted.
    var transform: TargetTransform?
    var problem: String?
  }

  private let header: Header
  private let start: Int
  /// Read only, for as long as this lives.
  private let bytes: UnsafeRawBufferPointer
  private let folds: Folds

  package var seed: UInt64 { header.seed }
  package var foldCount: Int { folds.count }

  /// Maps a file that `PreparedDataWriter` wrote.
  /// - Returns: nil for a file that is none.
  package init?(descriptor: Int32) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_size > 8 else { return nil }
    let size = Int(status.st_size)
    guard
      let address = unsafe mmap(nil, size, PROT_READ, MAP_SHARED, descriptor, 0), unsafe address != MAP_FAILED
    else { return nil }
    unsafe bytes = UnsafeRawBufferPointer(start: address, count: size)
    let length = unsafe Int(truncatingIfNeeded: UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self)))
    guard length > 0, length <= size - 8,
      let header = try? unsafe JSONDecoder().decode(Header.self, from: Data(bytes[8..<8 + length])),
      let folds = try? Folds(assignments: header.assignments, trainsOnThePast: header.trainsOnThePast),
      header.matrices.allSatisfy({ $0.isSound(in: size - 8 - length, folds) }),
      header.targets >= 0, header.targets + 8 * header.assignments.count <= size - 8 - length
    else {
      unsafe munmap(address, size)
      return nil
    }
    self.header = header
    self.folds = folds
    start = 8 + length
  }

  deinit { unsafe munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress!), bytes.count) }

  package func input(_ preparation: Preparation, fold: Int) throws(Unfit) -> FoldInput {
    let form = preparation.features.rawValue
    guard
      let part = header.parts.first(where: {
        $0.fold == fold && $0.form == form && $0.target == preparation.target.rawValue
      })
    else { throw Unfit(reason: "the data were not prepared for it") }
    guard let transform = part.transform,
      let matrix = header.matrices.first(where: { $0.fold == fold && $0.form == form })
    else { throw Unfit(reason: part.problem ?? "it has no data") }
    let count = matrix.rowCount
    let known = header.assignments.indices
    let training = numbers(at: matrix.rows, count).compactMap { Int(exactly: $0) }.filter(known.contains)
    guard training.count == count else { throw Unfit(reason: "its rows are no rows of the data") }
    let test = folds.testRows(fold)
    let targets = numbers(at: header.targets, header.assignments.count)
    return FoldInput(
      fold: fold,
      trainingRows: TrainingRows(rows: training, weights: matrix.weights.map { numbers(at: $0, count) }),
      testRows: test,
      training: Matrix(
        rows: count, columns: matrix.columns, elements: numbers(at: matrix.training, count * matrix.columns)),
      test: Matrix(
        rows: test.count, columns: matrix.columns, elements: numbers(at: matrix.test, test.count * matrix.columns)),
      trainingTargets: training.map { targets[$0] }, target: transform,
      groups: matrix.groups.map { numbers(at: $0, count).map { Int($0) } },
      kinds: matrix.kinds.map { $0 < 0 ? .numeric : .categorical(levels: $0) }, names: matrix.names)
  }

  private func numbers(at offset: Int, _ count: Int) -> [Double] {
    unsafe [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      let source = unsafe UnsafeRawBufferPointer(rebasing: bytes[start + offset..<start + offset + 8 * count])
      unsafe UnsafeMutableRawBufferPointer(buffer).copyMemory(from: source)
      initialized = count
    }
  }
}

extension PreparedData.StoredMatrix {
  /// Whether all of it is in so many bytes.
  fileprivate func isSound(in size: Int, _ folds: Folds) -> Bool {
    guard fold >= 0, fold < folds.count, columns > 0, columns < 1 << 24, kinds.count == columns, names.count == columns
    else { return false }
    let held = folds.testRows(fold).count
    func fits(_ offset: Int, _ count: Int) -> Bool { offset >= 0 && offset <= size - 8 * count }
    return rowCount > 0 && rowCount <= folds.assignments.count && fits(training, rowCount * columns)
      && fits(test, held * columns) && fits(rows, rowCount) && fits(weights ?? 0, rowCount)
      && fits(groups ?? 0, rowCount)
  }
}
