internal import Learners

extension Comparison {
  /// - Parameters:
  ///   - allowed: columns that may tell the target.
  ///   - notes: what was done to the data.
  ///   - warnings: what the comparison has warned of.
  package func dataSheet(allowed: Set<String>, notes: [String], warnings: [String]) -> DataSheet {
    let review = DatasetReview(dataset, allowed: allowed)
    // What has a place of its own is not said twice.
    let known = Set(review.warnings + dataset.kinWarnings)
    return DataSheet(
      rows: dataset.rowCount, isWeighted: dataset.weights != nil, target: .init(dataset.target),
      columns: dataset.schema.features.indices.map(column),
      groups: dataset.groups.map { Set($0).count }, duplicates: review.duplicates.copyCount,
      knownRows: folds.countOfKnownRows(review.duplicates), leaks: review.warnings, kin: dataset.kinWarnings,
      notes: notes, warnings: warnings.filter { !known.contains($0) })
  }

  private func column(_ index: Int) -> ColumnSheet {
    let (feature, values) = (dataset.schema.features[index], dataset.features.columns[index])
    let present = values.indices.filter { !values[$0].isNaN }
    let numbers = present.map { values[$0] }
    let counts = Dictionary(numbers.map { ($0, 1) }, uniquingKeysWith: +)
    let sheet = { (kind: ColumnSheet.Kind, levels: [ColumnSheet.Level]?, correlation: Double?) in
      ColumnSheet(
        name: feature.name, kind: kind, unit: feature.unit, missing: values.count - present.count,
        distinct: counts.count, spread: levels == nil && !numbers.isEmpty ? .init(numbers) : nil, levels: levels,
        rankCorrelation: correlation)
    }
    if let levels = feature.levels {
      let most = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(3)
      return sheet(.text, most.map { .init(text: levels[Int($0.key)], rows: $0.value) }, nil)
    }
    let correlation = Metrics.spearman(predictions: numbers, targets: present.map { dataset.target[$0] })
    return sheet(feature.date == nil ? .number : .date, nil, correlation.finiteOrNil)
  }
}

extension DataSheet.Spread {
  /// - Parameter values: at least one.
  fileprivate init(_ values: [Double]) {
    let sorted = values.sorted()
    self.init(least: sorted[0], median: sorted[(sorted.count - 1) / 2], most: sorted[sorted.count - 1])
  }
}
