internal import FoundationEssentials
package import Learners
internal import Linalg

/// Does units of work with prepared data, one after the other.
package struct UnitWork {
  private let data: PreparedData
  /// The matrices of the fold in hand: units of one fold follow each other.
  private var input: (fold: Int, preparation: Preparation, value: Result<FoldInput, PreparedData.Unfit>)?

  package init(_ data: PreparedData) { self.data = data }

  package mutating func result(of unit: WorkUnit) -> UnitResult {
    let candidates = unit.settings.map { Setting.candidate(unit.learner, $0) }
    guard let known = candidates as? [Candidate], let first = known.first else {
      return failure(of: unit, "its settings are not known to this version of the program")
    }
    switch input(first.preparation, fold: unit.fold) {
    case .failure(let problem): return failure(of: unit, problem.reason)
    case .success(let input): return fit(unit, known, input)
    }
  }

  private func fit(_ unit: WorkUnit, _ candidates: [Candidate], _ input: FoldInput) -> UnitResult {
    do throws(CrossValidation.Failure) {
      let fits = try input.fit(candidates, seed: data.seed)
      return UnitResult(
        unit: unit.unit, outcomes: fits.outcomes.map { UnitResult.Outcome($0) }, distinctFits: fits.distinctFits)
    } catch {
      // One that cannot be fitted is no reason for the others not to be.
      guard candidates.count > 1 else { return failure(of: unit, error.reason) }
      let each = candidates.map { fit(unit, [$0], input) }
      return UnitResult(
        unit: unit.unit, outcomes: each.flatMap(\.outcomes), distinctFits: each.reduce(0) { $0 + $1.distinctFits })
    }
  }

  private func failure(of unit: WorkUnit, _ reason: String) -> UnitResult {
    UnitResult(
      unit: unit.unit, outcomes: unit.settings.map { _ in UnitResult.Outcome(error: reason) }, distinctFits: 0)
  }

  private mutating func input(_ preparation: Preparation, fold: Int) -> Result<FoldInput, PreparedData.Unfit> {
    if let input, input.fold == fold, input.preparation == preparation { return input.value }
    input = nil  // before the next one takes memory
    let value = Result { () throws(PreparedData.Unfit) in try data.input(preparation, fold: fold) }
    input = (fold, preparation, value)
    return value
  }
}

extension UnitResult.Outcome {
  fileprivate init(_ outcome: FoldInput.Outcome) {
    predictions = Data(doubles: outcome.predictions)
    quantiles = Data(doubles: outcome.quantiles.elements)
    levels = outcome.quantiles.columns
    tellsRowsApart = outcome.tellsRowsApart
    unconvergedReason = outcome.unconvergedReason
    fitSeconds = outcome.fitDuration.seconds
    predictSeconds = outcome.predictDuration.seconds
  }

  fileprivate init(error: String) { self.error = error }
}

extension FoldInput.Outcome {
  /// - Returns: nil for an outcome that does not fit so many held-out rows.
  package init?(_ outcome: UnitResult.Outcome, rows: Int) {
    guard outcome.error == nil, let predictions = outcome.predictions.doubles, predictions.count == rows,
      let quantiles = outcome.quantiles.doubles, outcome.levels >= 0, quantiles.count == rows * outcome.levels,
      predictions.allSatisfy(\.isFinite)
    else { return nil }
    self.init(
      predictions: predictions, quantiles: Matrix(rows: rows, columns: outcome.levels, elements: quantiles),
      tellsRowsApart: outcome.tellsRowsApart, unconvergedReason: outcome.unconvergedReason,
      fitSeconds: outcome.fitSeconds, predictSeconds: outcome.predictSeconds)
  }
}

extension CrossValidation.Failure {
  fileprivate var reason: String {
    switch self {
    case .fit(let error, let fold): "fold \(fold): \(error)"
    case .prediction(let error, let fold): "fold \(fold): \(error)"
    case .stopped: "it was stopped"
    }
  }
}

extension Duration {
  package var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
