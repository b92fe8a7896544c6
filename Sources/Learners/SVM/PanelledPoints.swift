internal import CKernels
internal import Linalg

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
