internal import Linalg

/// A kernel with all its numbers known, and the affine map of rows that makes it cheap.
///
/// With z the mapped row: rbf k = exp(-‖z - z'‖²), z = √gamma (x - center); linear k = zᵀz', z = x - center, which
/// leaves the fitted function as it is because the coefficients sum to 0; polynomial k = (zᵀz' + coefficient0)^degree,
/// z = √gamma x. Taking the center off keeps the distances of the rbf kernel from drowning in the norms.
package struct Kernel: Sendable, Equatable {
  package let shape: SVR.KernelShape
  package let gamma: Double
  package let coefficient0: Double
  package let degree: Int
  /// One a feature.
  package let center: [Double]

  package init(shape: SVR.KernelShape, gamma: Double, coefficient0: Double, degree: Int, center: [Double]) {
    self.shape = shape
    self.gamma = gamma
    self.coefficient0 = coefficient0
    self.degree = degree
    self.center = center
  }

  /// The kernel that `parameters` mean for these rows.
  internal init(_ parameters: SVR.Parameters, for x: Matrix<Double>) {
    shape = parameters.kernel
    gamma = shape == .linear ? 0 : parameters.gamma ?? Self.scaleGamma(x)
    coefficient0 = parameters.coefficient0
    degree = parameters.degree
    center = Self.means(x)
  }

  /// 1 / (features · variance of all elements of x), scikit-learn's `scale`; 1 where x is constant.
  private static func scaleGamma(_ x: Matrix<Double>) -> Double {
    x.withSpan { elements in
      // About the first element: equal ones have no variance at all, not even that of roundings.
      let (count, first) = (Double(elements.count), elements[0])
      var mean = 0.0
      for index in elements.indices { mean += (elements[index] - first) / count }
      var variance = 0.0
      for index in elements.indices {
        let deviation = elements[index] - first - mean
        variance += deviation * deviation / count
      }
      return variance > 0 ? min(1 / (Double(x.columns) * variance), .greatestFiniteMagnitude) : 1
    }
  }

  /// Mean of each column.
  private static func means(_ x: Matrix<Double>) -> [Double] {
    var means = [Double](repeating: 0, count: x.columns)
    x.withSpan { elements in
      for row in 0..<x.rows {
        for column in 0..<x.columns { means[column] += elements[row * x.columns + column] / Double(x.rows) }
      }
    }
    return means
  }

  /// Whether all kernel values between these rows, which are no larger than the largest of a row with itself, are safely
  /// within single precision.
  internal func isRepresentable(mapped: Matrix<Double>) -> Bool {
    let largest = 1e30
    guard shape == .linear || (gamma > 0 && gamma.isFinite) else { return false }
    return KernelPoints.squaredNorms(of: mapped).allSatisfy { $0 < largest && diagonal(squaredNorm: $0) < largest }
  }

  /// `rows` mapped, samples x features.
  internal func map(_ rows: Matrix<Double>) -> Matrix<Double> {
    let scale = shape == .linear ? 1 : gamma.squareRoot()
    var mapped = rows
    mapped.withMutableSpan { elements in
      for row in 0..<rows.rows {
        let start = row * rows.columns
        for column in 0..<rows.columns {
          let shift = shape == .polynomial ? 0 : center[column]
          elements[start + column] = (elements[start + column] - shift) * scale
        }
      }
    }
    return mapped
  }

  /// k of a mapped row with itself, from its squared norm.
  internal func diagonal(squaredNorm: Double) -> Double {
    switch shape {
    case .rbf: 1
    case .linear: squaredNorm
    case .polynomial: power(squaredNorm + coefficient0)
    }
  }

  /// x to the `degree`, by repeated squaring.
  @inline(__always)
  internal func power(_ x: Double) -> Double {
    var (result, base, rest) = (1.0, x, degree)
    while rest > 0 {
      if rest & 1 == 1 { result *= base }
      base *= base
      rest >>= 1
    }
    return result
  }
}
