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
      let count = Double(elements.count)
      var mean = 0.0
      for index in elements.indices { mean += elements[index] / count }
      var variance = 0.0
      for index in elements.indices { variance += (elements[index] - mean) * (elements[index] - mean) / count }
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

/// Mapped rows with their squared norms, in the precision that the kernel needs to be right to about 1e-5.
///
/// ‖z‖² + ‖z'‖² - 2 zᵀz' loses up to about three roundings of the norms, so the rbf kernel is computed in single precision
/// only while no squared norm is over 64; else, and for the other kernels, the products are taken in double precision.
internal struct KernelPoints: Sendable {
  enum Elements: Sendable {
    case single(Matrix<Float>)
    case double(Matrix<Double>)
  }

  let elements: Elements
  let squaredNorms: [Double]

  private static let largestSingleNorm = 64.0
  /// A row that is further away than this has an rbf kernel of 0 with all others; it is moved to a place as far.
  private static let farAway = 1e30

  var count: Int { squaredNorms.count }

  /// Single or double precision, for rows that others are going to be compared with.
  static func needsDouble(_ kernel: Kernel, mapped: Matrix<Double>) -> Bool {
    kernel.shape != .rbf || squaredNorms(of: mapped).contains { !($0 <= largestSingleNorm) }
  }

  init(mapped: Matrix<Double>, double: Bool, kernel: Kernel) {
    var mapped = mapped
    var norms = Self.squaredNorms(of: mapped)
    if kernel.shape == .rbf {
      for row in 0..<mapped.rows where !(norms[row] < Self.farAway) {
        norms[row] = Self.farAway
        for column in 0..<mapped.columns { mapped[row, column] = 0 }
      }
    }
    squaredNorms = norms
    elements = double ? .double(mapped) : .single(mapped.converted(to: Float.self))
  }

  private init(elements: Elements, squaredNorms: [Double]) {
    self.elements = elements
    self.squaredNorms = squaredNorms
  }

  /// These points, and the last one again until their number is a multiple of `size`.
  func padded(toMultipleOf size: Int) -> KernelPoints {
    let missing = (size - count % size) % size
    return missing == 0 ? self : gathering(Array(0..<count) + Array(repeating: count - 1, count: missing))
  }

  func gathering(_ indices: [Int]) -> KernelPoints {
    let norms = indices.map { squaredNorms[$0] }
    switch elements {
    case .single(let rows): return .init(elements: .single(rows.gathering(rows: indices)), squaredNorms: norms)
    case .double(let rows): return .init(elements: .double(rows.gathering(rows: indices)), squaredNorms: norms)
    }
  }

  /// Squared norms; infinite where they overflow.
  static func squaredNorms(of rows: Matrix<Double>) -> [Double] {
    rows.withSpan { elements in
      (0..<rows.rows).map { row in
        var sum = 0.0
        for index in row * rows.columns..<(row + 1) * rows.columns { sum += elements[index] * elements[index] }
        return sum
      }
    }
  }
}
