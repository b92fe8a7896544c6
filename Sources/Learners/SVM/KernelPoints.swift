internal import CKernels
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

/// Points side by side in a panel, the last of which is filled up with zeros.
internal let pointsInPanel = Int(KERNELS_PANEL)

/// `count`, rounded up to whole panels.
internal func wholePanels(_ count: Int) -> Int { (count + pointsInPanel - 1) / pointsInPanel * pointsInPanel }

/// Points as rows, and as the panels that the kernels in C take.
internal struct PanelledPoints<Element: Scalar>: Sendable {
  let rows: Matrix<Element>
  /// features x `pointsInPanel` for each panel.
  let panels: [Element]
  /// One a point, 0 for those that fill up.
  let squaredNorms: [Element]

  init(_ rows: Matrix<Element>, squaredNorms: [Double]) {
    let (count, features) = (rows.rows, rows.columns)
    var panels = [Element](repeating: 0, count: wholePanels(count) * features)
    rows.withSpan { elements in
      for point in 0..<count {
        let (panel, place) = point.quotientAndRemainder(dividingBy: pointsInPanel)
        let start = panel * pointsInPanel * features + place
        for feature in 0..<features {
          panels[start + feature * pointsInPanel] = elements[point * features + feature]
        }
      }
    }
    self.rows = rows
    self.panels = panels
    self.squaredNorms = squaredNorms.map { Element($0) } + Array(repeating: 0, count: wholePanels(count) - count)
  }

  /// Addresses of row `row`, of panel `panel`, and of the squared norms that belong to them.
  func withPointers(
    row: Int, panelsOf other: Self, column: Int,
    _ body: (
      _ row: UnsafePointer<Element>, _ rowNorms: UnsafePointer<Element>, _ panels: UnsafePointer<Element>,
      _ columnNorms: UnsafePointer<Element>
    ) -> Void
  ) {
    let features = rows.columns
    precondition(
      features == other.rows.columns && column % pointsInPanel == 0,
      "PanelledPoints: \(features) and \(other.rows.columns) features from \(column) on")
    rows.withSpan { elements in
      unsafe elements.withUnsafeBufferPointer { elements in
        unsafe squaredNorms.withUnsafeBufferPointer { norms in
          unsafe other.panels.withUnsafeBufferPointer { panels in
            unsafe other.squaredNorms.withUnsafeBufferPointer { otherNorms in
              guard let first = elements.baseAddress, let panel = panels.baseAddress else { return }
              unsafe body(
                first + row * features, norms.baseAddress! + row, panel + column * features,
                otherNorms.baseAddress! + column)
            }
          }
        }
      }
    }
  }
}
