public import Learners

/// Rows with a target that models are compared by.
public struct HeldOutRows: Sendable {
  public let features: FeatureColumns
  public let targets: [Double]
  /// Of the file's bytes: a model that was fitted on this very table has seen it.
  public let sha256: String

  public init(features: FeatureColumns, targets: [Double], sha256: String) {
    (self.features, self.targets, self.sha256) = (features, targets, sha256)
  }
}

/// What a model has to show before it is served.
internal struct Gate {
  let settings: DeliverySettings
  /// The rows as a model takes them; nil where there are none to compare by.
  let heldOut: (ModelFile) throws(DeployError) -> HeldOutRows?

  /// Reads and verifies: checksum, every number, and golden rows by the program that will serve it.
  func read(_ path: String) throws(Rejection) -> ModelFile {
    do throws(ModelFileError) { return try ModelFile(reading: path) } catch {
      throw Rejection("\(shown("\(error)"))", advice: "fit it again, and commit the whole file")
    }
  }

  /// What is asked of the served model today must be enough for the candidate.
  func schema(_ candidate: ModelFile, _ served: ModelFile) throws(Rejection) -> String {
    guard candidate.model.target == served.model.target else {
      throw Rejection(
        "it predicts \(shown(candidate.model.target)), and \(shown(served.model.target)) is what visitors ask for",
        advice: "fit it for that target")
    }
    let (new, old) = (candidate.model.pipeline.features, served.model.pipeline.features)
    let known = Dictionary(old.map { ($0.name, $0) }) { first, _ in first }
    let unknown = new.filter { known[$0.name] == nil }.map(\.name)
    guard unknown.isEmpty else {
      throw Rejection(
        "it needs columns that requests do not send today: \(listed(unknown))",
        advice: "fit without them (--drop \(unknown.prefix(3).joined(separator: ",")))")
    }
    let changed = new.filter { ($0.levels == nil) != (known[$0.name]?.levels == nil) }.map(\.name)
    guard changed.isEmpty else {
      throw Rejection(
        "columns are numbers in one model and texts in the other: \(listed(changed))",
        advice: "fit with --types \(changed[0])=\(known[changed[0]]?.levels == nil ? "number" : "category")")
    }
    let unused = old.count - new.count
    return "\(new.count) columns, all of them sent today" + (unused > 0 ? "; \(unused) are not used any more" : "")
  }

  /// - Returns: what was found; nil where there is nothing to compare by.
  func score(_ candidate: ModelFile, _ served: ModelFile?) throws(Rejection) -> String? {
    guard let rows = try rows(candidate) else { return nil }
    guard rows.targets.count >= PairedComparison.fewestRows else {
      throw Rejection(
        "the held-out table on prod has \(rows.targets.count) rows with a target",
        advice: "give it \(PairedComparison.fewestRows) or more")
    }
    guard candidate.provenance.dataSHA256 != rows.sha256 else {
      throw Rejection("it was fitted on the very table that it is judged by", advice: "fit it on other rows")
    }
    let scale = candidate.model.pipeline.target.targetScale
    let truth = rows.targets.map { scale.forward($0) }
    let new = try errors(of: candidate, rows, truth, scale)
    let old = try served.map { served throws(Rejection) in
      guard let rows = try self.rows(served) else { return new }
      return try errors(of: served, rows, truth, scale)
    }
    let mean = truth.reduce(0, +) / Double(truth.count)
    let comparison = PairedComparison(candidate: new, other: old ?? truth.map { ($0 - mean) * ($0 - mean) })
    let rival = old == nil ? "the mean of the targets" : "the served model"
    let words =
      "error \(signed(comparison.loss)) against \(rival), 95 % of draws between \(signed(comparison.lower)) and \(signed(comparison.upper)), \(comparison.rows) rows"
    // Not to be shown worse is not enough: a table of few rows shows nothing.
    let allowed = old == nil ? 0 : settings.allowedLoss
    guard comparison.upper <= allowed else {
      throw Rejection(
        words, advice: "it may be \(signed(allowed)) at most: make a better model, or judge by more rows")
    }
    return words
  }

  private func rows(_ model: ModelFile) throws(Rejection) -> HeldOutRows? {
    do { return try heldOut(model) } catch { throw Rejection(error) }
  }

  private func errors(
    of file: ModelFile, _ rows: HeldOutRows, _ truth: [Double], _ scale: TargetScale
  ) throws(Rejection) -> [Double] {
    guard let predictions = try? file.model.predict(rows.features), predictions.count == truth.count else {
      throw Rejection("it cannot predict the held-out rows", advice: "fit it for the columns of the held-out table")
    }
    return zip(predictions, truth).map { prediction, truth in
      let error = scale.forward(prediction) - truth
      return error * error
    }
  }

  /// The median time of a prediction of one row.
  func time(_ candidate: ModelFile, clock: any DeployClock) throws(Rejection) -> String {
    let rows = candidate.goldenRows.rows
    var times: [Double] = []
    for turn in 0..<41 {
      let start = clock.seconds
      guard (try? candidate.model.predict(rows, rows: [turn % rows.rowCount])) != nil else {
        throw Rejection("it cannot predict its own rows", advice: "fit it again")
      }
      times.append(clock.seconds - start)
    }
    times.sort()
    let words = "\(milliseconds(times[20])) a row"
    guard times[20] <= settings.slowestPrediction else {
      throw Rejection(
        "\(words): \(milliseconds(settings.slowestPrediction)) is allowed", advice: "publish a smaller model")
    }
    return words
  }

  private func milliseconds(_ seconds: Double) -> String { "\((seconds * 100_000).rounded() / 100) ms" }

  /// “+1.2 %”.
  private func signed(_ part: Double) -> String {
    guard part.isFinite else { return "infinitely larger" }
    let tenths = (part * 1000).rounded() / 10
    return "\(tenths >= 0 ? "+" : "")\(tenths) %"
  }
}
