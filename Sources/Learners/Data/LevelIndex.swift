/// Finds the level of a feature that a text of a table stands for.
///
/// A text is the level that is spelt as it is. One that is spelt like none is the level that is plainly the same: without
/// the white space around it, as a decimal number (`1.0` and `1`), or as a flag in another case (`True` and `true`). Where
/// two levels would be the same so, spelling matters, and texts are taken as they stand.
package struct LevelIndex: Sendable {
  package enum Match: Sendable, Equatable {
    case same(Int)
    /// Spelt otherwise.
    case alike(Int)
    case unknown
  }

  private let exact: [String: Int]
  private let alike: [String: Int]

  /// Levels must differ.
  package init(_ levels: [String]) {
    exact = Dictionary(uniqueKeysWithValues: levels.enumerated().map { ($1, $0) })
    let keys = levels.map(Self.key)
    let counts = Dictionary(keys.map { ($0, 1) }, uniquingKeysWith: +)
    // Of numbers that are spelt in two ways, as versions are (1.1 and 1.10), none may be taken for another.
    let spellsNumbers = keys.contains { counts[$0]! > 1 && $0.first == "#" }
    var alike: [String: Int] = [:]
    for (index, key) in keys.enumerated() where counts[key] == 1 && !(spellsNumbers && key.first == "#") {
      alike[key] = index
    }
    self.alike = alike
  }

  /// What each text stands for. The index is made only where a text is no level: most tables have none such.
  internal static func matches(of texts: [String], in levels: [String]) -> [Match] {
    let place = Dictionary(uniqueKeysWithValues: levels.enumerated().map { ($1, $0) })
    let places = texts.map { place[$0] }
    guard places.contains(nil) else { return places.map { .same($0!) } }
    let index = LevelIndex(levels)
    return texts.map(index.match)
  }

  package func match(_ text: String) -> Match {
    if let index = exact[text] { return .same(index) }
    return alike[Self.key(text)].map { .alike($0) } ?? .unknown
  }

  /// The same for texts that are plainly the same; numbers begin with a mark that tells them from other texts.
  private static func key(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
      let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
    else { return " " }
    let trimmed = String(scalars[first...last])
    if let number = plainNumber(trimmed) { return "#" + number }
    let word = trimmed.lowercased()
    return " " + (["true", "false", "yes", "no", "on", "off"].contains(word) ? word : trimmed)
  }

  /// The shortest spelling of a decimal number without an exponent; nil for anything else.
  private static func plainNumber(_ text: String) -> String? {
    var digits = text.utf8[...]
    let isNegative = digits.first == UInt8(ascii: "-")
    if isNegative || digits.first == UInt8(ascii: "+") { digits = digits.dropFirst() }
    let parts = digits.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, !whole.isEmpty, parts.allSatisfy({ $0.allSatisfy { 48...57 ~= $0 } }) else {
      return nil
    }
    let integer = Substring(whole).drop { $0 == "0" }
    var fraction = parts.count > 1 ? Substring(parts[1]) : ""
    while fraction.last == "0" { fraction.removeLast() }
    let number = (integer.isEmpty ? "0" : integer) + (fraction.isEmpty ? "" : "." + fraction)
    return isNegative && number != "0" ? "-" + number : String(number)
  }
}

/// Texts of a column that are none of the levels that a model knows.
public struct StrangeLevels: Sendable, Equatable {
  public let feature: String
  /// Each with the number of its rows, the most frequent first.
  public let unknown: [(text: String, rows: Int)]
  /// Spelt otherwise than the level that they are taken for.
  public let alike: [(text: String, level: String, rows: Int)]
  public let rowCount: Int

  public static func == (a: StrangeLevels, b: StrangeLevels) -> Bool {
    a.notes == b.notes
  }

  /// nil where the model knows all.
  internal init?(
    _ feature: Feature, texts: [(text: String, match: LevelIndex.Match, rows: Int)], rowCount: Int
  ) {
    let levels = feature.levels ?? []
    let present = texts.filter { $0.rows > 0 }.sorted { (-$0.rows, $0.text) < (-$1.rows, $1.text) }
    self.feature = feature.name
    self.rowCount = rowCount
    unknown = present.compactMap { $0.match == .unknown ? ($0.text, $0.rows) : nil }
    alike = present.compactMap { text, match, rows in
      if case .alike(let index) = match { return (text, levels[index], rows) }
      return nil
    }
    guard !unknown.isEmpty || !alike.isEmpty else { return nil }
  }

  private static let shown = 3

  /// For people: how many rows, and the texts with the most of them.
  public var notes: [String] {
    var notes: [String] = []
    if !unknown.isEmpty {
      let rows = unknown.reduce(0) { $0 + $1.rows }
      let examples = unknown.prefix(Self.shown).map { "\(quoted($0.text)) in \($0.rows)" }
      let texts = unknown.count == 1 ? "a text" : "\(unknown.count) texts"
      notes.append(
        "column \(shortened(feature)): \(rows) of \(rowCount) rows hold \(texts) that the model was not fitted with: "
          + listed(examples, of: unknown.count) + "; they count as unknown")
    }
    if !alike.isEmpty {
      let rows = alike.reduce(0) { $0 + $1.rows }
      let examples = alike.prefix(Self.shown).map { "\(quoted($0.text)) as \(quoted($0.level))" }
      notes.append(
        "column \(shortened(feature)): \(rows) of \(rowCount) rows are spelt otherwise than when the model was fitted: "
          + "read " + listed(examples, of: alike.count))
    }
    return notes
  }

  private func listed(_ examples: [String], of count: Int) -> String {
    examples.joined(separator: ", ") + (count > examples.count ? " and \(count - examples.count) more" : "")
  }
}
