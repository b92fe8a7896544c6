/// What a hyper-parameter can be that is written as a list in one text, such as "age:-1,size:+1".
public protocol ListParameter: Sendable, Hashable {
  /// Nil where the text is no such list.
  init?(parsing text: String)
  /// The text that `init(parsing:)` makes the same list of.
  var text: String { get }
  /// What the text has to look like, for people.
  static var form: String { get }
}

extension Parameter {
  /// A list that may be left out ("none").
  public static func list<List: ListParameter>(
    _ name: String, _ path: any WritableKeyPath<Root, List?> & Sendable, _ summary: String
  ) -> Parameter {
    var parameter = Parameter(
      name: name, summary: summary, domain: "\(List.form), or none",
      value: { .text($0[keyPath: path]?.text ?? "none") },
      assign: { root, value in
        // A list of one number looks like a number.
        let text = value.description
        if text == "none" { root[keyPath: path] = nil; return nil }
        guard let list = List(parsing: text) else { return .wrongType }
        root[keyPath: path] = list
        return nil
      })
    parameter.takesList = true
    return parameter
  }
}

/// Names of columns in a list, in quotes where they hold what separates them: "a name:+1,\"b,c\":-1".
internal enum NameList {
  /// The parts between separators that are not in quotes; nil where a quote is not closed.
  static func split(_ text: some StringProtocol, at separator: Character) -> [String]? {
    var parts = [""]
    var isQuoted = false
    for character in text {
      if character == "\"" { isQuoted.toggle() }
      if character == separator && !isQuoted { parts.append("") } else { parts[parts.count - 1].append(character) }
    }
    return isQuoted ? nil : parts
  }

  /// A name without its quotes; nil where it is empty or has quotes in the middle.
  static func name(_ text: some StringProtocol) -> String? {
    guard text.first == "\"" else { return text.isEmpty || text.contains("\"") ? nil : String(text) }
    guard text.count > 2, text.last == "\"" else { return nil }
    var name = ""
    var isOpen = false
    // Two quotes are one; one alone ends the name too early.
    for character in text.dropFirst().dropLast() {
      if character == "\"" {
        isOpen.toggle()
        if isOpen { continue }
      } else if isOpen {
        return nil
      }
      name.append(character)
    }
    return isOpen ? nil : name
  }

  /// The name in quotes where it needs them.
  static func quoted(_ name: String) -> String {
    let isPlain = name != "none" && !name.contains { ",:/\"".contains($0) }
    return isPlain ? name : "\"" + name.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
  }
}
