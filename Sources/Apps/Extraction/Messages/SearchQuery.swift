internal import Repositories

/// A search of GitHub's with its ranges of stars and creation times apart, so that they can be narrowed.
public struct SearchQuery: Sendable, Equatable {
  /// What the person asked for besides the two ranges; with `is:public`, unless the query says what is to be seen.
  public let rest: String
  /// All that was asked for.
  public let whole: Slice

  /// Reads `stars:` and `created:` in the forms that GitHub documents: `N`, `>N`, `>=N`, `<N`, `<=N`, `A..B`, `A..*`, `*..B`.
  /// - Throws: `ExtractionError` for a range that is none, a negated range, and a query that is too long for GitHub.
  public init(_ text: String) throws(ExtractionError) {
    var rest: [Substring] = []
    var whole = Slice()
    for word in words(of: text) {
      let name = word.prefix { $0 != ":" }.lowercased()
      // A word that only looks like a qualifier is something to search for.
      switch word.contains(":") ? name : "" {
      case "stars": whole.stars = try whole.stars.intersection(starRange(word))
      case "created": whole.created = try whole.created.intersection(timeRange(word))
      case "-stars", "-created", "sort": throw SearchQuery.refusal(word, "cannot be part of --query")
      default: rest.append(word)
      }
    }
    if !rest.contains(where: { $0.lowercased() == "is:public" || $0.lowercased() == "is:private" }) {
      rest.append("is:public")
    }
    let isRanged = whole != Slice()
    if isRanged, let word = rest.first(where: { ["AND", "OR", "NOT"].contains($0) }) {
      throw SearchQuery.refusal(word, "cannot be part of --query beside a range of stars or times, which is moved")
    }
    guard text.count(where: { $0 == "\"" }).isMultiple(of: 2) else {
      throw SearchQuery.refusal(text.prefix(40), "has an open quote")
    }
    guard !whole.isEmpty else { throw SearchQuery.refusal(text[...], "no repository can match") }
    self.rest = rest.joined(separator: " ")
    self.whole = whole
    guard self.rest.utf8.count <= 256 else {
      throw SearchQuery.refusal(text.prefix(40), "is longer than the 256 characters that GitHub takes")
    }
  }

  /// Whether the query has words that may bind a range to a part of it only.
  internal var hasOperators: Bool { rest.split(separator: " ").contains { ["AND", "OR", "NOT"].contains($0) } }

  /// What GitHub is asked for a slice.
  public func text(for slice: Slice) -> String { rest + slice.qualifiers }

  fileprivate static func refusal(_ word: Substring, _ why: String) -> ExtractionError {
    ExtractionError(.usage, "--query: “\(word)” \(why)", advice: "write it as in 'stars:>=50 language:swift'")
  }
}

/// Words of a query; a quoted part is one word with what it touches.
private func words(of text: String) -> [Substring] {
  var isQuoted = false
  return text.split { character in
    if character == "\"" { isQuoted.toggle() }
    return !isQuoted && character.isWhitespace
  }
}

private func starRange(_ word: Substring) throws(ExtractionError) -> StarRange {
  let parsed = bounds(value(of: word)) { text in
    Int(text).flatMap { (0...1_000_000_000).contains($0) ? ($0, $0) : nil }
  }
  guard let parsed else { throw SearchQuery.refusal(word, "is no range of stars") }
  return StarRange(from: parsed.from ?? 0, to: parsed.to)
}

private func timeRange(_ word: Substring) throws(ExtractionError) -> TimeRange {
  let parsed = bounds(value(of: word), of: moments)
  guard let parsed else { throw SearchQuery.refusal(word, "is no range of times") }
  return TimeRange(from: parsed.from, to: parsed.to)
}

/// The first and the last second of a day, or twice a moment.
private func moments(_ text: Substring) -> (Int, Int)? {
  if let day = Timestamp(iso8601: text + "T00:00:00Z") {
    let start = Int(day.secondsSince1970)
    return (start, start + 86_399)
  }
  return Timestamp(iso8601: text).map { (Int($0.secondsSince1970), Int($0.secondsSince1970)) }
}

private func value(of word: Substring) -> Substring {
  word.firstIndex(of: ":").map { word[word.index(after: $0)...] } ?? ""
}

/// - Parameter read: the first and the last value that a text stands for.
private func bounds(_ text: Substring, of read: (Substring) -> (Int, Int)?) -> (from: Int?, to: Int?)? {
  if let dots = text.firstRange(of: "..") {
    let (low, high) = (text[..<dots.lowerBound], text[dots.upperBound...])
    let from = low == "*" ? nil : read(low)
    let to = high == "*" ? nil : read(high)
    guard (low == "*" || from != nil) && (high == "*" || to != nil) else { return nil }
    return (from?.0, to?.1)
  }
  if text.hasPrefix(">=") { return read(text.dropFirst(2)).map { ($0.0, nil) } }
  if text.hasPrefix("<=") { return read(text.dropFirst(2)).map { (nil, $0.1) } }
  if text.hasPrefix(">") { return read(text.dropFirst()).map { ($0.1 + 1, nil) } }
  if text.hasPrefix("<") { return read(text.dropFirst()).map { (nil, $0.0 - 1) } }
  return read(text).map { ($0.0, $0.1) }
}
