import Learners
import Linalg

/// Rows with numeric, few-valued and categorical features, some missing, and a target that depends on all of them.
enum MixedData {
  static let kinds: [FeatureKind] = [.numeric, .numeric, .categorical(levels: 5), .numeric]

  static func training(rows: Int, seed: UInt64, weighted: Bool = true) throws(FitError) -> TrainingSet {
    var random = RandomStream(seed: seed, purpose: RandomPurpose("test.mixed"))
    var y: [Double] = []
    let effects = [0.3, -1, 2, 0.1, 1.2]
    var elements: [Double] = []
    for _ in 0..<rows {
      let row = [
        random.uniform(), Double(random.uniform(below: 6)), Double(random.uniform(below: 5)), random.normal(),
      ]
      let isMissing = random.uniform(below: 5) == 0
      y.append(row[0] * 2 + 0.2 * row[1] + effects[Int(row[2])] + (isMissing ? 1.5 : row[3]) + 0.3 * random.normal())
      elements += isMissing ? [row[0], row[1], row[2], .nan] : row
    }
    let weights = (0..<rows).map { _ in 0.25 + random.uniform() }
    return try TrainingSet(
      x: Matrix(rows: rows, columns: 4, elements: elements), y: y, weights: weighted ? weights : nil, kinds: kinds)
  }
}
