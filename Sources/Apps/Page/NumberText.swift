/// Numbers as a person reads them.
extension Double {
  /// A count with commas, rounded to three digits above 1,000: a prediction is not more exact than that.
  package var predictedText: String {
    guard isFinite else { return "–" }
    let value = Swift.max(0, self)
    guard value < 1e15 else { return "\(value)" }
    guard value >= 999.5 else { return value < 9.95 ? value.decimals(1) : value.rounded().groupedText }
    var unit = 1.0
    while value / unit >= 999.5 { unit *= 10 }
    return ((value / unit).rounded() * unit).groupedText
  }

  /// A whole number with commas: "12,345". What is not whole keeps up to three decimals.
  package var groupedText: String {
    guard isFinite else { return "–" }
    guard magnitude < 1e15 else { return "\(self)" }
    let whole = Int(magnitude.rounded(.down))
    let digits = String(whole)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    let fraction = Int(((magnitude - Double(whole)) * 1000).rounded())
    if fraction > 0 && fraction < 1000 {
      let padded = String(1000 + fraction).dropFirst()
      text += "." + String(padded.reversed().drop { $0 == "0" }.reversed())
    }
    return (self < 0 && text != "0" ? "−" : "") + text
  }

  /// With so many digits after the point, at most nine: "0.871".
  package func decimals(_ digits: Int) -> String {
    guard isFinite, magnitude < 1e9 else { return isFinite ? groupedText : "–" }
    var unit = 1
    for _ in 0..<digits { unit *= 10 }
    let scaled = Int((magnitude * Double(unit)).rounded())
    let sign = self < 0 && scaled > 0 ? "−" : ""
    guard digits > 0 else { return sign + String(scaled) }
    return sign + "\(scaled / unit)." + String(String(unit + scaled % unit).dropFirst())
  }

  /// For an axis: 1, 10, 100, 1k, 10k, 100k, 1M.
  internal var axisText: String {
    for (unit, name) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where self >= unit {
      return (self / unit).groupedText + name
    }
    return groupedText
  }

  /// For coordinates: two decimals at most, with a point and a hyphen whatever the reader's language.
  package var coordinate: String {
    let hundredths = Int((magnitude * 100).rounded())
    let sign = self < 0 && hundredths > 0 ? "-" : ""
    guard hundredths % 100 > 0 else { return sign + String(hundredths / 100) }
    let fraction = String(100 + hundredths % 100).dropFirst()
    return sign + "\(hundredths / 100)." + (fraction.hasSuffix("0") ? fraction.dropLast() : fraction)
  }

  /// A share of a width: "43.2%".
  package var percent: String { (Swift.min(1, Swift.max(0, isNaN ? 0 : self)) * 100).coordinate + "%" }

  /// For the value of a field, as a browser reads numbers; empty for what is no number.
  internal var fieldText: String {
    guard isFinite else { return "" }
    if let whole = Int(exactly: self), magnitude < 1e15 { return String(whole) }
    return "\(self)"
  }
}

extension Int {
  package var groupedText: String { Double(self).groupedText }

  /// "1 star", "2 stars".
  package func counted(_ noun: String) -> String { "\(groupedText) \(noun)\(self == 1 ? "" : "s")" }
}

/// How a count compares with what was predicted: "14 % more than predicted", "2.3 times the prediction".
package func comparison(of actual: Double, with predicted: Double) -> String {
  let ratio = (max(0, actual) + 1) / (max(0, predicted) + 1)
  switch ratio {
  case 0.95..<1.05: return "as predicted"
  case 1.05..<2: return "\(((ratio - 1) * 100).decimals(0)) % more than predicted"
  case 2...: return "\(ratio.decimals(ratio < 10 ? 1 : 0)) times the prediction"
  case 0.5..<0.95: return "\(((1 - ratio) * 100).decimals(0)) % fewer than predicted"
  default: return "1/\((1 / ratio).decimals(1 / ratio < 10 ? 1 : 0)) of the prediction"
  }
}
