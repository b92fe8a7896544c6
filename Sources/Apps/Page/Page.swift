/// The page and what belongs to it. Nothing comes from another host, and no element has a style or script of its own, so
/// that the strictest policy can be set.
public enum Page {
  /// The whole document, UTF-8.
  public static func document(_ content: PageContent) -> String {
    "<!doctype html>\n" + Frame(content: content).html.markup
  }

  /// Served as /page.css.
  public static let style = styleSheet
  /// Served as /page.js.
  public static let script = pageScript
  /// Served as /icon.svg.
  public static let icon = iconDocument.markup

  /// Changes when style or script do: browsers may keep them for as long as it does not.
  public static let assetVersion = fingerprint(style + script + icon)
}

/// FNV-1a, 64 bits: no secret, only the same for the same text.
private func fingerprint(_ text: String) -> String {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
  return String(hash, radix: 36)
}
