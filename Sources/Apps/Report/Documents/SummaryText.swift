/// The beginning of a report, for a terminal.
package struct SummaryText {
  private let words: Wording

  package init(_ report: Report) { words = Wording(report) }

  package var text: String {
    Summary(words: words).points.map { "\($0.question) \($0.answer)" }.joined(separator: "\n")
  }
}
