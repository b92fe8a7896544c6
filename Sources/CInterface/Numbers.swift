internal import CLearners
internal import Learners
internal import Linalg

/// Numbers of a caller, wherever and however they lie in memory.
@safe internal struct Numbers {
  private let type: learners_type
  private let values: UnsafeRawPointer?
  let rows: Int
  let columns: Int
  private let rowStride: Int
  private let columnStride: Int
  /// Where the rows are among those of the caller, who is told of them by their place there.
  private let firstRow: Int

  init(
    _ type: learners_type, _ values: UnsafeRawPointer?, rows: Int, columns: Int64 = 1, rowStride: Int64,
    columnStride: Int64 = 0
  ) throws {
    guard [LEARNERS_FLOAT64, LEARNERS_FLOAT32].contains(Int(type)) else {
      throw Refusal(LEARNERS_BAD_ARGUMENT, "type \(type): use LEARNERS_FLOAT64 or LEARNERS_FLOAT32")
    }
    guard (0...Numbers.mostColumns).contains(columns) else {
      throw Refusal(LEARNERS_BAD_ARGUMENT, "\(columns) columns: there can be 0 to \(Numbers.mostColumns)")
    }
    let isEmpty = rows == 0 || columns == 0
    guard unsafe isEmpty || values != nil else { throw Refusal(LEARNERS_BAD_ARGUMENT, "values is NULL") }
    self.type = type
    unsafe self.values = unsafe values
    self.rows = rows
    self.columns = Int(columns)
    self.rowStride = Int(rowStride)
    self.columnStride = Int(columnStride)
    firstRow = 0
    // What lies beyond is no memory of this process, and the products below must not overflow.
    let reach = Int64.max / 8 / Int64(max(rows, Int(columns), 1))
    guard abs(rowStride.magnitudeOrMax) <= reach, abs(columnStride.magnitudeOrMax) <= reach else {
      throw Refusal(LEARNERS_BAD_ARGUMENT, "strides \(rowStride) and \(columnStride) lead out of memory")
    }
  }

  private static let mostColumns = Int64(1_000_000)

  private init(_ whole: Numbers, rows part: Range<Int>) {
    type = whole.type
    unsafe values = unsafe whole.values.map { unsafe $0 + part.lowerBound * whole.rowStride }
    (rows, columns) = (part.count, whole.columns)
    (rowStride, columnStride) = (whole.rowStride, whole.columnStride)
    firstRow = whole.firstRow + part.lowerBound
  }

  /// So many rows after so many, and what is left.
  func blocks(ofRows count: Int) -> [Numbers] {
    stride(from: 0, to: rows, by: count).map { Numbers(self, rows: $0..<min($0 + count, rows)) }
  }

  /// Row by row.
  func elements() throws -> [Double] {
    guard rows > 0 && columns > 0 else { return [] }
    let elements = unsafe [Double](unsafeUninitializedCapacity: rows * columns) { buffer, count in
      count = rows * columns
      for row in 0..<rows {
        for column in 0..<columns {
          unsafe buffer.initializeElement(at: row * columns + column, to: number(row, column))
        }
      }
    }
    if let place = elements.firstIndex(where: \.isInfinite) { throw infinite(place / columns, place % columns) }
    return elements
  }

  /// Column by column. Neighbouring columns of a row share a line of the cache: they are read together, some rows at a time.
  func columnArrays() throws -> [[Double]] {
    guard rows > 0 else { return Array(repeating: [], count: columns) }
    let width = 8
    let reader = unsafe Reader(numbers: self)
    let groups = Parallel.map((columns + width - 1) / width) { group in
      reader.numbers.columns(group * width..<min((group + 1) * width, reader.numbers.columns))
    }
    let arrays = groups.flatMap { $0 }
    for (column, array) in arrays.enumerated() {
      if let row = array.firstIndex(where: \.isInfinite) { throw infinite(row, column) }
    }
    return arrays
  }

  /// The memory is the caller's and is only read while the call lasts.
  @safe private struct Reader: @unchecked Sendable {
    let numbers: Numbers
    @unsafe init(numbers: Numbers) { self.numbers = numbers }
  }

  private func columns(_ part: Range<Int>) -> [[Double]] {
    var arrays = part.map { _ in [Double](repeating: 0, count: rows) }
    let block = 256
    for first in stride(from: 0, to: rows, by: block) {
      let some = first..<min(first + block, rows)
      for (place, column) in part.enumerated() {
        unsafe arrays[place].withUnsafeMutableBufferPointer { target in
          if Int(type) == LEARNERS_FLOAT64 {
            for row in some { unsafe target[row] = element(row, column, as: Double.self) }
          } else {
            for row in some { unsafe target[row] = Double(element(row, column, as: Float.self)) }
          }
        }
      }
    }
    return arrays
  }

  private func infinite(_ row: Int, _ column: Int) -> Refusal {
    Refusal(
      LEARNERS_BAD_DATA, "row \(firstRow + row), column \(column) is infinite: clip it, or leave it missing (NaN)")
  }

  @inline(__always) private func number(_ row: Int, _ column: Int) -> Double {
    Int(type) == LEARNERS_FLOAT64
      ? element(row, column, as: Double.self) : Double(element(row, column, as: Float.self))
  }

  @inline(__always) private func element<Element: BitwiseCopyable>(
    _ row: Int, _ column: Int, as type: Element.Type
  ) -> Element {
    unsafe (values! + (row * rowStride + column * columnStride)).loadUnaligned(as: type)
  }
}

extension Int64 {
  /// The size of the least number has no place in the type.
  fileprivate var magnitudeOrMax: Int64 { self == .min ? .max : Swift.abs(self) }
}
