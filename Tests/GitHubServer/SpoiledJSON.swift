/// Puts something else in the place of one value of a JSON document that the server wrote.
struct SpoiledJSON {
  /// Names that occur in an answer to a search, a repository or GraphQL.
  static let fields = [
    "total_count", "incomplete_results", "items", "id", "node_id", "name", "full_name", "owner", "login", "type",
    "description", "created_at", "updated_at", "pushed_at", "homepage", "size", "stargazers_count", "language",
    "forks_count", "open_issues_count", "license", "spdx_id", "topics", "default_branch", "archived", "has_wiki",
    "data", "totalCount", "rateLimit", "remaining", "resetAt", "cost", "message", "resources",
  ]

  /// The document with the first value of that name replaced, or nil without one.
  static func replacing(_ field: String, in document: [UInt8], by value: (UInt8) -> [UInt8]) -> [UInt8]? {
    let name = Array("\"\(field)\":".utf8)
    guard let start = document.firstRange(of: name)?.upperBound, start < document.count else { return nil }
    return document[..<start] + value(document[start]) + document[endOfValue(document, from: start)...]
  }

  /// Another type than that of the value that begins with this byte.
  static func wrongType(_ first: UInt8, _ choice: Int) -> [UInt8] {
    let others: [(UInt8, String)] = [
      (UInt8(ascii: "\""), "\"text\""), (UInt8(ascii: "{"), "{\"a\":1}"), (UInt8(ascii: "["), "[[1],\"a\"]"),
      (UInt8(ascii: "t"), "true"), (UInt8(ascii: "1"), "-7.5"),
    ]
    let isNumber = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
    let isBool = first == UInt8(ascii: "f")
    let kind = isNumber ? UInt8(ascii: "1") : isBool ? UInt8(ascii: "t") : first
    let possible = others.filter { $0.0 != kind }
    return Array(possible[choice % possible.count].1.utf8)
  }

  private static func endOfValue(_ document: [UInt8], from start: Int) -> Int {
    var (depth, isInString, index) = (0, false, start)
    while index < document.count {
      let byte = document[index]
      if isInString {
        if byte == UInt8(ascii: "\\") { index += 1 }
        if byte == UInt8(ascii: "\"") { isInString = false }
      } else {
        switch byte {
        case UInt8(ascii: "\""): isInString = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
          if depth == 0 { return index }
          depth -= 1
        case UInt8(ascii: ","): if depth == 0 { return index }
        default: break
        }
      }
      index += 1
    }
    return index
  }
}
