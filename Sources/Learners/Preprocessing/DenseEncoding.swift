internal import Linalg

/// Learns the encoders of a matrix of numbers from training rows.
internal struct DenseEncoding {
  private let columns: [TrainingColumn]
  private let weights: [Double]?
  private let options: PipelineOptions
  private let form: Preparation.Features
  private let scale: TargetScale

  init(
    fitting dataset: Dataset, rows: TrainingRows, as form: Preparation.Features, scale: TargetScale,
    options: PipelineOptions
  ) {
    let (features, values) = (dataset.schema.features, dataset.features.columns)
    columns = Parallel.map(features.count) { index in
      TrainingColumn(rows.rows.map { values[index][$0] }, weights: rows.weights, of: features[index])
    }
    weights = rows.weights
    self.options = options
    self.form = form
    self.scale = scale
  }

  /// Columns that all levels of all features may have together. Distances want few; a linear learner affords more, as long
  /// as rows times the square of the columns stay below 8 · 10⁹.
  private var mostLevelColumns: Int {
    guard form != .dense, let rows = columns.first?.values.count, rows > 0 else { return 256 }
    return min(1_024, max(256, Int((8e9 / Double(rows)).squareRoot())))
  }

  /// One a feature.
  /// - Parameter target: of the training rows, on the scale of fitting.
  func encoders(target: [Double]) -> [FeatureEncoder] {
    let forms = numberForms(target)
    let room = LevelPooling.Room(leastRows: options.leastLevelRows, columns: columnsOfFeature)
    let (columns, isCentred) = (columns, form != .linearFromZero)
    let encoders = Parallel.map(columns.count) {
      columns[$0].encoder(forms[$0] ?? .raw, levels: room, isCentred: isCentred)
    }
    return addingEffects(encoders, target)
  }

  /// Levels for whose columns there was no room get one column together that says what each adds to the target.
  private func addingEffects(_ encoders: [FeatureEncoder], _ target: [Double]) -> [FeatureEncoder] {
    let isCrowded = encoders.contains { encoder in
      if case .oneHot(let levels) = encoder { return levels.isCrowded }
      return false
    }
    guard isCrowded else { return encoders }
    let (columns, weights) = (columns, weights)
    let left = encoders.residuals(of: target, weights: weights, columns: columns.map(\.values))
    return encoders.indices.map { index in
      guard case .oneHot(let levels) = encoders[index], levels.isCrowded else { return encoders[index] }
      return .oneHot(levels.adding(effectsOf: columns[index].values, weights: weights, residuals: left))
    }
  }

  /// Of the numbers with long tails; others are as they are.
  private func numberForms(_ target: [Double]) -> [Int: NumberForm] {
    let heavy = columns.indices.filter { columns[$0].tail?.isHeavy ?? false }
    if let given = options.numbers { return Dictionary(uniqueKeysWithValues: heavy.map { ($0, given) }) }
    guard form != .linearFromZero else { return [:] }
    guard let choice = FormChoice(columns, target: target, weights: weights) else { return [:] }
    // What is straight in a number with a long tail is exponential in it behind a logarithm, and what saturates misses the
    // largest: on that scale the logarithm is the safe form.
    return form == .linear && !scale.isLogarithmic ? choice.linearForms() : choice.plainForms()
  }

  /// The most columns of one feature, so that all together are not too many: features with few levels keep theirs.
  private var columnsOfFeature: Int {
    let counts = columns.compactMap { column in
      column.levelCount.map {
        LevelPooling.qualifying(
          column.values, weights: weights, levelCount: $0, leastRows: options.leastLevelRows)
      }
    }
    var (left, features) = (mostLevelColumns, counts.count)
    for count in counts.sorted() {
      if count * features > left { return max(1, left / features) }
      left -= count
      features -= 1
    }
    return max(1, mostLevelColumns)
  }
}

extension [FeatureEncoder] {
  /// What the numbers among the features leave of the target of training rows.
  internal func residuals(of target: [Double], weights: [Double]?, columns: [[Double]]) -> [Double] {
    let numbers = indices.filter { index in
      if case .numeric(let encoder) = self[index] { return encoder.width > 0 }
      return false
    }
    let starts = numbers.reduce(into: [0]) { $0.append($0[$0.count - 1] + self[$1].width) }
    let width = starts[numbers.count]
    var elements = [Double](repeating: 0, count: target.count * width)
    var span = elements.mutableSpan
    for (place, index) in numbers.enumerated() {
      for row in target.indices {
        self[index].encode(columns[index][row], into: &span, at: row * width + starts[place])
      }
    }
    return Learners.residuals(
      of: target, weights: weights, after: Matrix(rows: target.count, columns: width, elements: elements))
  }
}
