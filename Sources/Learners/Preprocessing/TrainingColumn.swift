/// One feature in the training rows, on its way to a matrix of numbers.
internal struct TrainingColumn: Sendable {
  /// NaN where missing; codes of a text.
  let values: [Double]
  /// One a row; nil where each counts once.
  let weights: [Double]?
  /// Nil for a number.
  let levelCount: Int?
  private let median: Double
  /// Nil for a text.
  let tail: NumberTail?

  init(_ values: [Double], weights: [Double]?, of feature: Feature) {
    self.values = values
    self.weights = weights
    levelCount = feature.levels?.count
    let sorted = feature.levels == nil ? SortedNumbers(values, weights: weights) : nil
    median = sorted?.median ?? 0
    tail = sorted.map(NumberTail.init(of:))
  }

  /// The encoder that the form, or the room for levels, makes of it.
  func encoder(_ form: NumberForm, levels room: LevelPooling.Room, isCentred: Bool) -> FeatureEncoder {
    guard let levelCount else {
      return .numeric(
        NumericEncoder(
          fitting: values, weights: weights, median: median, shapes: tail?.shapes(form) ?? [.raw],
          isCentred: isCentred))
    }
    return .oneHot(OneHotEncoder(fitting: values, weights: weights, levelCount: levelCount, room: room))
  }

  // MARK: Columns to choose by

  /// What does not depend on the form of a number with a long tail, in some of the rows, less the mean.
  func fixedColumns(_ rows: [Int]) -> [[Double]] {
    if let levelCount { return levelColumns(rows, levelCount) }
    let indicator = standardised(rows) { values[$0].isNaN ? 1 : 0 }
    return indicator + (tail?.isHeavy ?? false ? [] : standardised(rows, imputed))
  }

  func shapedColumns(_ rows: [Int]) -> [NumberForm: [[Double]]] {
    guard let tail else { return [:] }
    let forms = NumberForm.allCases.map { form in
      (form, tail.shapes(form).flatMap { shape in standardised(rows) { shape(imputed($0)) } })
    }
    return Dictionary(uniqueKeysWithValues: forms)
  }

  private func imputed(_ row: Int) -> Double { values[row].isNaN ? median : values[row] }

  /// None for numbers that do not vary.
  private func standardised(_ rows: [Int], _ number: (_ row: Int) -> Double) -> [[Double]] {
    let numbers = rows.map(number)
    let (mean, deviation) = meanAndDeviation(numbers, weights: weights(of: rows))
    return deviation > 0 ? [numbers.map { ($0 - mean) / deviation }] : []
  }

  private func weights(of rows: [Int]) -> [Double]? { weights.map { weights in rows.map { weights[$0] } } }

  /// The most frequent levels tell enough to choose by.
  private static let mostLevels = 32

  private func levelColumns(_ rows: [Int], _ levelCount: Int) -> [[Double]] {
    var counts = [Double](repeating: 0, count: levelCount + 1)
    for row in rows where !values[row].isNaN { counts[min(Int(values[row]), levelCount)] += weights?[row] ?? 1 }
    let total = weights(of: rows)?.reduce(0, +) ?? Double(rows.count)
    let frequent = counts.indices.filter { counts[$0] > 0 }.sorted { (-counts[$0], $0) < (-counts[$1], $1) }
    return frequent.prefix(Self.mostLevels).map { level in
      let share = counts[level] / total
      return rows.map { (values[$0] == Double(level) ? 1 : 0) - share }
    }
  }
}
