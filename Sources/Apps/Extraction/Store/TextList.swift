internal import FoundationEssentials
internal import Learners

/// Lists of texts, in the store as JSON.
package enum TextList {
  package static func json(_ texts: [String]) -> String {
    "[" + texts.map(JSONText.quoted).joined(separator: ",") + "]"
  }

  package static func texts(_ json: String) throws -> [String] {
    if json == "[]" { return [] }
    return try InputFile(name: "store", bytes: Array(json.utf8)).texts()
  }
}

extension InputFile {
  fileprivate func texts() throws(DataError) -> [String] {
    do { return try JSONDecoder().decode([String].self, from: Data(bytes)) } catch {
      throw DataError(.invalid, "a list in the store is damaged", advice: "restore a copy, or extract again")
    }
  }
}

/// Parts of JSON texts.
internal enum JSONText {
  internal static func quoted(_ text: String) -> String {
    var json = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": json += "\\\""
      case "\\": json += "\\\\"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: json.unicodeScalars.append(scalar)
      }
    }
    return json + "\""
  }

  /// As an integer where it is one.
  internal static func number(_ value: Double) -> String { Int64(exactly: value).map(String.init) ?? "\(value)" }
}
