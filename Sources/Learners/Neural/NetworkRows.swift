internal import CKernels
internal import Linalg

/// Rows as a network sees them: features squashed, target and weights scaled; flat, row-major.
package struct NetworkRows: Sendable {
  package let featureCount: Int
  package let x: [Float]
  package let y: [Float]
  /// One a row, mean 1; nil means that all are 1.
  package let weights: [Float]?
  /// The group of each row; nil where each is its own.
  package let groups: [Int]?

  package init(featureCount: Int, x: [Float], y: [Float], weights: [Float]? = nil, groups: [Int]? = nil) {
    precondition(
      x.count == featureCount * y.count && (weights ?? y).count == y.count,
      "NetworkRows: \(x.count) elements and \((weights ?? y).count) weights for \(y.count) x \(featureCount)")
    self.featureCount = featureCount
    self.x = x
    self.y = y
    self.weights = weights
    self.groups = groups
  }

  package var count: Int { y.count }
}

extension NetworkRows {
  /// The rows whose weight, as a share of the largest, is more than 0 in Float.
  internal init(_ training: TrainingSet, scaling: TargetScaling) {
    let columns = training.x.columns
    let largest = training.weights?.max() ?? 1
    let shares = training.weights?.map { Float($0 / largest) }
    let present = training.y.indices.filter { (shares?[$0] ?? 1) > 0 }
    var x = [Float](repeating: 0, count: present.count * columns)
    Parallel.fill(&x, stride: columns, cost: 0.5 * Double(columns)) { range, part in
      unsafe part.withUnsafeMutableBufferPointer { part in
        for (place, index) in range.enumerated() {
          let row = present[index]
          unsafe squash(training.x[rows: row..<row + 1], into: part.baseAddress! + place * columns)
        }
      }
    }
    let totalShare = present.reduce(0) { $0 + Double(shares?[$1] ?? 1) }
    let scale = Float(Double(present.count) / totalShare)
    self.init(
      featureCount: columns, x: x, y: present.map { scaling.scaled(training.y[$0]) },
      weights: shares.map { shares in present.map { shares[$0] * scale } },
      groups: training.groups.map { groups in present.map { groups[$0] } })
  }
}

/// Standardised features as inputs: z / √(1 + (z/3)²), about z where |z| is small and never beyond ±3.
@unsafe
internal func squash(_ features: Matrix<Double>, into inputs: UnsafeMutablePointer<Float>) {
  features.withSpan { elements in
    unsafe elements.withUnsafeBufferPointer { z in
      guard let source = z.baseAddress else { return }
      unsafe kernels_squash(source, inputs, z.count)
    }
  }
}
