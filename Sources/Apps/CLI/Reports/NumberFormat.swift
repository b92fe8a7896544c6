import Glibc

extension Double {
  /// With `digits` digits after the point; "–" where it is not a number, powers of ten where that would be long.
  func fixed(_ digits: Int) -> String {
    guard isFinite else { return "–" }
    guard magnitude < 1e9 else { return scientific(digits) }
    return formatted("%.\(digits)f")
  }

  /// With about `digits` significant digits.
  func significant(_ digits: Int) -> String {
    guard isFinite else { return "–" }
    guard self != 0 else { return "0" }
    let exponent = Int(log10(magnitude).rounded(.down))
    guard (-4..<9).contains(exponent) else { return scientific(digits - 1) }
    return fixed(max(0, digits - 1 - exponent))
  }

  private func scientific(_ digits: Int) -> String { formatted("%.\(digits)e") }

  private func formatted(_ format: String) -> String {
    var buffer = [CChar](repeating: 0, count: 400)
    _ = unsafe withVaList([self]) { arguments in unsafe vsnprintf(&buffer, buffer.count, format, arguments) }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
