internal import Linalg

/// The moments of every fold and of all rows, about one origin.
internal struct FoldMoments: Sendable {
  private let folds: [Gram]
  private let total: Gram
  private let isCentred: Bool

  /// Nil where fits from rows are cheaper or more accurate for every fold.
  /// - Throws: `.nonFinite` for a missing value.
  init?(_ training: TrainingSet, folds: Folds, centred: Bool) throws(FitError) {
    let (x, order) = (training.x, training.x.columns + 2)
    let heldOut = (0..<folds.count).map { folds.testRows($0) }
    let mostHeldOut = heldOut.map(\.count).max() ?? 0
    let affordable = max(x.rows * x.columns, 4_000_000)
    guard x.rows - mostHeldOut >= x.columns && folds.count * order * order <= affordable else {
      try Self.requireFinite(x)
      return nil
    }
    let origin = centred ? Gram.origin(near: training) : Array(repeating: 0, count: x.columns + 1)
    let grams = heldOut.map { Gram(of: training, rows: $0, about: origin) }
    var total = Gram(of: training, rows: folds.assignments.indices.filter { folds.assignments[$0] < 0 }, about: origin)
    for gram in grams { total.add(gram) }
    if let column = origin.indices.first(where: { !total.moments[$0, $0].isFinite }) {
      try Self.requireFinite(x)
      throw .linalg(.nonFinite(row: column, column: column))
    }
    self.folds = grams
    self.total = total
    isCentred = centred
  }

  /// Every row is predicted: a missing value matters whatever the row weighs.
  private static func requireFinite(_ x: Matrix<Double>) throws(FitError) {
    if let place = x.firstNonFinite { throw .nonFinite(row: place.row, column: place.column) }
  }

  /// The moments of the rows that a fold does not hold out; nil where the difference has lost digits.
  func trainingPart(without fold: Int) -> Gram? {
    var part = total
    part.subtract(folds[fold])
    guard part.weight > 1e-4 * total.weight else { return nil }
    let sums = part.moments.row(part.featureCount + 1)
    let keepsDigits = (0...part.featureCount).allSatisfy { column in
      let sum = isCentred ? sums[sums.startIndex + column] : 0
      let whole = total.moments[column, column]
      return whole == 0 || part.moments[column, column] - sum * sum / part.weight > 1e-4 * whole
    }
    return keepsDigits ? part : nil
  }
}
