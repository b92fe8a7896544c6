internal import Learners
internal import Linalg

extension Comparison {
  /// Shares of a training part that are learned from, beside all of it.
  internal static let learningShares = [0.125, 0.25, 0.5]
  private static let fewestRows = 30

  /// How good a model is in the same folds with fewer rows to learn from. Fewer are part of more; where groups are held out, whole
  /// groups are left out.
  /// - Parameter onFit: called when a fit is done.
  package func learning(of entry: Entry, onFit: () -> Void) -> LearningFigures {
    let all = FoldFigures(entry.entry, self, ofAllRepeats: false)
    var steps: [(share: Double, rows: Int, figures: FoldFigures)] = []
    for share in Self.learningShares {
      guard let step = step(share, entry, onFit) else { continue }
      steps.append((share, step.rows, step.figures))
    }
    let learned = (0..<folds.count).reduce(0) { $0 + folds.trainingRows($1).count }
    steps.append((1, learned / folds.count, all))
    return LearningFigures(steps, self)
  }

  /// Nil where a fold has too few rows, or cannot be fitted.
  private func step(_ share: Double, _ entry: Entry, _ onFit: () -> Void) -> (rows: Int, figures: FoldFigures)? {
    var values: [Double] = []
    var count = 0
    for fold in 0..<folds.count {
      let rows = sample(folds.trainingRows(fold), share, fold: fold)
      let test = folds.testRows(fold)
      guard rows.count >= Self.fewestRows, let model = try? fit(entry, rows: rows),
        let found = try? model.predictions(of: features(test))
      else { return nil }
      let quantiles = found.quantiles.columns == 0 ? nil : found.quantiles
      values.append(
        FoldFigures.figure(found.values, quantiles: quantiles, of: test, by: entry.entry.candidate.fittedLoss, self))
      count += rows.count
      onFit()
    }
    return (count / folds.count, FoldFigures(values: values, self))
  }

  /// Some of the rows, in their order: those that come first in a shuffle of the fold's rows or groups.
  private func sample(_ rows: [Int], _ share: Double, fold: Int) -> [Int] {
    var random = RandomStream(
      seed: experiment.seed, purpose: RandomPurpose("report.learning"), index: UInt64(fold))
    let wanted = Int((share * Double(rows.count)).rounded())
    guard let groups = dataset.groups else {
      return random.permutation(rows.count).prefix(wanted).map { rows[$0] }.sorted()
    }
    let members = Dictionary(grouping: rows) { groups[$0] }
    let names = members.keys.sorted()
    var kept: [Int] = []
    for place in random.permutation(names.count) where kept.count < wanted { kept += members[names[place]] ?? [] }
    return kept.sorted()
  }
}

extension LearningFigures {
  /// - Parameter steps: the last is that of all rows.
  fileprivate init(_ found: [(share: Double, rows: Int, figures: FoldFigures)], _ comparison: Comparison) {
    let steps = found.compactMap { step -> Step? in
      step.figures.mean.map {
        Step(
          share: step.share, rows: step.rows, figure: Estimate($0),
          figureOfFolds: step.figures.values.map(\.finiteOrNil))
      }
    }
    let gains = zip(found, found.dropFirst()).map { Self.fall(from: $0.figures, to: $1.figures, comparison) }
    guard let last = gains.last ?? nil else {
      self.init(steps: steps, lastDoubling: nil, nextDoubling: nil, chance: nil, answer: .unclear)
      return
    }
    let before = gains.count > 1 ? gains[gains.count - 2]?.mean : nil
    // Gains shrink: to a half at most, as where errors fall with 1 / rows, and they are not expected to grow. Of few folds the
    // ratio is too uncertain to say more.
    let shrinking = before.map { $0 > 0 ? min(1, max(0.5, last.mean / $0)) : 1 } ?? 1
    let chance = last.chance(above: Self.worthwhile / shrinking)
    self.init(
      steps: steps, lastDoubling: Estimate(last), nextDoubling: last.mean * shrinking, chance: chance,
      answer: chance.map { $0 >= 0.8 ? .yes : $0 <= 0.2 ? .no : .unclear } ?? .unclear)
  }

  /// The share of the errors that went away, fold by fold.
  private static func fall(from fewer: FoldFigures, to more: FoldFigures, _ comparison: Comparison) -> FoldMean? {
    let ranking = comparison.ranking
    let falls = zip(fewer.values, more.values).map { few, many in
      1 - ranking.remainder(many) / ranking.remainder(few)
    }
    return FoldMean(falls, heldOutPerLearned: comparison.folds.heldOutPerLearned)
  }
}
