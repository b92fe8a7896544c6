import Learners
import Testing

/// A column that says what rows count.
@Suite struct RowWeightsTests {
  private static func dataset(_ weights: [Double], copies: Bool = false) throws(DataError) -> Dataset {
    let rows = copies ? [0, 1, 1, 3] : [0, 1, 2, 3]
    return try Dataset(
      Table(columns: [
        Column(name: "x", values: .numeric(rows.map { Double($0 * $0) })),
        Column(name: "w", values: .numeric(weights)),
        Column(name: "y", values: .numeric(rows.map(Double.init))),
      ]), options: .init(weights: "w"))
  }

  @Test func itIsNoFeatureAndZeroIsNoRow() throws {
    let dataset = try Self.dataset([2, 0, 1, 3])
    #expect(dataset.schema.features.map(\.name) == ["x"])
    #expect(dataset.tableRows == [0, 2, 3] && dataset.weights == [2, 1, 3])
    #expect(
      dataset.notes == ["column w says what each row counts; it is no feature", "1 row weighs 0 and is left out"])
  }

  /// Shares of 1 would make rows count next to nothing beside penalties and smallest leaves.
  @Test func smallWeightsAreOnAverageOne() throws {
    let dataset = try Self.dataset([0.1, 0.1, 0.2, 0.4])
    let weights = try #require(dataset.weights)
    #expect(zip(weights, [0.5, 0.5, 1, 2]).allSatisfy { abs($0 - $1) < 1e-14 })
    #expect(dataset.notes.last == "weights of w are divided by their mean, 0.2: it was below 1")
    for weight in [0.25, 0.1, 0.3] { #expect(try Self.dataset([weight, weight, weight, weight]).weights == nil) }
  }

  @Test(arguments: [[1, .nan, 1, 1], [1, -1, 1, 1], [1, 1e101, 1, 1], [1, .infinity, 1, 1], [0, 0, 0, 1]])
  func whatIsNoWeightIsRefused(_ weights: [Double]) {
    #expect(throws: DataError.self) { try Self.dataset(weights) }
  }

  @Test func copiesAreOneRowThatCountsAsMany() throws {
    let plain = try Self.dataset([1, 1, 1, 1])
    #expect(plain.trainingRows(among: [3, 0, 1]) == TrainingRows(rows: [3, 0, 1]))
    let copied = try Self.dataset([1, 1, 1, 1], copies: true).trainingRows(among: [0, 1, 2, 3])
    let weighted = try Self.dataset([1, 2, 0, 1], copies: true).trainingRows(among: [0, 1, 2])
    #expect(copied.rows.sorted() == [0, 1, 3] && copied.weights?.sorted() == [1, 1, 2])
    // The third row of the table is the second of the dataset.
    #expect(weighted.rows.map { [0, 1, 3][$0] } == copied.rows && weighted.weights == copied.weights)
    #expect(try Self.dataset([1, 1, 1, 1], copies: true).trainingRows(among: [0, 1]).weights == nil)
  }
}
