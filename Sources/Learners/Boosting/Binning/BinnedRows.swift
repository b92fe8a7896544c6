internal import CKernels
internal import Linalg

/// The rows of a training set as codes of their bins, one byte a column, in both orders: row-major to count all columns of
/// a row at once, column-major to part rows by one feature.
package struct BinnedRows: Sendable {
  package let binning: Binning
  package let count: Int
  /// From one row to the next: the columns, or a little more where rows then begin with a cache line.
  internal let stride: Int
  /// count x stride
  internal let rowMajor: SharedScratch<UInt8>
  /// columns x count
  internal let columnMajor: SharedScratch<UInt8>

  /// Rows that are binned together, so that the elements are read in the order in which they are stored.
  private static let blockSize = 256

  /// - Parameter rows: rows of the training set; binned row i is row `rows[i]`.
  package init(_ training: TrainingSet, rows: [UInt32], binning: Binning) {
    self.binning = binning
    count = rows.count
    stride = Self.stride(columns: binning.columnCount)
    rowMajor = SharedScratch(repeating: 0, count: rows.count * stride)
    columnMajor = SharedScratch(repeating: 0, count: rows.count * binning.columnCount)
    let columns = binning.features.map(ColumnWriter.init)
    let (count, stride, rowMajor, columnMajor) = (count, stride, rowMajor, columnMajor)
    let blocks = (count + Self.blockSize - 1) / Self.blockSize
    Parallel.forEach(blocks, cost: Double(Self.blockSize * binning.columnCount) * 10) { range in
      var elements = [Double](repeating: 0, count: Self.blockSize)
      for block in range {
        let places = block * Self.blockSize..<min((block + 1) * Self.blockSize, count)
        for (feature, writer) in columns.enumerated() {
          Self.gather(training.x, rows[places], column: binning.features[feature].column, into: &elements)
          for (page, column) in binning.columns(of: feature).enumerated() {
            let codes = unsafe columnMajor.start + column * count + places.lowerBound
            unsafe writer.write(elements, count: places.count, page: page, to: codes)
            for index in 0..<places.count {
              unsafe rowMajor.start[(places.lowerBound + index) * stride + column] = codes[index]
            }
          }
        }
      }
    }
  }

  /// A power of two or whole cache lines, where that wastes no more than a quarter.
  private static func stride(columns: Int) -> Int {
    var padded = 8
    while padded < columns { padded += min(padded, 64) }
    return padded * 3 <= columns * 4 ? padded : columns
  }

  /// What is written for a row in a column.
  package func code(row: Int, column: Int) -> (rowMajor: UInt8, columnMajor: UInt8) {
    (rowMajor[row * stride + column], columnMajor[column * count + row])
  }

  private static func gather(
    _ x: Matrix<Double>, _ rows: ArraySlice<UInt32>, column: Int, into elements: inout [Double]
  ) {
    x.withSpan { span in
      for (index, row) in rows.enumerated() { elements[index] = span[Int(row) * x.columns + column] }
    }
  }
}

/// Turns elements of one feature into codes.
private struct ColumnWriter: Sendable {
  private let bins: FeatureBins
  /// For the kernel: 255 edges, infinite ones at the end.
  private let edges: [Double]
  /// Of a number's bins.
  private let codes: [UInt8]

  init(_ bins: FeatureBins) {
    self.bins = bins
    if case .numeric(let edges) = bins.cuts, bins.count > 0 {
      self.edges = edges + Array(repeating: .infinity, count: 255 - edges.count)
      codes = (0...bins.count).map { UInt8(bins.place(ofBin: $0).code) }
    } else {
      (edges, codes) = ([], [])
    }
  }

  /// - Parameter page: which of the feature's columns.
  func write(_ elements: [Double], count: Int, page: Int, to codes: UnsafeMutablePointer<UInt8>) {
    switch bins.cuts {
    case .numeric where edges.isEmpty:
      unsafe codes.update(repeating: UInt8(bins.place(ofBin: bins.missingBin).code), count: count)
    case .numeric:
      unsafe kernels_find_bins(codes, elements, 1, count, edges, UInt8(bins.missingBin))
      for index in 0..<count { unsafe codes[index] = self.codes[Int(codes[index])] }
    case .categorical(let binOfLevel):
      for index in 0..<count {
        let element = elements[index]
        let place = bins.place(ofBin: element.isNaN ? bins.missingBin : Int(binOfLevel[Int(element)]))
        unsafe codes[index] = UInt8(place.column == page ? place.code : FeatureBins.elsewhere)
      }
    }
  }
}
