/// A dense, row-major matrix of `Float` or `Double` with value semantics.
///
/// Shape: `rows` x `columns`; element (i, j) is stored at `i * columns + j`. A row range, `matrix[rows: 3..<8]`, is a
/// matrix that shares the storage until one of the two is written to. Shape and size always agree; an index out of
/// bounds traps.
public struct Matrix<Element: Scalar>: Sendable, Equatable {
  public let rows: Int
  public let columns: Int
  @usableFromInline internal var storage: ArraySlice<Element>

  /// Takes over `elements`, in row-major order. Traps unless there are exactly `rows * columns` of them.
  @inlinable
  public init(rows: Int, columns: Int, elements: [Element]) {
    self.init(rows: rows, columns: columns, storage: elements[...])
  }

  @inlinable
  internal init(rows: Int, columns: Int, storage: ArraySlice<Element>) {
    precondition(
      rows >= 0 && columns >= 0 && storage.count == rows * columns,
      "Matrix: \(storage.count) elements cannot fill \(rows) x \(columns)")
    self.rows = rows
    self.columns = columns
    self.storage = storage
  }

  @inlinable
  public init(rows: Int, columns: Int, repeating value: Element = 0) {
    self.init(rows: rows, columns: columns, elements: [Element](repeating: value, count: rows * columns))
  }

  /// Fills element (row, column) with `value(row, column)`.
  @inlinable
  public init(rows: Int, columns: Int, _ value: (_ row: Int, _ column: Int) throws -> Element) rethrows {
    var elements: [Element] = []
    elements.reserveCapacity(rows * columns)
    for row in 0..<rows {
      for column in 0..<columns { elements.append(try value(row, column)) }
    }
    self.init(rows: rows, columns: columns, elements: elements)
  }

  /// The `order` x `order` identity.
  @inlinable
  public static func identity(_ order: Int) -> Matrix {
    Matrix(rows: order, columns: order) { $0 == $1 ? 1 : 0 }
  }

  /// Row and column are checked apart, so that `matrix[0, columns]` traps and does not read the next row.
  @inlinable
  public subscript(row: Int, column: Int) -> Element {
    get { storage[storage.startIndex + offset(row, column)] }
    set { storage[storage.startIndex + offset(row, column)] = newValue }
  }

  @inlinable
  internal func offset(_ row: Int, _ column: Int) -> Int {
    precondition(
      row >= 0 && row < rows && column >= 0 && column < columns,
      "Matrix: index (\(row), \(column)) is outside \(rows) x \(columns)")
    return row * columns + column
  }

  /// All elements in row-major order.
  @inlinable
  public var elements: [Element] { Array(storage) }

  /// Gives `body` all elements, in row-major order, for reading.
  @inlinable
  public func withSpan<Result, Failure: Error>(
    _ body: (Span<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(storage.span)
  }

  /// Gives `body` all elements, in row-major order, for writing.
  @inlinable
  public mutating func withMutableSpan<Result, Failure: Error>(
    _ body: (inout MutableSpan<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var span = storage.mutableSpan
    return try body(&span)
  }

  public static func == (left: Matrix, right: Matrix) -> Bool {
    left.rows == right.rows && left.columns == right.columns && left.storage == right.storage
  }
}
