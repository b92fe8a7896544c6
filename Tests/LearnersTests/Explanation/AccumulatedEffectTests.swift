import Learners
import TestSupport
import Testing

@Suite struct AccumulatedEffectTests {
  /// NumPy's, by Tests/Fixtures/make-report.py.
  struct Cases: Decodable {
    struct Effects: Decodable {
      let number: [Double?]
      let other: [Double]
      let codes: [Double]
      let table: [Double]
      let bins: Int
      let edges: [Double]
      let effects: [Double]
      let order: [Double]
      let levelEffects: [Double]
    }
    let effects: Effects
  }

  /// The effect of a number in a product depends on the other number, which goes along with it.
  @Test func aProductIsAsNumPySays() throws {
    let known = try fixture("report", as: Cases.self).effects
    let effect = try #require(
      try AccumulatedEffect(ofNumber: known.number.map { $0 ?? .nan }, bins: known.bins) { column in
        zip(column, known.other).map { $0 * $1 + $0.squareRoot() }
      })
    #expect(effect.values == known.edges)
    #expect(largestAbsoluteError(effect.effects, known.effects) < 1e-12)
    #expect(effect.rows.reduce(0, +) == known.number.count { $0 != nil } && effect.rows[0] == 0)
  }

  @Test func levelsAreAsNumPySays() throws {
    let known = try fixture("report", as: Cases.self).effects
    let effect = try #require(
      try AccumulatedEffect(ofLevels: known.codes, order: known.order + [9]) { column in
        zip(column, known.other).map { known.table[Int($0)] * $1 }
      })
    #expect(effect.values == known.order)
    #expect(largestAbsoluteError(effect.effects, known.levelEffects) < 1e-12)
  }

  /// In a sum the effect is the function itself, whatever goes along with it.
  @Test func aSumIsTakenApart() throws {
    let x = (0..<200).map { Double($0 * 37 % 101) }
    let other = x.map { 5 * $0 + 3 }
    let effect = try #require(
      try AccumulatedEffect(ofNumber: x, bins: 10) { column in zip(column, other).map { $0 * $0 + 100 * $1 } })
    let function = effect.values.map { $0 * $0 }
    let shifts = zip(function, effect.effects).map { $0 - $1 }
    #expect(largestAbsoluteError(shifts, shifts.map { _ in shifts[0] }) < 1e-8)
    #expect(effect.values.first == 0 && effect.values.last == 100)
  }

  @Test func whatDoesNotVaryHasNone() throws {
    let same = { (column: [Double]) in column }
    #expect(try AccumulatedEffect(ofNumber: [2, 2, .nan], bins: 5, predict: same) == nil)
    #expect(try AccumulatedEffect(ofNumber: [.nan, .nan], bins: 5, predict: same) == nil)
    #expect(try AccumulatedEffect(ofLevels: [1, 1, .nan], order: [0, 1], predict: same) == nil)
  }

  /// Rows without a value, and those of levels that are not told of, have no say.
  @Test func missingValuesStayMissing() throws {
    let effect = try #require(
      try AccumulatedEffect(ofLevels: [0, 1, .nan, 2], order: [0, 1]) { column in column.map { $0.isNaN ? 1e9 : $0 } })
    #expect(effect.effects == [-0.5, 0.5] && effect.rows == [1, 1])
  }

  /// Of a model: on the scale of fitting, as the model predicts.
  @Test func aModelIsAsked() throws {
    let rows = 300
    let x = (0..<rows).map { Double($0 * 7919 % 211) / 10 }
    let table = Table(columns: [
      Column(name: "x", values: .numeric(x)), Column(name: "y", values: .numeric(x.map { 3 * $0 + 1 })),
    ])
    let dataset = try Dataset(table)
    let candidate = try Candidate(Ridge.self, settings: ["alpha": .real(0)])
    let model = try candidate.fit(dataset, rows: Array(0..<rows), targetTransform: .none, seed: 0)
    let effect = try #require(try model.accumulatedEffect(of: 0, in: dataset.features))
    let slope = (effect.effects.last! - effect.effects[0]) / (effect.values.last! - effect.values[0])
    #expect(abs(slope - 3) < 1e-6 && effect.values.count == 21)
  }

  /// A weight of k is k copies, where bins have the same edges.
  @Test func weightsAreCopies() throws {
    let (x, counts) = ([0.0, 1, 1, 2, 2, 2, 3], [1, 3, 1, 2, 1, 1, 2])
    let copies = x.indices.flatMap { Array(repeating: $0, count: counts[$0]) }
    let slopes = x.indices.map { 1 + Double($0) }
    let weights = counts.map(Double.init)
    func effects(_ rows: [Int], weights: [Double]?) throws -> [[Double]] {
      let column = rows.map { x[$0] }
      let predict = { (column: [Double]) in zip(column, rows).map { $0 * $0 * slopes[$1] } }
      return [
        try #require(try AccumulatedEffect(ofNumber: column, bins: 20, weights: weights, predict: predict)).effects,
        try #require(
          try AccumulatedEffect(ofLevels: column, order: [2, 0, 1, 3], weights: weights, predict: predict)
        ).effects,
      ]
    }
    let (found, expected) = (try effects(Array(x.indices), weights: weights), try effects(copies, weights: nil))
    for (one, other) in zip(found, expected) {
      #expect(one.count == other.count && zip(one, other).allSatisfy { abs($0 - $1) < 1e-12 })
    }
    #expect(try effects(Array(x.indices), weights: nil) != found)
  }
}
