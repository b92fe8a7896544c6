internal import Glibc

/// Predicted against true numbers of the rows left out, both on one scale that the data gives, as hexagons that are darker where
/// there are more.
package struct ScatterChart {
  private let data: OutOfFold
  /// What is predicted, in words.
  private let noun: String
  private let numbers: TargetNumbers
  private let isStars: Bool
  /// Room for the numbers of the axis and what they are of.
  private let left: Double

  /// - Parameters:
  ///   - noun: what is predicted, in words.
  ///   - isStars: stars are drawn from none on.
  package init(_ data: OutOfFold, of noun: String, numbers: TargetNumbers, isStars: Bool) {
    (self.data, self.noun, self.numbers, self.isStars) = (data, noun, numbers, isStars)
    let scale = Self.scale(data, isStars: isStars)
    left = 26 + 10.5 * Double(scale.ticks.map { scale.text(ofTick: $0).count }.max() ?? 3)
  }

  /// In units of the drawing.
  private static let (width, height) = (440.0, 400.0)
  private static let (right, top, bottom) = (10.0, 10.0, 48.0)
  private static let radius = 7.0
  private static let shades = 5

  package var html: HTML {
    """
    <figure>
    <svg class="scatter" viewBox="0 0 \(Self.width.coordinate) \(Self.height.coordinate)" role="img" \
    aria-labelledby="scatter-title scatter-text"><title id="scatter-title">Predicted against true \(noun)</title>\
    <desc id="scatter-text">\(data.count.groupedText) rows left out in cross-validation; \
    \(nearness). The table below has the numbers.</desc>
    \(drawing)</svg>
    <figcaption class="hint">\(data.count.groupedText) rows, each predicted by a model that had not seen it. The \
    darker, the more rows (brighter on dark paper). On the dashed line the prediction is right.</figcaption>
    <details><summary>The same as a table</summary>\(table)</details>
    </figure>
    """
  }

  private var drawing: HTML {
    let (low, high) = Self.ends(data, isStars: isStars)
    let scale = Self.scale(data, isStars: isStars)
    let place = { (predicted: Double, actual: Double) -> (x: Double, y: Double) in
      (x(scale.position(predicted)), y(scale.position(actual)))
    }
    let (start, end) = (place(low, low), place(high, high))
    return """
      \(grid(scale))\(hexagons(zip(data.predicted, data.actual).map(place)))\(labels(scale))
      <line class="diagonal" x1="\(start.x.coordinate)" y1="\(start.y.coordinate)" x2="\(end.x.coordinate)" y2="\(end.y.coordinate)"/>
      """
  }

  private var nearness: String {
    data.isLogarithmic
      ? "most lie near the diagonal, \((data.shareWithin(factor: 2) * 100).decimals(0)) % within a factor of two"
      : "half of them are at most \(numbers.errorText(data.typicalError)) away from the diagonal"
  }

  /// Of both axes. Stars begin at none.
  private static func ends(_ data: OutOfFold, isStars: Bool) -> (low: Double, high: Double) {
    let low = min(data.predicted.min() ?? 0, data.actual.min() ?? 0)
    let high = max(data.predicted.max() ?? 0, data.actual.max() ?? 0)
    guard data.isLogarithmic else { return (low, max(high, low)) }
    return (isStars ? 0 : low * 0.87, high * 1.15)
  }

  private static func scale(_ data: OutOfFold, isStars: Bool) -> any ChartScale {
    let (low, high) = ends(data, isStars: isStars)
    return data.isLogarithmic ? LogScale(from: low, to: high, unit: data.unit) : LinearScale(from: low, to: high)
  }

  private func x(_ position: Double) -> Double { left + position * (Self.width - left - Self.right) }
  private func y(_ position: Double) -> Double {
    Self.height - Self.bottom - position * (Self.height - Self.top - Self.bottom)
  }

  private func grid(_ scale: any ChartScale) -> [HTML] {
    let (top, bottom) = (Self.top.coordinate, (Self.height - Self.bottom).coordinate)
    let (left, right) = (left.coordinate, (Self.width - Self.right).coordinate)
    return scale.ticks.map { tick in
      let (x, y) = (x(scale.position(tick)).coordinate, y(scale.position(tick)).coordinate)
      return """
        <line class="grid" x1="\(x)" x2="\(x)" y1="\(top)" y2="\(bottom)"/>\
        <line class="grid" x1="\(left)" x2="\(right)" y1="\(y)" y2="\(y)"/>
        """
    }
  }

  /// Behind the hexagons in the markup, so that they are in front of them.
  private func labels(_ scale: any ChartScale) -> HTML {
    let (bottom, left) = ((Self.height - Self.bottom + 20).coordinate, (left - 9).coordinate)
    let marks = scale.ticks.map { tick -> HTML in
      let (x, y) = (x(scale.position(tick)), y(scale.position(tick)) + 4)
      return """
        <text x="\(x.coordinate)" y="\(bottom)" text-anchor="middle">\(scale.text(ofTick: tick))</text>\
        <text x="\(left)" y="\(y.coordinate)" text-anchor="end">\(scale.text(ofTick: tick))</text>
        """
    }
    let (middle, centre) = (x(0.5).coordinate, y(0.5).coordinate)
    return """
      \(marks)<text x="\(middle)" y="\((Self.height - 8).coordinate)" text-anchor="middle">predicted \(noun)</text>\
      <text transform="translate(12 \(centre)) rotate(-90)" text-anchor="middle">true \(noun)</text>
      """
  }

  /// One path a shade, so that the markup stays small.
  private func hexagons(_ points: [(x: Double, y: Double)]) -> [HTML] {
    var counts: [Cell: Int] = [:]
    for point in points { counts[Cell(point, radius: Self.radius), default: 0] += 1 }
    let most = Double(counts.values.max() ?? 1)
    var paths = [String](repeating: "", count: Self.shades)
    for (cell, count) in counts.sorted(by: { $0.key < $1.key }) {
      let share = most > 1 ? log(Double(count)) / log(most) : 1
      paths[min(Self.shades - 1, Int(share * Double(Self.shades)))] += cell.path(radius: Self.radius)
    }
    return paths.enumerated().filter { !$1.isEmpty }.map { shade, path in
      "<path class=\"heat-\(shade + 1)\" d=\"\(path)\"/>"
    }
  }

  private func bound(_ value: Double) -> String {
    data.isLogarithmic && value >= 1 ? value.groupedText : numbers.text(value)
  }

  private func closeness(_ decade: OutOfFold.Decade) -> String {
    data.isLogarithmic ? (decade.within2 * 100).decimals(0) + " %" : numbers.errorText(decade.medianError)
  }

  private var table: HTML {
    let rows = data.decades.map { decade -> HTML in
      """
      <tr><th scope="row">\(bound(decade.from)) to \(bound(decade.to))</th><td class="number">\(decade.count.groupedText)</td>\
      <td class="number">\(numbers.exactText(decade.median))</td><td class="number">\(closeness(decade))</td></tr>

      """
    }
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="Predicted against true, as a table"><table>
      <thead><tr><th scope="col">Predicted</th><th scope="col" class="number">Rows</th>\
      <th scope="col" class="number">Median true</th><th scope="col" class="number">\(data.isLogarithmic ? "Within a factor of two" : "Median error")</th></tr></thead>
      <tbody>\(rows)</tbody></table></div>
      """
  }
}

/// A hexagon of the plane that stands on a corner; every other row is half a hexagon further right.
private struct Cell: Hashable, Comparable {
  let column: Int
  let row: Int

  static func < (a: Cell, b: Cell) -> Bool { (a.row, a.column) < (b.row, b.column) }

  /// The hexagon whose centre is nearest: among those of the two rows around the point.
  init(_ point: (x: Double, y: Double), radius: Double) {
    let (width, height) = (radius * 3.0.squareRoot(), radius * 1.5)
    var best = (column: 0, row: 0, distance: Double.infinity)
    let first = Int((point.y / height).rounded(.down))
    for row in [first, first + 1] {
      let shift = row % 2 == 0 ? 0 : width / 2
      let column = Int(((point.x - shift) / width).rounded())
      let (dx, dy) = (point.x - shift - Double(column) * width, point.y - Double(row) * height)
      if dx * dx + dy * dy < best.distance { best = (column, row, dx * dx + dy * dy) }
    }
    (column, row) = (best.column, best.row)
  }

  func path(radius: Double) -> String {
    let (half, width) = (radius * 3.0.squareRoot() / 2, radius * 3.0.squareRoot())
    let x = Double(column) * width + (row % 2 == 0 ? 0 : width / 2)
    let y = Double(row) * radius * 1.5
    let (h, r) = (half.coordinate, (radius / 2).coordinate)
    return
      "M\(x.coordinate) \((y - radius).coordinate)l\(h) \(r)v\(radius.coordinate)l-\(h) \(r)-\(h)-\(r)v-\(radius.coordinate)z"
  }
}
