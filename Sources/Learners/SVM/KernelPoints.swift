internal import Linalg

/// Mapped rows with their squared norms, in the precision that the kernel needs to be right to about 1e-5.
///
/// ‖z‖² + ‖z'‖² - 2 zᵀz' loses up to about three roundings of the norms, so the rbf kernel is computed in single precision
/// only while no squared norm is over 64; else, and for the other kernels, the products are taken in double precision.
internal struct KernelPoints: Sendable {
  enum Elements: Sendable {
    case single(PanelledPoints<Float>)
    case double(PanelledPoints<Double>)
  }

  let elements: Elements
  let squaredNorms: [Double]

  private static let largestSingleNorm = 64.0
  /// A row that is further away than this has an rbf kernel of 0 with all others; it is moved to a place as far.
  private static let farAway = 1e30

  var count: Int { squaredNorms.count }

  var features: Int {
    switch elements {
    case .single(let points): points.rows.columns
    case .double(let points): points.rows.columns
    }
  }

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
    elements =
      double
      ? .double(PanelledPoints(mapped, squaredNorms: norms))
      : .single(PanelledPoints(mapped.converted(to: Float.self), squaredNorms: norms))
  }

  private init(elements: Elements, squaredNorms: [Double]) {
    self.elements = elements
    self.squaredNorms = squaredNorms
  }

  func gathering(_ indices: [Int]) -> KernelPoints {
    let norms = indices.map { squaredNorms[$0] }
    let elements: Elements =
      switch elements {
      case .single(let points): .single(PanelledPoints(points.rows.gathering(rows: indices), squaredNorms: norms))
      case .double(let points): .double(PanelledPoints(points.rows.gathering(rows: indices), squaredNorms: norms))
      }
    return KernelPoints(elements: elements, squaredNorms: norms)
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
