internal import Linalg

/// Rows as a network sees them: features squashed, target and weights scaled; flat, row-major.
package struct NetworkRows: Sendable {
  package let featureCount: Int
  package let x: [Float]
  package let y: [Float]
  /// One a row, mean 1; nil means that all are 1.
  package let weights: [Float]?

  package init(featureCount: Int, x: [Float], y: [Float], weights: [Float]? = nil) {
    precondition(
      x.count == featureCount * y.count && (weights ?? y).count == y.count,
      "NetworkRows: \(x.count) elements and \((weights ?? y).count) weights for \(y.count) x \(featureCount)")
    self.featureCount = featureCount
    self.x = x
    self.y = y
    self.weights = weights
  }

  package var count: Int { y.count }

  /// Copies the features of `rows`, one row after another.
  @unsafe
  func gather(_ rows: ArraySlice<Int>, into destination: UnsafeMutablePointer<Float>) {
    unsafe x.withUnsafeBufferPointer { x in
      guard let source = x.baseAddress else { return }
      var place = unsafe destination
      for row in rows {
        unsafe place.update(from: source + row * featureCount, count: featureCount)
        unsafe place += featureCount
      }
    }
  }
}

extension NetworkRows {
  /// The rows whose weight, as a share of the largest, is more than 0 in Float.
  internal init(_ training: TrainingSet, scaling: TargetScaling) {
    let columns = training.x.columns
    let largest = training.weights?.max() ?? 1
    let shares = training.weights?.map { Float($0 / largest) }
    let present = training.y.indices.filter { (shares?[$0] ?? 1) > 0 }
    var x: [Float] = []
    x.reserveCapacity(present.count * columns)
    training.x.withSpan { elements in
      for row in present {
        for index in row * columns..<(row + 1) * columns { x.append(squash(elements[index])) }
      }
    }
    let totalShare = present.reduce(0) { $0 + Double(shares?[$1] ?? 1) }
    let scale = Float(Double(present.count) / totalShare)
    self.init(
      featureCount: columns, x: x, y: present.map { scaling.scaled(training.y[$0]) },
      weights: shares.map { shares in present.map { shares[$0] * scale } })
  }
}

/// A standardised feature as an input: z / √(1 + (z/3)²), about z where |z| is small and never beyond ±3.
@inline(__always)
internal func squash(_ z: Double) -> Float {
  let bounded = min(max(z, -1e6), 1e6)  // keeps the square finite
  return Float(bounded / (1 + bounded * bounded / 9).squareRoot())
}
