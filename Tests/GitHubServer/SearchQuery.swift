internal import Repositories

/// Why GitHub would answer 422.
struct SearchProblem: Error { let message: String }

/// The part of GitHub's search language that is about repositories; an unknown qualifier is refused, so that a test finds
/// a wrong one.
///
/// `OR` stands between alternatives: what is beside each other belongs together first, as in GitHub's search.
struct SearchQuery {
  private var alternatives: [SearchConditions] = []

  /// Those that any alternative allows, and maybe more.
  var stars: ClosedRange<Int> {
    let low = alternatives.map(\.stars.lowerBound).min() ?? 0
    return low...max(low, alternatives.map(\.stars.upperBound).max() ?? 0)
  }

  init(_ text: String) throws(SearchProblem) {
    guard text.utf8.count <= 256 else { throw SearchProblem(message: "The search is longer than 256 characters.") }
    for part in text.split(separator: " ", omittingEmptySubsequences: true).split(separator: "OR") {
      alternatives.append(try SearchConditions(part))
    }
    guard !alternatives.isEmpty else { throw SearchProblem(message: "Validation Failed: q is missing") }
  }

  func matches(_ repository: MadeRepository) -> Bool { alternatives.contains { $0.matches(repository) } }
}

/// Qualifiers that all have to hold.
struct SearchConditions {
  var stars = 0...Int.max
  var created = Int.min...Int.max
  var pushed = Int.min...Int.max
  var archived: Bool?
  var language: String?

  init(_ words: some Sequence<Substring>) throws(SearchProblem) {
    for word in words {
      let parts = word.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else {
        throw SearchProblem(message: "'\(word)' is not a qualifier that this server knows")
      }
      try read(String(parts[0]), String(parts[1]))
    }
  }

  private mutating func read(_ name: String, _ value: String) throws(SearchProblem) {
    switch (name, value) {
    case ("stars", _): stars = try range(value, all: 0...Int.max) { text in Int(text).map { $0...$0 } }
    case ("created", _): created = try range(value, all: Int.min...Int.max, moments)
    case ("pushed", _): pushed = try range(value, all: Int.min...Int.max, moments)
    case ("archived", "true"), ("archived", "false"): archived = value == "true"
    case ("language", _): language = value.lowercased()
    case ("is", "public"), ("fork", "true"), ("fork", "false"): break
    default: throw SearchProblem(message: "'\(name):\(value)' is not a qualifier that this server knows")
    }
  }

  func matches(_ repository: MadeRepository) -> Bool {
    stars.contains(repository.stars) && created.contains(repository.created)
      && (pushed == Int.min...Int.max || repository.pushed.map(pushed.contains) == true)
      && (archived == nil || archived == repository.archived)
      && (language == nil || language == repository.language?.lowercased())
  }
}

/// The seconds that a date or a moment stands for: a day has 86,400 of them.
private func moments(_ text: String) -> ClosedRange<Int>? {
  if let moment = Timestamp(iso8601: text) {
    return Int(moment.secondsSince1970)...Int(moment.secondsSince1970)
  }
  guard let day = Timestamp(iso8601: text + "T00:00:00Z") else { return nil }
  return Int(day.secondsSince1970)...Int(day.secondsSince1970) + 86_399
}

/// `a..b`, `a..*`, `*..b`, `>=a`, `>a`, `<=a`, `<a` or `a`.
private func range(
  _ text: String, all: ClosedRange<Int>, _ value: (String) -> ClosedRange<Int>?
) throws(SearchProblem) -> ClosedRange<Int> {
  func bound(_ text: some StringProtocol) throws(SearchProblem) -> ClosedRange<Int> {
    if text == "*" { return all }
    guard let range = value(String(text)) else { throw SearchProblem(message: "'\(text)' is not a value") }
    return range
  }
  func ordered(_ low: Int, _ high: Int) -> ClosedRange<Int> { low...max(low, high) }
  if text.hasPrefix(">=") { return ordered(try bound(text.dropFirst(2)).lowerBound, all.upperBound) }
  if text.hasPrefix("<=") { return ordered(all.lowerBound, try bound(text.dropFirst(2)).upperBound) }
  if text.hasPrefix(">") { return ordered(try bound(text.dropFirst()).upperBound + 1, all.upperBound) }
  if text.hasPrefix("<") { return ordered(all.lowerBound, try bound(text.dropFirst()).lowerBound - 1) }
  guard let dots = text.firstRange(of: "..") else { return try bound(text) }
  let (low, high) = (try bound(text[..<dots.lowerBound]).lowerBound, try bound(text[dots.upperBound...]).upperBound)
  guard low <= high else { throw SearchProblem(message: "'\(text)' has no values") }
  return low...high
}
