import Learners
import Testing

import Report

@Suite struct DataSheetTests {
  private func sheet() throws -> DataSheet {
    let rows = 60
    let kinds = (0..<rows).map { $0 % 7 == 0 ? nil : ["flat", "house"][$0 % 2] }
    var size = (0..<rows).map { Double($0 * 37 % 61) }
    (size[3], size[59]) = (.nan, size[58])
    let y = size.enumerated().map { $1.isNaN ? 4 : ($1 * 2 + Double($0 % 2)) }
    let table = Table(columns: [
      Column(name: "kind", texts: kinds), Column(name: "size", values: .numeric(size)),
      Column(name: "y", values: .numeric(y)),
    ])
    let comparison = try Scene.comparison(Dataset(table), [Mean.self])
    return comparison.dataSheet(allowed: ["size"], notes: ["a note"], warnings: ["a warning"])
  }

  @Test func columnsAreCounted() throws {
    let sheet = try sheet()
    let (kind, size) = (sheet.columns[0], sheet.columns[1])
    #expect(sheet.rows == 60 && kind.kind == .text && kind.missing == 9 && kind.distinct == 2)
    #expect(kind.levels?.map(\.text).sorted() == ["flat", "house"] && kind.levels?.reduce(0) { $0 + $1.rows } == 51)
    #expect(size.kind == .number && size.missing == 1 && size.spread?.least == 0 && size.levels == nil)
    #expect((size.rankCorrelation ?? 0) > 0.99 && kind.rankCorrelation == nil && kind.spread == nil)
    #expect(sheet.notes == ["a note"] && sheet.warnings == ["a warning"] && sheet.groups == nil)
  }

  @Test func leaksAreToldOnce() throws {
    let x = (0..<100).map { Double($0 * 37 % 101) }
    let dataset = try Scene.dataset([("rank", x.map { $0 * $0 }), ("other", x.map { Double(Int($0) % 7) }), ("y", x)])
    let comparison = try Scene.comparison(dataset, [Mean.self])
    let leak = try #require(DatasetReview(dataset).warnings.first)
    let sheet = comparison.dataSheet(allowed: [], notes: [], warnings: [leak, "else"])
    #expect(sheet.leaks == [leak] && leak.contains("rank") && sheet.warnings == ["else"])
  }
}
