internal import Glibc

/// How numbers of a target are written: by what they are, by their range, and no more exact than a prediction can be.
public struct TargetNumbers: Sendable, Hashable {
  package enum Form: Sendable, Hashable {
    /// Counts over several powers of ten: three digits, below ten a decimal.
    case count
    /// Numbers over several powers of ten: so many digits that say something.
    case digits(Int)
    /// All to the same place: multiples of this power of ten.
    case place(Int)
  }

  package let form: Form

  package init(_ form: Form) { self.form = form }

  /// - Parameters:
  ///   - values: true numbers, or predictions where those are not known.
  ///   - areTrue: whether they are true numbers.
  ///   - isLogarithmic: what a factor off is as bad for small numbers as for large ones.
  ///   - typicalError: of predictions; nil where it is not known.
  public init(_ values: [Double], areTrue: Bool, isLogarithmic: Bool, typicalError: Double?) {
    let known = values.filter(\.isFinite)
    guard let lowest = known.min(), let highest = known.max(), highest > lowest else {
      form = .digits(4)
      return
    }
    if isLogarithmic && lowest >= 0 {
      let areCounts = areTrue && known.allSatisfy { $0 == $0.rounded() }
      form = areCounts ? .count : .digits(3)
      return
    }
    var place = log10((highest - lowest) / 1_000).rounded(.down)
    if let typicalError, typicalError > 0 { place = max(place, log10(typicalError / 10).rounded(.down)) }
    form = .place(Int(min(15, max(-300, place))))
  }

  /// A prediction.
  package func text(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    switch form {
    case .count: return value.predictedText
    case .digits(let count): return Self.text(value, digits: count)
    case .place(let place): return Self.text(value, place: place)
    }
  }

  /// How far off something is: two digits, whatever the range is.
  package func errorText(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    return form == .count ? value.predictedText : Self.text(value, digits: 2)
  }

  /// A number that is known: as it is, where that is not long.
  package func exactText(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    if value == value.rounded(), value.magnitude < 1e15 {
      return Self.text(value, place: 0, groupsFrom: form == .count ? 1_000 : 10_000)
    }
    let plain = "\(value.magnitude)"
    guard plain.count > 9 || plain.contains("e") else {
      let parts = plain.split(separator: ".")
      let whole = Double(parts[0]).map { Self.grouped(Int($0), from: 10_000) } ?? ""
      return (value < 0 ? "−" : "") + whole + (parts.count > 1 ? "." + parts[1] : "")
    }
    switch form {
    case .count: return value.groupedText
    case .digits(let count): return Self.text(value, digits: count + 2)
    case .place(let place): return Self.text(value, place: place - 1)
    }
  }

  /// For the script, which writes numbers the same way: "count", "digits 3", "place -2".
  internal var name: String {
    switch form {
    case .count: "count"
    case .digits(let count): "digits \(count)"
    case .place(let place): "place \(place)"
    }
  }

  // MARK: Parts

  private static func text(_ value: Double, digits: Int) -> String {
    guard value != 0 else { return "0" }
    let exponent = Int(log10(value.magnitude).rounded(.down))
    guard (-6..<15).contains(exponent) else { return scientific(value, digits) }
    return text(value, place: exponent - digits + 1)
  }

  /// Rounded to a multiple of a power of ten. Years are read without commas, so they begin at five digits.
  package static func text(_ value: Double, place: Int, groupsFrom: Double = 10_000) -> String {
    guard value.magnitude < 1e15, place >= -9 else {
      let exponent = value == 0 ? place : Int(log10(value.magnitude).rounded(.down))
      return scientific(value, value.magnitude < 1e15 ? max(1, exponent - place + 1) : 4)
    }
    let sign = value < 0 ? "−" : ""
    guard place < 0 else {
      let unit = pow(10, Double(place))
      let whole = (value.magnitude / unit).rounded() * unit
      return (whole == 0 ? "" : sign) + grouped(Int(whole), from: groupsFrom)
    }
    let unit = pow(10, Double(-place))
    let scaled = (value.magnitude * unit).rounded()
    guard scaled < 9e15 else { return text(value, place: place + 1, groupsFrom: groupsFrom) }
    let (whole, rest) = Int(scaled).quotientAndRemainder(dividingBy: Int(unit))
    let digits = String(String(Int(unit) + rest).dropFirst())
    return (scaled == 0 ? "" : sign) + grouped(whole, from: groupsFrom) + "." + digits
  }

  private static func grouped(_ whole: Int, from least: Double) -> String {
    Double(whole) >= least ? Double(whole).groupedText : String(whole)
  }

  /// 3.6e-07 and the like.
  private static func scientific(_ value: Double, _ digits: Int) -> String {
    guard value != 0 else { return "0" }
    let exponent = Int(log10(value.magnitude).rounded(.down))
    let mantissa = value.magnitude / pow(10, Double(exponent))
    guard mantissa.isFinite else { return "\(value)" }
    return (value < 0 ? "−" : "") + mantissa.decimals(max(0, digits - 1)) + "e\(exponent)"
  }
}
