/// A length of time as a person writes it: "90s", "10m", "1h30m".
struct TimeSpan: Sendable {
  let seconds: Double

  init(_ seconds: Double) { self.seconds = seconds }

  /// Numbers with units, the larger first: "1h30m", "2.5m". A number alone has no meaning.
  init?(parsing text: String) {
    var rest = text[...]
    var seconds = 0.0
    for (unit, size) in [("h", 3600.0), ("m", 60), ("s", 1)] {
      guard let end = rest.firstIndex(of: Character(unit)) else { continue }
      let digits = rest[..<end]
      guard digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }), let number = Double(digits) else {
        return nil
      }
      seconds += number * size
      rest = rest[rest.index(after: end)...]
    }
    guard rest.isEmpty, seconds > 0, seconds.isFinite else { return nil }
    self.seconds = seconds
  }

  /// "12 s", "4 min", "1 h 20 min", "0.5 s".
  var text: String {
    if seconds < 1 { return seconds < 0.05 ? "0 s" : "\((seconds * 10).rounded() / 10) s" }
    if seconds < 99.5 { return "\(Int(seconds.rounded())) s" }
    let minutes = Int((seconds / 60).rounded())
    guard minutes >= 100 else { return "\(minutes) min" }
    guard minutes < 100 * 60 else { return "\(Int((seconds / 3600).rounded())) h" }
    return minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes / 60) h \(minutes % 60) min"
  }

  /// With as many digits as a forecast deserves.
  var rounded: String {
    guard seconds >= 1 else { return "under 1 s" }
    let unit = seconds < 99.5 ? 1.0 : 60
    let number = seconds / unit
    let step = number < 10 ? 1.0 : number < 30 ? 2 : number < 100 ? 5 : 10
    return TimeSpan((number / step).rounded() * step * unit).text
  }

  /// "about 4 min", "less than a second".
  var about: String { seconds < 1 ? "less than a second" : "about \(rounded)" }
}
