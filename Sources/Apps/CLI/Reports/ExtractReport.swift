import Extraction

extension CompletenessReport {
  /// More lines than this are no help to a person: the store has them all.
  private static let mostLines = 40

  /// The report as a table and a summary.
  func text(store: String, width: Int) -> String {
    let shown = slices.count <= Self.mostLines ? slices : slices.filter { $0.missed > 0 }
    var lines = shown.isEmpty ? [] : table(shown).lines(width: width) + [""]
    if shown.count < slices.count {
      lines.append(
        "\(slices.count - shown.count) slices without a fault are not shown: see the table slices in \(store)")
    }
    lines += shown.compactMap { slice in slice.reason.map { "\(printable(slice.query)): \(printable($0))" } }
    lines.append("asked \(asked), returned \(returned), duplicate \(duplicates), missed \(missed)")
    if let details {
      lines.append("details of \(details.done), gone since \(details.gone), missed \(details.missed)")
    }
    lines += detailsReasons.map { "no details of \($0.count): \(printable($0.reason))" }
    let costs = "\(requests) requests" + (unchanged > 0 ? ", \(unchanged) of them saved by “304 not modified”" : "")
    lines.append(costs + (points > 0 ? ", \(points) points of GraphQL" : ""))
    let all = matching.map { " of \($0) that match" } ?? ""
    lines.append("\(store): snapshot of \(snapshot) with \(found) repositories\(all)")
    return lines.joined(separator: "\n")
  }

  private func table(_ slices: [SliceReport]) -> TextTable {
    TextTable(columns: [
      .init(title: "slice", cells: slices.map { printable($0.query) }, isRightAligned: false),
      .init(title: "asked", cells: slices.map { String($0.asked) }),
      .init(title: "returned", cells: slices.map { String($0.returned) }, sacrifice: 2),
      .init(title: "duplicate", cells: slices.map { String($0.duplicates) }, sacrifice: 3),
      .init(title: "missed", cells: slices.map { String($0.missed) }),
    ])
  }
}

extension Plan {
  func text(width: Int) -> String {
    let table = TextTable(columns: [
      .init(title: "slice", cells: entries.map { printable($0.query) }, isRightAligned: false),
      .init(title: "repositories", cells: entries.map { String($0.repositories) }),
      .init(title: "requests", cells: entries.map { ($0.isEstimate ? "about " : "") + String($0.requests) }),
    ])
    let about = entries.contains(where: \.isEstimate) ? "about " : ""
    var lines = table.lines(width: width) + [""]
    lines.append("\(repositories) repositories of \(matching) that match")
    lines.append(
      "\(about)\(searchRequests) search requests" + (detailsRequests > 0 ? " and \(detailsRequests) of GraphQL" : "")
        + ", \(duration(seconds)) at least; this plan took \(spent)")
    return lines.joined(separator: "\n")
  }
}
