public import Linalg

/// Weighted second moments of features and target: all that a ridge fit has to know of data with more rows than columns.
///
/// Holds M = Σ w [x - o, y - o, 1] [x - o, y - o, 1]ᵀ over the rows, about an origin o near the means, so that large
/// means cost no digits. The moments of rows are the sum of the moments of their parts: those of a training part of a
/// fold are those of all rows minus those of the held-out ones, provided that all have the same origin.
///
/// Cost: s f² flops for s samples and f features, one pass over X, in parallel over fixed parts of the rows that are
/// summed in order. Memory: (f + 2)² a part.
public struct Gram: Sendable {
  /// What was subtracted from each feature and, last, from the target.
  public let origin: [Double]
  /// M, (features + 2) x (features + 2), both triangles.
  public private(set) var moments: Matrix<Double>

  public var featureCount: Int { origin.count - 1 }

  /// - Parameter origin: one number a feature and one for the target; see `origin(near:)`.
  public init(of training: TrainingSet, about origin: [Double]) {
    self.init(of: training, rows: Array(0..<training.x.rows), about: origin)
  }

  /// The moments of some of the rows.
  package init(of training: TrainingSet, rows: [Int], about origin: [Double]) {
    precondition(
      origin.count == training.x.columns + 1, "Gram: an origin of \(origin.count) for \(training.x.columns) features")
    let width = training.x.columns + 2
    let parts = AugmentedRows.parts(of: rows.count, width: width)
    let roots = training.weights?.map { $0.squareRoot() } ?? Array(repeating: 1, count: training.x.rows)
    let sums = Parallel.map(parts.count) { part in
      var sum = OuterProductSum(width: width)
      sum.add(rows[parts[part]], of: training.x, training.y, roots: roots, about: origin)
      return sum.lowerTriangle
    }
    var moments = sums[0]
    for part in sums.dropFirst() { moments.add(part) }
    moments.mirrorLowerTriangle()
    self.origin = origin
    self.moments = moments
  }

  /// Adds the moments of other rows. Traps where the origins differ.
  public mutating func add(_ other: Gram) { combine(other, +) }

  /// Takes the moments of some of the rows out again. Traps where the origins differ.
  public mutating func subtract(_ other: Gram) { combine(other, -) }

  private mutating func combine(_ other: Gram, _ operation: (Double, Double) -> Double) {
    precondition(origin == other.origin, "Gram: moments about different origins")
    moments.withMutableSpan { left in
      other.moments.withSpan { right in
        for index in left.indices { left[index] = operation(left[index], right[index]) }
      }
    }
  }

  /// Σ w.
  public var weight: Double { moments[featureCount + 1, featureCount + 1] }

  /// Weighted means of the features and, last, of the target.
  public var means: [Double] {
    (0...featureCount).map { origin[$0] + moments[featureCount + 1, $0] / weight }
  }

  /// ZᵀZ and Zᵀỹ of the data less their means (less the origin without `centred`), f x f and f.
  ///
  /// A column that does not vary has zeros.
  public func normalEquations(centred: Bool) -> (gram: Matrix<Double>, product: [Double]) {
    let features = featureCount
    let sums = moments.row(features + 1)
    let shift = centred ? sums.map { $0 / weight } : Array(repeating: 0, count: sums.count)
    let varies = (0..<features).map { moments[$0, $0] - sums[sums.startIndex + $0] * shift[$0] > 0 }
    func moment(_ row: Int, _ column: Int) -> Double {
      varies[row] ? moments[row, column] - sums[sums.startIndex + row] * shift[column] : 0
    }
    let gram = Matrix(rows: features, columns: features) { varies[$1] ? moment(max($0, $1), min($0, $1)) : 0 }
    return (gram, (0..<features).map { moment($0, features) })
  }

  /// An origin near the means: the mean of 1,024 rows spread over the set.
  ///
  /// Its distance from the mean is at most √(rows / 1,024) standard deviations for any data, so that centring the moments
  /// afterwards costs at most log₁₀(rows / 1,024) of 15 digits, and none at all for rows in random order. It lies
  /// within the range of the rows, which makes moments of a column of equal numbers exactly zero. All rows are used where
  /// the sampled ones have less than a quarter of their share of the weight.
  public static func origin(near training: TrainingSet) -> [Double] {
    let rows = training.x.rows
    let sampled = min(1_024, rows)
    let (mean, weight) = mean(of: training, rows: sampled)
    let share = training.totalWeight * Double(sampled) / Double(rows)
    return weight >= share / 4 ? mean : self.mean(of: training, rows: rows).mean
  }

  /// Weighted mean of `sampled` evenly spread rows, and the sum of their weights.
  private static func mean(of training: TrainingSet, rows sampled: Int) -> (mean: [Double], weight: Double) {
    let columns = training.x.columns
    var sums = [Double](repeating: 0, count: columns + 1)
    var lowest = [Double](repeating: .infinity, count: columns + 1)
    var highest = [Double](repeating: -.infinity, count: columns + 1)
    var total = 0.0
    for index in 0..<sampled {
      let row = index * training.x.rows / sampled
      let weight = training.weights?[row] ?? 1
      total += weight
      let elements = training.x.row(row)
      for column in 0...columns {
        let element = column < columns ? elements[elements.startIndex + column] : training.y[row]
        sums[column] += weight * element
        lowest[column] = min(lowest[column], element)
        highest[column] = max(highest[column], element)
      }
    }
    return ((0...columns).map { max(lowest[$0], min(highest[$0], sums[$0] / total)) }, total)
  }
}
