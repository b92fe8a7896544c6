/// Figures with the ranges that they may be in, a line of a table each, all on one scale.
package struct WhiskerScale {
  private let low: Double
  private let high: Double
  /// What is said at both ends.
  private let texts: (low: String, high: String)

  /// - Parameter texts: what is said at both ends; nil for their numbers with two digits after the point.
  package init(from low: Double, to high: Double, texts: (low: String, high: String)? = nil) {
    (self.low, self.high) = (low, high)
    self.texts = texts ?? (low.decimals(2), high.decimals(2))
  }

  /// Round numbers around all of these.
  package init(around values: [Double]) {
    let known = values.filter(\.isFinite)
    let (lowest, highest) = (known.min() ?? 0, known.max() ?? 1)
    let spread = max(highest - lowest, highest.magnitude * 1e-6, 1e-12)
    var step = 1.0
    while step > spread / 2 { step /= 10 }
    while step * 10 <= spread / 2 { step *= 10 }
    if spread / step > 10 { step *= 5 } else if spread / step > 4 { step *= 2 }
    let low = (lowest / step).rounded(.down) * step
    let high = max((highest / step).rounded(.up) * step, low + step)
    let digits = Self.digits(of: step)
    self.init(from: low, to: high, texts: (low.decimals(digits), high.decimals(digits)))
  }

  private static func digits(of step: Double) -> Int {
    var (digits, unit) = (0, 1.0)
    while step * unit < 0.999, digits < 9 { (digits, unit) = (digits + 1, unit * 10) }
    return digits
  }

  private func position(_ value: Double) -> Double { (value - low) / (high - low) }

  /// The ends of the scale, for the head of the column.
  package var axis: HTML {
    let labels = [("0%", texts.low, "start"), ("100%", texts.high, "end")].map { x, text, anchor -> HTML in
      "<text x=\"\(x)\" y=\"15\" text-anchor=\"\(anchor)\">\(text)</text>"
    }
    return "<svg class=\"row\" focusable=\"false\">\(labels)</svg>"
  }

  /// - Parameters:
  ///   - value: what is below the scale has no mark.
  ///   - low: of the range that it may be in, as `high`; NaN where that is not known.
  ///   - origin: a value with a line of its own, such as 0.
  package func mark(_ value: Double, from low: Double, to high: Double, origin: Double? = nil) -> HTML {
    let lines = [self.low, (self.low + self.high) / 2, self.high].map { line($0, "grid") }
    let zero = origin.flatMap { $0 >= self.low && $0 <= self.high ? line($0, "origin") : nil }
    guard value.isFinite, value >= self.low else {
      return "<svg class=\"row\" focusable=\"false\">\(lines)\(zero)</svg>"
    }
    return """
      <svg class="row" focusable="false">\(lines)\(zero)\(whisker(low, high))\
      <circle class="dot" cx="\(position(value).percent)" cy="10" r="4"/></svg>
      """
  }

  private func whisker(_ low: Double, _ high: Double) -> HTML? {
    guard low.isFinite && high.isFinite else { return nil }
    let (start, end) = (position(low).percent, position(high).percent)
    return """
      <line class="whisker" x1="\(start)" x2="\(end)" y1="10" y2="10"/>\
      <line class="whisker" x1="\(start)" x2="\(start)" y1="6" y2="14"/><line class="whisker" x1="\(end)" x2="\(end)" y1="6" y2="14"/>
      """
  }

  private func line(_ value: Double, _ name: String) -> HTML {
    let x = position(value).percent
    return "<line class=\"\(name)\" x1=\"\(x)\" x2=\"\(x)\" y1=\"-8\" y2=\"28\"/>"
  }
}
