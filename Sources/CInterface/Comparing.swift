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
      try numbers.map { numbers in
        try Folds(assignments: dataset.tableRows.map { Int(numbers[$0]) }, rows: dataset.rowCount)
      } ?? heldOut(of: dataset, into: Int(clamping: cv), seed: options.seed)
    let found = try Watch.run(options) { stage in
      let experiment = Experiment(
        dataset: dataset, folds: parts, targetTransform: options.targetTransform, seed: options.seed)
      return try ComparisonHandle(
        experiment, grids, blends: models == "all", tableRowCount: rowCount, stage: stage)
    }
    unsafe place.pointee = Handle.retained(found)
  }
}

/// Folds of whole groups, of later rows behind earlier ones, or of rows that stand for themselves.
private func heldOut(of dataset: Dataset, into cv: Int, seed: UInt64) throws -> Folds {
  if let groups = dataset.groups { return try Folds(grouping: groups, into: cv, seed: seed) }
  if let times = dataset.times { return try Folds(inOrderOf: times, into: cv) }
  return try Folds(shuffling: dataset.rowCount, into: cv, seed: seed)
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
  let scale: String
  let scale_reason: String
  let models: [Entry]
  let left_out: [LeftOut]
  let notes: [String]
  let warnings: [String]

  init(_ handle: ComparisonHandle) {
    best_place = handle.best
    best = handle.entries[handle.best].model.model.name
    ranked_by = handle.ranking.name
    cv = handle.folds.count
    (scale, scale_reason) = (handle.scale, handle.scaleReason)
    models = handle.entries.map { entry in
      let model = entry.model.model
      return Entry(
        name: model.name, scores: ScoresDescription(entry.scores), parameters: model.parameterValues,
        predicts: model.statistic.description, fit_seconds: entry.fitSeconds, predict_seconds: entry.predictSeconds,
        unconverged_folds: entry.validation.unconvergedFolds)
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
    let found = try comparison.entry(place).validation.predictions
    var rows = [Double](repeating: .nan, count: comparison.tableRowCount)
    for (row, prediction) in zip(comparison.dataset.tableRows, found) { rows[row] = prediction }
    unsafe try Argument.give(rows, at: predictions, count: count, named: "predictions")
  }
}

@c @implementation
public func learners_comparison_free(_ comparison: OpaquePointer?) {
  unsafe Handle.release(comparison, ComparisonHandle.self)
}
