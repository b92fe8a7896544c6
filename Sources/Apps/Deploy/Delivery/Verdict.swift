/// What came of a delivery: a line for each check.
public struct Verdict: Sendable, Hashable {
  public enum Mark: String, Sendable { case good = "ok", bad = "NO", none = "--" }

  public struct Line: Sendable, Hashable {
    public let name: String
    public let mark: Mark
    public let text: String
  }

  public private(set) var lines: [Line] = []
  /// nil where the model is served.
  public private(set) var rejection: (reason: String, advice: String)? = nil

  public var isAccepted: Bool { rejection == nil }

  mutating func add(_ name: String, _ mark: Mark, _ text: String) {
    lines.append(Line(name: name, mark: mark, text: text))
  }

  mutating func reject(_ name: String, _ rejection: Rejection) {
    add(name, .bad, rejection.reason)
    self.rejection = (rejection.reason, rejection.advice)
  }

  public static func == (one: Verdict, other: Verdict) -> Bool {
    one.lines == other.lines && one.isAccepted == other.isAccepted
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(lines) }

  /// For the person who pushes.
  public var text: String {
    let width = lines.map(\.name.count).max() ?? 0
    var text = lines.map { line in
      "  \(line.mark.rawValue)  \(line.name)\(String(repeating: " ", count: width - line.name.count))  \(line.text)"
    }
    if let rejection {
      text.append("REJECTED: \(rejection.reason): \(rejection.advice)")
    } else {
      text.append("PUBLISHED")
    }
    return text.joined(separator: "\n") + "\n"
  }
}
