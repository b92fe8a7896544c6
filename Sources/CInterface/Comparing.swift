public import CLearners
internal import Learners

@c @implementation
public func learners_compare(
  _ models: UnsafePointer<CChar>?, _ settings: UnsafePointer<UnsafePointer<CChar>?>?, _ settingCount: Int64,
  _ table: OpaquePointer?, _ target: UnsafePointer<CChar>?, _ folds: UnsafePointer<Int32>?, _ cv: Int64,
  _ options: UnsafePointer<learners_options>?, _ comparison: UnsafeMutablePointer<OpaquePointer?>?
) -> learners_status {
  answering {
    let place = unsafe try Argument.place(comparison, named: "comparison")
    let options = unsafe try FitOptions(options)
    let models = unsafe try Argument.text(models, named: "models")
    let grids = try Grids.grids(
      models,
      unsafe try Argument.texts(settings, count: settingCount, named: "settings"))
    let table = unsafe try Handle.object(table, TableHandle.self, named: "table")
    let rowCount = table.rowCount
    let dataset = try options.dataset(table, target: unsafe try Argument.optionalText(target, named: "target"))
    let numbers = unsafe folds == nil ? nil : unsafe Array(UnsafeBufferPointer(start: folds, count: rowCount))
    let parts =
      try numbers.map { try [Folds(ofTableRows: $0.map(Int.init), for: dataset)] }
      ?? heldOut(of: dataset, into: Int(clamping: cv), options)
    guard options.repeats == parts.count else {
      throw Refusal(
        LEARNERS_BAD_ARGUMENT,
        "options.repeats: neither given folds nor those of rows in time can be dealt anew: leave it 0")
    }
    guard !options.has(LEARNERS_BAG) || !parts[0].trainsOnThePast else {
      throw Refusal(
        LEARNERS_BAD_ARGUMENT,
        "LEARNERS_BAG with time: models of earlier folds do not know the latest rows: leave one out")
    }
    let found = try Watch.run(options) { stage in
      let experiment = Experiment(
        dataset: dataset, folds: parts[0], furtherFolds: Array(parts.dropFirst()),
        targetTransform: options.targetTransform, seed: options.seed, keepsFoldModels: options.has(LEARNERS_BAG))
      return try ComparisonHandle(
        experiment, grids, blends: models == "all", tableRowCount: rowCount, stage: stage)
    }
    unsafe place.pointee = Handle.retained(found)
  }
}

/// Folds of whole groups, of later rows behind earlier ones, or of rows that stand for themselves.
private func heldOut(of dataset: Dataset, into cv: Int, _ options: FitOptions) throws -> [Folds] {
  if let times = dataset.times { return [try Folds(inOrderOf: times, into: cv)] }
  return try Folds.repeated(options.repeats, of: dataset, into: cv, seed: options.seed)
}

/// Models and settings as the command line takes them.
private enum Grids {
  static func grids(_ models: String, _ assignments: [String]) throws -> [CandidateGrid] {
    let names = models == "all" ? Registry.learners.map { $0.name } : models.split(separator: ",").map(String.init)
    var chosen: [String: any Regressor.Type] = [:]
    for name in names { chosen[name] = try FitOptions.learner(name) }
    guard !names.isEmpty && chosen.count == names.count else {
      throw Refusal(LEARNERS_BAD_ARGUMENT, "models \(models): name each once, or all")
    }
    var values: [String: [(name: String, values: [ParameterValue])]] = [:]
    for text in assignments {
      let (model, parameter, value) = try parts(of: text)
      guard let learner = chosen[model] else {
        throw Refusal(LEARNERS_BAD_ARGUMENT, "setting \(text): \(model) is not among the models")
      }
      let texts = takesList(parameter, of: learner) ? [value] : value.split(separator: ",").map(String.init)
      values[model, default: []].removeAll { $0.name == parameter }
      values[model, default: []].append((parameter, texts.map { ParameterValue(parsing: $0) }))
    }
    return try names.map { try CandidateGrid(chosen[$0]!, values: values[$0] ?? []) }
  }

  private static func parts(of text: String) throws -> (model: String, parameter: String, value: String) {
    guard let equals = text.firstIndex(of: "="), let dot = text[..<equals].firstIndex(of: ".") else {
      throw Refusal(LEARNERS_BAD_ARGUMENT, "setting \(text): it must be model.name=value")
    }
    let parameter = text[text.index(after: dot)..<equals]
    return (String(text[..<dot]), String(parameter), String(text[text.index(after: equals)...]))
  }

  private static func takesList<Learner: Regressor>(_ parameter: String, of _: Learner.Type) -> Bool {
    Learner.Parameters.table.contains { $0.name == parameter && $0.takesList }
  }
}

/// What a comparison says, as JSON.
private struct ComparisonDescription: Encodable {
  struct Entry: Encodable {
    let name: String
    let scores: ScoresDescription
    /// Of each time that rows were dealt into folds; one for a single one.
    let repeats: [ScoresDescription]
    /// Whether the model is the mean of those of the folds.
    let is_bag: Bool
    let parameters: [String: ParameterValue]
    let predicts: String
    let fit_seconds: Double
    let predict_seconds: Double
    let unconverged_folds: Int
  }

  struct LeftOut: Encodable {
    let name: String
    let reason: String
  }

  let best: String
  let best_place: Int
  let ranked_by: String
  let cv: Int
  let repeats: Int
  let scale: String
  let scale_reason: String
  let models: [Entry]
  let left_out: [LeftOut]
  let notes: [String]
  let warnings: [String]

  init(_ handle: ComparisonHandle) {
    best_place = handle.best
    best = handle.entries[handle.best].name
    ranked_by = handle.ranking.name
    (cv, repeats) = (handle.folds.count, handle.repeats)
    (scale, scale_reason) = (handle.scale, handle.scaleReason)
    models = handle.entries.map { entry in
      let model = entry.model.model
      return Entry(
        name: entry.name, scores: ScoresDescription(entry.entry.scores),
        repeats: entry.entry.scoresOfRepeats.map(ScoresDescription.init), is_bag: entry.bagged != nil,
        parameters: (entry.bagged ?? model).parameterValues,
        predicts: model.statistic.description, fit_seconds: entry.entry.fitDurations.meanSeconds,
        predict_seconds: entry.entry.predictDurations.meanSeconds,
        unconverged_folds: entry.entry.unconvergedFolds)
    }
    left_out = handle.leftOut.map { LeftOut(name: $0.name, reason: $0.reason) }
    (notes, warnings) = (handle.dataset.notes, handle.warnings)
  }
}

@c @implementation
public func learners_comparison_describe(
  _ comparison: OpaquePointer?, _ json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> learners_status {
  answering {
    let comparison = unsafe try Handle.object(comparison, ComparisonHandle.self, named: "comparison")
    let place = unsafe try Argument.place(json, named: "json")
    unsafe Argument.give(try jsonText(ComparisonDescription(comparison)), at: place)
  }
}

@c @implementation
public func learners_comparison_model(
  _ comparison: OpaquePointer?, _ place: Int64, _ model: UnsafeMutablePointer<OpaquePointer?>?
) -> learners_status {
  answering {
    let comparison = unsafe try Handle.object(comparison, ComparisonHandle.self, named: "comparison")
    let result = unsafe try Argument.place(model, named: "model")
    unsafe result.pointee = Handle.retained(try comparison.entry(place).model)
  }
}

@c @implementation
public func learners_comparison_predictions(
  _ comparison: OpaquePointer?, _ place: Int64, _ predictions: UnsafeMutablePointer<Double>?, _ count: Int64
) -> learners_status {
  answering {
    let comparison = unsafe try Handle.object(comparison, ComparisonHandle.self, named: "comparison")
    let found = try comparison.entry(place).entry.averagedPredictions
    var rows = [Double](repeating: .nan, count: comparison.tableRowCount)
    for (row, prediction) in zip(comparison.dataset.tableRows, found) { rows[row] = prediction }
    unsafe try Argument.give(rows, at: predictions, count: count, named: "predictions")
  }
}

@c @implementation
public func learners_comparison_free(_ comparison: OpaquePointer?) {
  unsafe Handle.release(comparison, ComparisonHandle.self)
}
