import FoundationEssentials
import Learners
import Testing

/// The page of each learner, docs/learners/NAME.md, has a table of its parameters as the code has them.
struct ParameterPagesTests {
  @Test(arguments: Registry.learners.map { $0.name })
  func pageListsEveryParameter(_ name: String) throws {
    let learner = try #require(Registry.learner(named: name))
    let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    let path = "/\(root)/docs/learners/\(name).md"
    let rows = parameterRows(of: learner)
    let page = try? String(contentsOf: URL(filePath: path), encoding: .utf8)
    let text = try #require(page, "\(path) cannot be read. Its parameter table has to be:\n\(table(rows))")
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let found = lines.drop { $0 != tableHead[0] }.dropFirst(tableHead.count).prefix { $0.hasPrefix("|") }
    #expect(
      Array(found) == rows,
      """
      The parameter table of \(path) is not what the code says. Under the table's head, copied exactly, it has to be
      \(table(rows))
      """)
  }
}

private let tableHead = ["| parameter | default | domain | meaning |", "|---|---|---|---|"]

private func table(_ rows: [String]) -> String { (tableHead + rows).joined(separator: "\n") }

private func parameterRows<Learner: Regressor>(of _: Learner.Type) -> [String] {
  let defaults = Learner.Parameters()
  return Learner.Parameters.table.map {
    "| \($0.name) | \($0.value(defaults)) | \($0.domain) | \($0.summary) |"
  }
}
