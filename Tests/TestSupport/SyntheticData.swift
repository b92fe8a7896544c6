internal import Glibc
public import Linalg

/// Made data for tests: the same numbers for the same seed, on every machine.
public enum SyntheticData {
  /// Uniform features on [0, 1) and the target of Friedman's first problem on the first five:
  /// 10 sin(π x₀ x₁) + 20 (x₂ - ½)² + 10 x₃ + 5 x₄ + noise. `features` ≥ 5.
  /// Source: Friedman, Annals of Statistics 19(1), 1991.
  public static func friedman(
    rows: Int, features: Int = 10, noise: Double = 1, seed: UInt64 = 0
  ) -> (x: Matrix<Double>, y: [Double]) {
    var random = RandomStream(seed: seed, purpose: RandomPurpose("test.friedman"))
    let x = Matrix<Double>(rows: rows, columns: features) { _, _ in random.uniform() }
    let y = (0..<rows).map { row in
      let r = x.row(row)
      let f = { r[r.startIndex + $0] }
      return 10 * sin(.pi * f(0) * f(1)) + 20 * (f(2) - 0.5) * (f(2) - 0.5) + 10 * f(3) + 5 * f(4)
        + noise * random.normal()
    }
    return (x, y)
  }

  /// A target that is linear in the features, plus noise.
  public static func linear(
    rows: Int, features: Int, noise: Double = 0.1, seed: UInt64 = 0
  ) -> (x: Matrix<Double>, y: [Double], coefficients: [Double]) {
    var random = RandomStream(seed: seed, purpose: RandomPurpose("test.linear"))
    let coefficients = (0..<features).map { _ in random.normal() }
    let x = Matrix<Double>(rows: rows, columns: features) { _, _ in random.normal() }
    let y = x.times(coefficients).map { $0 + 3 + noise * random.normal() }
    return (x, y, coefficients)
  }
}
