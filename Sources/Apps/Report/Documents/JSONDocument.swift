internal import FoundationEssentials

/// A report as one JSON object with sorted keys.
package struct JSONDocument {
  private let report: Report

  package init(_ report: Report) { self.report = report }

  package var text: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    guard let bytes = try? encoder.encode(report) else { preconditionFailure("a report has no JSON form") }
    return String(decoding: bytes, as: UTF8.self) + "\n"
  }
}
