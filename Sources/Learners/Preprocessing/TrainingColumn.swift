/// One feature in the training rows, on its way to a matrix of numbers.
internal struct TrainingColumn: Sendable {
  /// NaN where missing; codes of a text.
  let values: [Double]
  /// Nil for a number.
  let levelCount: Int?
  private let median: Double
  /// Nil for a text.
  let tail: NumberTail?

  init(_ values: [Double], of feature: Feature) {
    self.values = values
    levelCount = feature.levels?.count
    let sorted = feature.levels == nil ? sortedByDigits(values.filter { !$0.isNaN }) : []
    median = lowerMedian(ofSorted: sorted) ?? 0
    tail = feature.levels == nil ? NumberTail(ofSorted: sorted) : nil
  }

  /// The encoder that the form, or the room for levels, makes of it.
  func encoder(_ form: NumberForm, levels room: OneHotEncoder.Room, isCentred: Bool) -> FeatureEncoder {
    guard let levelCount else {
      return .numeric(
        NumericEncoder(fitting: values, median: median, shapes: tail?.shapes(form) ?? [.raw], isCentred: isCentred))
    }
    return .oneHot(OneHotEncoder(fitting: values, levelCount: levelCount, room: room))
  }

  // MARK: Columns to choose by

  /// What does not depend on the form of a number with a long tail, in some of the rows, less the mean.
  func fixedColumns(_ rows: [Int]) -> [[Double]] {
    if let levelCount { return levelColumns(rows, levelCount) }
    let indicator = standardised(rows.map { values[$0].isNaN ? 1 : 0 })
    return indicator + (tail?.isHeavy ?? false ? [] : standardised(rows.map { imputed($0) }))
  }

  func shapedColumns(_ rows: [Int]) -> [NumberForm: [[Double]]] {
    guard let tail else { return [:] }
    let forms = NumberForm.allCases.map { form in
      (form, tail.shapes(form).flatMap { shape in standardised(rows.map { shape(imputed($0)) }) })
    }
    return Dictionary(uniqueKeysWithValues: forms)
  }

  private func imputed(_ row: Int) -> Double { values[row].isNaN ? median : values[row] }

  /// None for numbers that do not vary.
  private func standardised(_ numbers: [Double]) -> [[Double]] {
    let (mean, deviation) = meanAndDeviation(numbers)
    return deviation > 0 ? [numbers.map { ($0 - mean) / deviation }] : []
  }

  /// The most frequent levels tell enough to choose by.
  private static let mostLevels = 32

  private func levelColumns(_ rows: [Int], _ levelCount: Int) -> [[Double]] {
    var counts = [Int](repeating: 0, count: levelCount + 1)
    for row in rows where !values[row].isNaN { counts[min(Int(values[row]), levelCount)] += 1 }
    let frequent = counts.indices.filter { counts[$0] > 0 }.sorted { (-counts[$0], $0) < (-counts[$1], $1) }
    return frequent.prefix(Self.mostLevels).map { level in
      let share = Double(counts[level]) / Double(rows.count)
      return rows.map { (values[$0] == Double(level) ? 1 : 0) - share }
    }
  }
}
