internal import Glibc
internal import Linalg

/// A Gaussian process over the unit cube: what is known of a function from some of its values.
///
/// Kernel Matérn 5/2 with a length for each coordinate, values standardised; lengths and noise have the largest marginal
/// likelihood on a grid, then coordinate by coordinate. Cost O(n³) a trial of these, of which there are about 60.
/// Source: Rasmussen & Williams, "Gaussian processes for machine learning", 2006, algorithm 2.1; kernel after Snoek,
/// Larochelle & Adams, "Practical Bayesian optimization of machine learning algorithms", NeurIPS 2012.
package struct GaussianProcess {
  private let points: [[Double]]
  private let lengths: [Double]
  private let factor: Cholesky<Double>
  /// K⁻¹ y of the standardised values.
  private let weights: [Double]
  private let mean: Double
  private let deviation: Double
  private let noise: Double

  /// - Returns: nil for fewer than two points, and where all values are equal.
  package init?(points: [[Double]], values: [Double]) {
    guard points.count == values.count, points.count >= 2 else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    guard variance > 0, variance.isFinite else { return nil }
    let scaled = values.map { ($0 - mean) / variance.squareRoot() }
    let dimensions = points[0].count
    var best: (lengths: [Double], noise: Double, likelihood: Double)?
    func consider(_ lengths: [Double], _ noise: Double) {
      guard let fit = Self.fit(points, scaled, lengths, noise) else { return }
      if fit.likelihood > best?.likelihood ?? -.infinity { best = (lengths, noise, fit.likelihood) }
    }
    for length in [0.15, 0.3, 0.6, 1.2, 2.4] {
      for noise in [1e-4, 1e-2, 1e-1] { consider(Array(repeating: length, count: dimensions), noise) }
    }
    for _ in 0..<2 {
      for dimension in 0..<dimensions {
        for step in [0.5, 2.0, 4.0] {
          guard var lengths = best?.lengths, let noise = best?.noise else { continue }
          lengths[dimension] = min(max(lengths[dimension] * step, 0.05), 20)
          consider(lengths, noise)
        }
      }
    }
    guard let best, let fit = Self.fit(points, scaled, best.lengths, best.noise) else { return nil }
    self.init(points, best.lengths, best.noise, fit.factor, fit.weights, mean, variance.squareRoot())
  }

  private init(
    _ points: [[Double]], _ lengths: [Double], _ noise: Double, _ factor: Cholesky<Double>, _ weights: [Double],
    _ mean: Double, _ deviation: Double
  ) {
    self.points = points
    self.lengths = lengths
    self.noise = noise
    self.factor = factor
    self.weights = weights
    self.mean = mean
    self.deviation = deviation
  }

  /// The same, told a value at one more point; lengths and noise stay.
  package func adding(_ point: [Double], value: Double) -> GaussianProcess? {
    let all = points + [point]
    // What was standardised is found again from the weights: y = K α.
    let known = factor.reconstruct()
    let before = points.indices.map { row in
      points.indices.reduce(0.0) { $0 + known[max(row, $1), min(row, $1)] * weights[$1] }
    }
    guard let fit = Self.fit(all, before + [(value - mean) / deviation], lengths, noise) else { return nil }
    return GaussianProcess(all, lengths, noise, fit.factor, fit.weights, mean, deviation)
  }

  /// Mean and standard deviation of the function at a point.
  package func predict(_ point: [Double]) -> (mean: Double, deviation: Double) {
    let covariances = points.map { Self.kernel($0, point, lengths) }
    let expected = zip(covariances, weights).reduce(0) { $0 + $1.0 * $1.1 }
    let solved = factor.solve(covariances)
    let variance = max(1 - zip(covariances, solved).reduce(0) { $0 + $1.0 * $1.1 }, 1e-12)
    return (mean + deviation * expected, deviation * variance.squareRoot())
  }

  /// By how much the function is expected to be below `best` at a point.
  package func expectedImprovement(at point: [Double], below best: Double) -> Double {
    let (mean, deviation) = predict(point)
    let distance = (best - mean) / deviation
    let density = exp(-0.5 * distance * distance) / (2 * Double.pi).squareRoot()
    let share = 0.5 * erfc(-distance / 2.0.squareRoot())
    return max(0, (best - mean) * share + deviation * density)
  }

  private static func fit(
    _ points: [[Double]], _ values: [Double], _ lengths: [Double], _ noise: Double
  ) -> (factor: Cholesky<Double>, weights: [Double], likelihood: Double)? {
    let covariance = Matrix<Double>(rows: points.count, columns: points.count) { row, column in
      kernel(points[row], points[column], lengths) + (row == column ? noise : 0)
    }
    guard let factor = try? Cholesky(factoring: covariance) else { return nil }
    let weights = factor.solve(values)
    let fit = zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 }
    let determinant = points.indices.reduce(0.0) { $0 + log(factor.factor[$1, $1]) }
    return (factor, weights, -0.5 * fit - determinant)
  }

  private static func kernel(_ first: [Double], _ second: [Double], _ lengths: [Double]) -> Double {
    var squares = 0.0
    for index in first.indices {
      let step = (first[index] - second[index]) / lengths[index]
      squares += step * step
    }
    let distance = (5 * squares).squareRoot()
    return (1 + distance + distance * distance / 3) * exp(-distance)
  }
}
