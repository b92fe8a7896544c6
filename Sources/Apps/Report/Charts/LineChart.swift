internal import Page

/// Points with a line through them and a band around it: how one number follows another.
internal struct LineChart {
  struct Point {
    let x: Double
    let y: Double
    /// NaN where there is no band.
    let low: Double
    let high: Double
  }

  let name: String
  let title: String
  /// What is to be seen, for who does not see it.
  let description: String
  let points: [Point]
  let x: any ChartScale
  let y: any ChartScale
  let xLabel: String
  let yLabel: String
  var size = (width: 440.0, height: 280.0)
  /// A horizontal line, such as that of no effect.
  var origin: Double?
  /// Whether equal numbers on both axes have a line.
  var hasDiagonal = false

  var html: HTML {
    """
    <svg class="scatter" viewBox="0 0 \(size.width.coordinate) \(size.height.coordinate)" role="img" \
    aria-labelledby="\(name)-title \(name)-text"><title id="\(name)-title">\(title)</title>\
    <desc id="\(name)-text">\(description)</desc>\(grid)\(band)\(line)\(reference)\(marks)\(labels)</svg>
    """
  }

  private var left: Double { 30 + 8.5 * Double(y.ticks.map { y.text(ofTick: $0).count }.max() ?? 3) }
  private var right: Double { 16 }
  private var top: Double { 10 }
  private var bottom: Double { 50 }

  private func across(_ value: Double) -> Double { left + x.position(value) * (size.width - left - right) }
  private func down(_ value: Double) -> Double {
    size.height - bottom - y.position(value) * (size.height - top - bottom)
  }

  private func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ kind: String) -> HTML {
    """
    <line class="\(kind)" x1="\(x1.coordinate)" y1="\(y1.coordinate)" x2="\(x2.coordinate)" y2="\(y2.coordinate)"/>
    """
  }

  private var grid: [HTML] {
    x.ticks.map { line(across($0), top, across($0), size.height - bottom, "grid") }
      + y.ticks.map { line(left, down($0), size.width - right, down($0), "grid") }
  }

  private var reference: [HTML] {
    var lines: [HTML] = []
    if let origin { lines.append(line(left, down(origin), size.width - right, down(origin), "origin")) }
    if hasDiagonal, let first = points.first, let last = points.last {
      lines.append(line(across(first.x), down(first.x), across(last.x), down(last.x), "diagonal"))
    }
    return lines
  }

  private var band: HTML? {
    let known = points.filter { $0.low.isFinite && $0.high.isFinite }
    guard known.count > 1 else { return nil }
    let upper = known.map { "\(across($0.x).coordinate) \(down($0.high).coordinate)" }
    let lower = known.reversed().map { "\(across($0.x).coordinate) \(down($0.low).coordinate)" }
    return "<path class=\"usual\" d=\"M\((upper + lower).joined(separator: "L"))z\"/>"
  }

  private var line: HTML {
    let places = points.map { "\(across($0.x).coordinate) \(down($0.y).coordinate)" }
    return "<path class=\"curve\" d=\"M\(places.joined(separator: "L"))\"/>"
  }

  private var marks: [HTML] {
    points.map { point in
      "<circle class=\"dot\" cx=\"\(across(point.x).coordinate)\" cy=\"\(down(point.y).coordinate)\" r=\"\(points.count > 8 ? 2 : 4)\"/>"
    }
  }

  private var labels: HTML {
    let base = (size.height - bottom + 20).coordinate
    let across = x.ticks.map { tick -> HTML in
      "<text x=\"\(self.across(tick).coordinate)\" y=\"\(base)\" text-anchor=\"middle\">\(x.text(ofTick: tick))</text>"
    }
    let down = y.ticks.map { tick -> HTML in
      "<text x=\"\((left - 8).coordinate)\" y=\"\((self.down(tick) + 4).coordinate)\" text-anchor=\"end\">\(y.text(ofTick: tick))</text>"
    }
    let middle = ((left + size.width - right) / 2).coordinate
    let centre = ((size.height - bottom + top) / 2).coordinate
    return """
      \(across)\(down)<text x="\(middle)" y="\((size.height - 8).coordinate)" text-anchor="middle">\(xLabel)</text>\
      <text transform="translate(13 \(centre)) rotate(-90)" text-anchor="middle">\(yLabel)</text>
      """
  }
}

/// A scale that has marks where it is told to.
internal struct MarkedScale: ChartScale {
  let base: any ChartScale
  let ticks: [Double]
  let text: @Sendable (Double) -> String

  func position(_ value: Double) -> Double { base.position(value) }
  func text(ofTick tick: Double) -> String { text(tick) }
}
