import Learners
import Linalg
import TestSupport
import Testing

struct GramTests {
  private func made(rows: Int, offset: Double = 0, weighted: Bool = false) throws -> TrainingSet {
    let (x, y, _) = SyntheticData.linear(rows: rows, features: 4, seed: 1)
    return try TrainingSet(
      x: Matrix(rows: rows, columns: 4) { x[$0, $1] + offset }, y: y,
      weights: weighted ? (0..<rows).map { Double($0 % 5) } : nil)
  }

  /// Σ w (x - x̄)(x - x̄)ᵀ and Σ w (x - x̄)(y - ȳ) in two plain passes.
  private func naive(_ training: TrainingSet) -> (gram: [Double], product: [Double]) {
    let (rows, columns) = (training.x.rows, training.x.columns)
    let weights = training.weights ?? Array(repeating: 1, count: rows)
    let total = weights.reduce(0, +)
    func mean(_ value: (Int) -> Double) -> Double { (0..<rows).reduce(0) { $0 + weights[$1] * value($1) } / total }
    let means = (0..<columns).map { column in mean { training.x[$0, column] } }
    let targetMean = mean { training.y[$0] }
    func moment(_ i: Int, _ other: (Int) -> Double) -> Double {
      (0..<rows).reduce(0) { $0 + weights[$1] * (training.x[$1, i] - means[i]) * other($1) }
    }
    let gram = (0..<columns * columns).map { index in
      moment(index / columns) { training.x[$0, index % columns] - means[index % columns] }
    }
    return (gram, (0..<columns).map { moment($0) { training.y[$0] - targetMean } })
  }

  /// Large means leave the digits alone: x itself has only 1e-16 · 1e6 of them, relative to a deviation of 1.
  @Test(arguments: [0, 1e6], [false, true])
  func centresWithoutLoss(_ offset: Double, _ weighted: Bool) throws {
    let training = try made(rows: 5_000, offset: offset, weighted: weighted)
    let found = Gram(of: training, about: Gram.origin(near: training)).normalEquations(centred: true)
    let expected = naive(training)
    let scale = 5_000.0
    #expect(largestAbsoluteError(found.gram.elements, expected.gram) / scale < 1e-12)
    #expect(largestAbsoluteError(found.product, expected.product) / scale < 1e-12)
  }

  @Test func momentsOfPartsAddUp() throws {
    let training = try made(rows: 3_000, offset: 100, weighted: true)
    let origin = Gram.origin(near: training)
    func part(_ rows: Range<Int>) throws -> Gram {
      Gram(
        of: try TrainingSet(
          x: training.x[rows: rows], y: Array(training.y[rows]), weights: training.weights.map { Array($0[rows]) }),
        about: origin)
    }
    let whole = Gram(of: training, about: origin)
    var sum = try part(0..<1_000)
    sum.add(try part(1_000..<3_000))
    #expect(largestAbsoluteError(sum.moments.elements, whole.moments.elements) < 1e-9)
    var rest = whole
    rest.subtract(try part(0..<1_000))
    let expected = try naive(
      TrainingSet(
        x: training.x[rows: 1_000..<3_000], y: Array(training.y[1_000...]),
        weights: training.weights.map { Array($0[1_000...]) }))
    let found = rest.normalEquations(centred: true)
    #expect(largestAbsoluteError(found.gram.elements, expected.gram) / rest.weight < 1e-12)
    #expect(largestAbsoluteError(found.product, expected.product) / rest.weight < 1e-12)
  }

  @Test func equalNumbersHaveExactlyNoSpread() throws {
    let x = Matrix<Double>(rows: 3_000, columns: 2) { row, column in column == 0 ? 0.1 : Double(row) }
    let training = try TrainingSet(x: x, y: (0..<3_000).map { Double($0) })
    let gram = Gram(of: training, about: Gram.origin(near: training))
    let (matrix, product) = gram.normalEquations(centred: true)
    #expect(matrix[0, 0] == 0 && matrix[0, 1] == 0 && product[0] == 0)
    #expect(gram.means[0] == 0.1)
  }

  /// Rows in order and a sample that misses the weight: the origin stays where moments keep their digits.
  @Test func originIsNearTheMeanOfTheWeight() throws {
    let rows = 100_000
    let x = Matrix<Double>(rows: rows, columns: 1) { row, _ in Double(row) }
    var weights = [Double](repeating: 1e-6, count: rows)
    weights[50_001] = 1e6
    let y = (0..<rows).map { Double($0) }
    let sorted = Gram.origin(near: try TrainingSet(x: x, y: y))
    #expect(abs(sorted[0] - 50_000) < 100)
    let skewed = Gram.origin(near: try TrainingSet(x: x, y: y, weights: weights))
    #expect(abs(skewed[0] - 50_001) < 1)
  }
}
