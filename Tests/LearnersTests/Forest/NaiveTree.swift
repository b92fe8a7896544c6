import Learners
import Linalg

/// The twin of an exact regression tree: tries every threshold, every set of levels and both sides for the missing, and
/// computes every squared error from its rows. Exponential in levels, quadratic in rows.
struct NaiveTree {
  let x: Matrix<Double>
  let y: [Double]
  let weights: [Double]
  let kinds: [FeatureKind]
  let minSamplesLeaf: Int

  /// What a fully grown tree predicts for its training rows.
  func fittedValues() -> [Double] {
    var values = [Double](repeating: .nan, count: y.count)
    grow(Array(y.indices), &values)
    return values
  }

  private func grow(_ rows: [Int], _ values: inout [Double]) {
    var best: (error: Double, left: [Int])?
    if Set(rows.map { y[$0] }).count > 1 {
      for left in divisions(of: rows) where left.count >= minSamplesLeaf && rows.count - left.count >= minSamplesLeaf {
        let isLeft = Set(left)
        let error = squaredError(left) + squaredError(rows.filter { !isLeft.contains($0) })
        if best == nil || error < best!.error { best = (error, left) }
      }
    }
    guard let best else {
      for row in rows { values[row] = mean(rows) }
      return
    }
    let isLeft = Set(best.left)
    grow(best.left, &values)
    grow(rows.filter { !isLeft.contains($0) }, &values)
  }

  /// All left sides that one split can make, none of them empty or everything.
  private func divisions(of rows: [Int]) -> [[Int]] {
    var sides: [[Int]] = []
    for column in kinds.indices {
      let missing = rows.filter { x[$0, column].isNaN }
      let present = rows.filter { !x[$0, column].isNaN }
      let values = Set(present.map { x[$0, column] }).sorted()
      var subsets: [Set<Double>] = []
      if case .categorical = kinds[column] {
        for bits in 0..<(1 << values.count) {
          subsets.append(Set(values.indices.filter { bits >> $0 & 1 == 1 }.map { values[$0] }))
        }
      } else {
        subsets = values.map { limit in Set(values.filter { $0 <= limit }) }
      }
      for subset in subsets {
        let left = present.filter { subset.contains(x[$0, column]) }
        sides.append(left)
        sides.append(left + missing)
      }
    }
    return sides.filter { !$0.isEmpty && $0.count < rows.count }
  }

  private func mean(_ rows: [Int]) -> Double {
    rows.reduce(0) { $0 + weights[$1] * y[$1] } / rows.reduce(0) { $0 + weights[$1] }
  }

  private func squaredError(_ rows: [Int]) -> Double {
    let mean = mean(rows)
    return rows.reduce(0) { $0 + weights[$1] * (y[$1] - mean) * (y[$1] - mean) }
  }
}
