internal import CKernels
package import Linalg

/// Σ z zᵀ over vectors z that come a block at a time and are never all in memory.
///
/// The vectors are the rows of a training set, less an origin, with target and weight behind them, or the columns of a
/// wide one. Cost: n² flops a vector of n numbers, at the speed of a matrix product. Memory: n² numbers, and a block that
/// stays in the second-level cache.
package struct OuterProductSum: ~Copyable {
  private let width: Int
  /// At most this many vectors make a block.
  package let blockCount: Int
  /// Eight numbers of every vector of a block, one vector after the other, then the next eight.
  private let panels: Scratch<Double>
  private let panelStride: Int
  private let sums: Scratch<Double>
  private let hasWideRegisters: Bool

  /// - Parameter width: n.
  package init(width: Int, hasWideRegisters: Bool = Self.processorHasWideRegisters) {
    self.width = width
    self.hasWideRegisters = hasWideRegisters
    blockCount = max(64, min(128, 65_536 / width))
    // A panel is one line longer than it must be: were they powers of two apart, they would share few lines of cache.
    panelStride = (blockCount + 1) * Self.lanes
    let panelCount = (width + Self.lanes - 1) / Self.lanes
    panels = Scratch(count: panelCount * panelStride, repeating: 0)
    sums = Scratch(count: panelCount * Self.lanes * panelCount * Self.lanes, repeating: 0)
  }

  private static let lanes = 8
  package static let processorHasWideRegisters = Processor.instructionSets.contains("avx512f")

  /// Adds the vectors [x - o, y - o, 1] √w of some rows of a training set.
  /// - Parameters:
  ///   - rows: indices of rows.
  ///   - roots: √w of every row of the set.
  package mutating func add(
    _ rows: ArraySlice<Int>, of x: Matrix<Double>, _ targets: [Double], roots: [Double], about origin: [Double]
  ) {
    let features = x.columns
    precondition(
      width == features + 2 && targets.count == x.rows && origin.count == features + 1 && roots.count == x.rows
        && rows.allSatisfy { $0 >= 0 && $0 < x.rows })
    x.withSpan { elements in
      unsafe elements.withUnsafeBufferPointer { elements in
        unsafe rows.withUnsafeBufferPointer { rows in
          guard let x = elements.baseAddress, let first = rows.baseAddress else { return }
          for start in stride(from: 0, to: rows.count, by: blockCount) {
            let end = min(start + blockCount, rows.count)
            unsafe kernels_fill_panels(
              x, first + start, end - start, features, origin, targets, roots, panels.pointer, panelStride)
            let last = min(end + blockCount, rows.count) - 1
            let next = unsafe last < end ? upcoming_pieces() : Self.consecutive(x, features, first[end], first[last])
            unsafe addPanels(count: end - start, upcoming: next)
          }
        }
      }
    }
  }

  /// The rows from one index to another, whether all are wanted or not.
  @unsafe private static func consecutive(
    _ x: UnsafePointer<Double>, _ features: Int, _ first: Int, _ last: Int
  ) -> upcoming_pieces {
    unsafe upcoming_pieces(
      first: x + first * features, length: (max(first, last) + 1 - first) * features, stride: 0, count: 1)
  }

  /// Adds some columns of x, at most `blockCount` of them, less the origin of each and with row i times roots[i].
  /// - Parameters:
  ///   - upcoming: the columns that will be wanted next.
  ///   - origin: one number for each of these columns.
  package mutating func add(
    columns: Range<Int>, upcoming: Range<Int>, of x: Matrix<Double>, roots: [Double], about origin: [Double]
  ) {
    precondition(
      columns.count <= blockCount && width == x.rows && columns.lowerBound >= 0 && columns.upperBound <= x.columns
        && roots.count == x.rows && origin.count == columns.count && upcoming.lowerBound >= 0
        && upcoming.upperBound <= x.columns)
    x.withSpan { elements in
      unsafe elements.withUnsafeBufferPointer { elements in
        guard let base = elements.baseAddress else { return }
        unsafe kernels_fill_transposed_panels(
          base + columns.lowerBound, x.rows, x.columns, columns.count, origin, roots, panels.pointer, panelStride)
        let next = unsafe upcoming_pieces(
          first: base + upcoming.lowerBound, length: upcoming.count, stride: x.columns,
          count: upcoming.isEmpty ? 0 : x.rows)
        unsafe addPanels(count: columns.count, upcoming: next)
      }
    }
  }

  private func addPanels(count: Int, upcoming: upcoming_pieces) {
    unsafe kernels_add_moments(
      panels.pointer, panelStride, count, width, hasWideRegisters ? 1 : 0, sums.pointer, upcoming)
  }

  /// The sum, n x n: the lower triangle, with zeros or parts of the upper one above.
  package var lowerTriangle: Matrix<Double> {
    let order = (width + Self.lanes - 1) / Self.lanes * Self.lanes
    let rows = unsafe UnsafeBufferPointer(start: sums.pointer, count: order * order)
    var elements: [Double] = []
    elements.reserveCapacity(width * width)
    for row in 0..<width { unsafe elements.append(contentsOf: rows[row * order..<row * order + width]) }
    return Matrix(rows: width, columns: width, elements: elements)
  }
}
