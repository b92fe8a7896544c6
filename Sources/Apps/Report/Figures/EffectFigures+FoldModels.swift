internal import Learners

extension FoldModels {
  private static let mostRows = 2_000
  private static let mostLevels = 10
  private static let mostBins = 20

  /// The effects of some features by each fold's model, over the same rows; the interval is that of the mean over folds.
  /// - Parameter onFeature: called when a feature is done.
  package func effects(of features: [String], onFeature: () -> Void) -> [EffectFigures] {
    let rows = evenly(Array(0..<comparison.dataset.rowCount), most: Self.mostRows)
    let data = comparison.features(rows)
    return features.compactMap { name in
      defer { onFeature() }
      return comparison.dataset.schema.features.firstIndex { $0.name == name }.flatMap { effect(of: $0, rows, data) }
    }
  }

  private func effect(of index: Int, _ rows: [Int], _ data: FeatureColumns) -> EffectFigures? {
    let feature = data.features[index]
    let order = feature.levels == nil ? nil : levelsInOrder(data.columns[index], rows)
    let bins = min(Self.mostBins, max(2, rows.count / 20))
    var found: [AccumulatedEffect] = []
    for model in models {
      guard
        let effect = try? model.accumulatedEffect(
          of: index, in: data, order: order, bins: bins, weights: comparison.weights(of: rows))
      else { return nil }
      found.append(effect)
    }
    guard let first = found.first else { return nil }
    let estimates = first.values.indices.compactMap { place in
      FoldMean(
        found.map { $0.effects[place] }, heldOutPerLearned: comparison.folds.heldOutPerLearned
      ).map(Estimate.init)
    }
    guard estimates.count == first.values.count else { return nil }
    let levels = feature.levels.map { levels in first.values.map { levels[Int($0)] } }
    let occurring = Set(data.columns[index].filter { !$0.isNaN }).count
    return EffectFigures(
      feature: feature.name, values: levels == nil ? first.values : nil, levels: levels, rows: first.rows,
      effects: estimates, levelsLeftOut: levels == nil ? 0 : occurring - first.values.count)
  }

  /// The most frequent levels, those with small predictions first: neighbours are alike.
  private func levelsInOrder(_ codes: [Double], _ rows: [Int]) -> [Double] {
    var sums: [Double: (count: Int, sum: Double)] = [:]
    for (place, code) in codes.enumerated() where !code.isNaN {
      let prediction = entry.entry.validation.predictions[rows[place]]
      let value = comparison.scale.location(of: prediction.isNaN ? comparison.dataset.target[rows[place]] : prediction)
      let known = sums[code] ?? (0, 0)
      sums[code] = (known.count + 1, known.sum + value)
    }
    let frequent = sums.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.prefix(Self.mostLevels)
    return frequent.map { (level: $0.key, mean: $0.value.sum / Double($0.value.count)) }
      .sorted { ($0.mean, $0.level) < ($1.mean, $1.level) }.map(\.level)
  }
}
