import Learners
import Linalg
import Testing

struct TrainingSetTests {
  private let x = Matrix(rows: 3, columns: 2, elements: [1, 2, 3, 4, 5, 6.0])

  @Test func takesValidRows() throws {
    let training = try TrainingSet(x: x, y: [1, 2, 6], weights: [1, 0, 3])
    #expect(training.kinds == [.numeric, .numeric])
    #expect(training.totalWeight == 4)
    #expect(training.targetMean == 19.0 / 4)
    #expect(try TrainingSet(x: x, y: [1, 2, 6]).targetMean == 3)
    #expect(try TrainingSet(x: x, y: [1, 2, 6]).totalWeight == 3)
  }

  @Test func refusesNoRowsAndNoFeatures() {
    #expect(throws: FitError.noRows) { try TrainingSet(x: Matrix(rows: 0, columns: 2), y: []) }
    #expect(throws: FitError.noFeatures) { try TrainingSet(x: Matrix(rows: 2, columns: 0), y: [1, 2]) }
  }

  @Test func refusesOtherNumbersOfTargetsOrWeights() {
    #expect(throws: FitError.rowMismatch(rows: 3, targets: 2)) { try TrainingSet(x: x, y: [1, 2]) }
    #expect(throws: FitError.rowMismatch(rows: 3, targets: 4)) {
      try TrainingSet(x: x, y: [1, 2, 3], weights: [1, 1, 1, 1])
    }
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func refusesATargetThatIsNotFinite(_ value: Double) {
    #expect(throws: FitError.nonFiniteTarget(row: 1)) { try TrainingSet(x: x, y: [1, value, 3]) }
  }

  @Test(
    arguments: [
      ([1, -1, 1], 1), ([1, 1, .nan], 2), ([.infinity, 1, 1], 0), ([0, 0, 0], 0), ([1e308, 1e308, 0], 0),
    ] as [([Double], Int)])
  func refusesInvalidWeights(_ weights: [Double], _ row: Int) {
    #expect(throws: FitError.invalidWeight(row: row)) { try TrainingSet(x: x, y: [1, 2, 3], weights: weights) }
  }

  @Test func infinityIsNoValueButMissingIs() throws {
    var damaged = x
    damaged[2, 1] = -.infinity
    #expect(throws: FitError.nonFinite(row: 2, column: 1)) { try TrainingSet(x: damaged, y: [1, 2, 3]) }
    damaged[2, 1] = .nan
    let training = try TrainingSet(x: damaged, y: [1, 2, 3])
    #expect(throws: FitError.nonFinite(row: 2, column: 1)) { try training.requireNoMissing() }
    try TrainingSet(x: x, y: [1, 2, 3]).requireNoMissing()
  }

  /// The first place, row by row, in whichever part of the rows it is.
  @Test func theFirstInfinityOfManyRowsIsNamed() throws {
    var x = Matrix<Double>(rows: 20_000, columns: 30, repeating: 1)
    x[100, 3] = .nan
    for (row, column) in [(19_999, 29), (12_345, 6), (12_345, 5)] {
      x[row, column] = -.infinity
      #expect(throws: FitError.nonFinite(row: row, column: column)) {
        try TrainingSet(x: x, y: Array(repeating: 1, count: 20_000))
      }
    }
  }

  @Test func theMeanOfHugeTargetsIsFinite() throws {
    let equal = try TrainingSet(x: x, y: [1.2e308, 1.2e308, 1.2e308]).targetMean
    #expect(abs(equal / 1.2e308 - 1) < 1e-15)
    let weighted = try TrainingSet(x: x, y: [1e308, 1, -1e308], weights: [1e5, 0, 3e5]).targetMean
    #expect(abs(weighted / -5e307 - 1) < 1e-15)
  }

  @Test(arguments: [Double.greatestFiniteMagnitude, .leastNonzeroMagnitude, -0.0])
  func extremeNumbersAreFinite(_ value: Double) throws {
    try TrainingSet(x: Matrix(rows: 3, columns: 7, repeating: value), y: [1, 2, 3]).requireNoMissing()
  }

  @Test(arguments: [-1, 0.5, 3, 1e300])
  func refusesWhatIsNoCategory(_ code: Double) {
    var coded = Matrix(rows: 3, columns: 2, elements: [1, 0, 1, 1, 1, 2.0])
    coded[1, 1] = code
    #expect(throws: FitError.invalidCategory(row: 1, column: 1)) {
      try TrainingSet(x: coded, y: [1, 2, 3], kinds: [.numeric, .categorical(levels: 3)])
    }
  }

  @Test func aCategoryMayBeMissing() throws {
    let coded = Matrix(rows: 2, columns: 1, elements: [2, Double.nan])
    _ = try TrainingSet(x: coded, y: [1, 2], kinds: [.categorical(levels: 3)])
  }
}
