internal import Linalg

/// The rows of a training set as bin numbers, one byte an element, in both orders: row-major to count all features of
/// a row at once, column-major to part rows by one feature.
package struct BinnedRows: Sendable {
  package let binning: Binning
  package let count: Int
  /// count x features
  package let rowMajor: [UInt8]
  /// features x count
  package let columnMajor: [UInt8]

  /// - Parameter rows: rows of the training set; binned row i is row `rows[i]`.
  package init(_ training: TrainingSet, rows: [UInt32], binning: Binning) {
    let features = binning.features
    var columnMajor = [UInt8](repeating: 0, count: features.count * rows.count)
    if !rows.isEmpty && !features.isEmpty {
      Parallel.fill(&columnMajor, stride: rows.count, cost: Double(rows.count) * 12) { range, bytes in
        for (place, feature) in range.enumerated() {
          Self.bin(training.x, rows: rows, features[feature], into: &bytes, at: place * rows.count)
        }
      }
    }
    self.binning = binning
    count = rows.count
    rowMajor = Self.transposed(columnMajor, features: features.count, rows: rows.count)
    self.columnMajor = columnMajor
  }

  /// The bin of every row in one feature.
  package func bins(ofFeature feature: Int) -> ArraySlice<UInt8> {
    columnMajor[feature * count..<(feature + 1) * count]
  }

  private static func bin(
    _ x: Matrix<Double>, rows: [UInt32], _ bins: FeatureBins, into bytes: inout MutableSpan<UInt8>, at start: Int
  ) {
    x.withSpan { elements in
      switch bins.cuts {
      case .numeric(let edges):
        let search = EdgeSearch(edges, missingBin: bins.missingBin)
        for (index, row) in rows.enumerated() {
          bytes[start + index] = search.bin(of: elements[Int(row) * x.columns + bins.column])
        }
      case .categorical(let binOfLevel):
        for (index, row) in rows.enumerated() {
          let element = elements[Int(row) * x.columns + bins.column]
          bytes[start + index] = element.isNaN ? UInt8(bins.missingBin) : binOfLevel[Int(element)]
        }
      }
    }
  }

  private static func transposed(_ columnMajor: [UInt8], features: Int, rows: Int) -> [UInt8] {
    var rowMajor = [UInt8](repeating: 0, count: columnMajor.count)
    guard features > 0 && rows > 0 else { return rowMajor }
    Parallel.fill(&rowMajor, stride: features, cost: Double(features)) { range, bytes in
      for start in stride(from: range.lowerBound, to: range.upperBound, by: 64) {  // a cache line of every column
        let block = start..<min(start + 64, range.upperBound)
        for feature in 0..<features {
          for row in block { bytes[(row - range.lowerBound) * features + feature] = columnMajor[feature * rows + row] }
        }
      }
    }
    return rowMajor
  }
}

/// The number of edges below a number, in eight steps without a branch: the search is padded to 255 edges.
internal struct EdgeSearch {
  private let edges: [Double]
  private let missingBin: UInt8

  init(_ edges: [Double], missingBin: Int) {
    self.edges = edges + Array(repeating: .infinity, count: 255 - edges.count)
    self.missingBin = UInt8(missingBin)
  }

  @inline(__always)
  func bin(of element: Double) -> UInt8 {
    guard !element.isNaN && missingBin > 0 else { return missingBin }
    var low = 0
    var step = 128
    while step > 0 {
      low &+= edges[low &+ step &- 1] < element ? step : 0
      step >>= 1
    }
    return UInt8(truncatingIfNeeded: low)
  }
}
