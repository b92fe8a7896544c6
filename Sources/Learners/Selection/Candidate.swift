internal import Linalg

/// A learner with the settings to fit it with.
public struct Candidate: Sendable {
  public let learner: any Regressor.Type
  public let settings: [String: ParameterValue]
  /// How features and target are prepared for it.
  public let preparation: Preparation
  /// What it minimises.
  public let fittedLoss: FittedLoss

  /// - Parameter settings: hyper-parameters that differ from their defaults, by name.
  /// - Throws: `ParameterError` for one that does not exist, a value that it cannot take, or one that another setting makes
  ///   idle.
  public init(_ learner: any Regressor.Type, settings: [String: ParameterValue] = [:]) throws(ParameterError) {
    self.learner = learner
    self.settings = settings
    (preparation, fittedLoss) = try Self.traits(learner, settings)
  }

  public var name: String { learner.name }

  /// Fits pipeline and learner on the given rows.
  /// - Throws: an error that names a row names it by its number in the dataset.
  public func fit(
    _ dataset: Dataset, rows: [Int], scale: TargetScale, options: PipelineOptions = PipelineOptions(), seed: UInt64
  ) throws(FitError) -> Model {
    try Self.fit(
      learner, settings: settings, dataset: dataset, rows: rows, scale: scale, options: options, seed: seed)
  }

  /// With the scale that `targetTransform` means for these rows.
  public func fit(
    _ dataset: Dataset, rows: [Int], targetTransform: TargetTransform.Choice, seed: UInt64
  ) throws(FitError) -> Model {
    let decision = TargetScale.decision(
      for: rows.map { dataset.target[$0] }, weights: dataset.weights(of: rows), choice: targetTransform)
    var options = PipelineOptions()
    options.insistsOnScale = targetTransform == .log1p
    return try fit(dataset, rows: rows, scale: decision.scale, options: options, seed: seed)
  }

  /// All hyper-parameters, in the order of the table: two candidates of one learner with equal values are the same.
  public var values: [ParameterValue] { Self.values(learner, settings) }

  private static func values<Learner: Regressor>(
    _: Learner.Type, _ settings: [String: ParameterValue]
  ) -> [ParameterValue] {
    let parameters = try? Learner.Parameters(settings: settings)  // the initialiser has checked them
    return parameters?.values.map(\.value) ?? []
  }

  private static func fit<Learner: Regressor>(
    _: Learner.Type, settings: [String: ParameterValue], dataset: Dataset, rows: [Int],
    scale: TargetScale, options: PipelineOptions, seed: UInt64
  ) throws(FitError) -> Model {
    let (given, rows) = (rows, dataset.trainingRows(among: rows))
    do throws(FitError) {
      let parameters: Learner.Parameters = try parameters(settings)
      let pipeline = try Pipeline(
        fitting: dataset, rows: rows, for: Learner.preparation(for: parameters), scale: scale, options: options)
      let training = try pipeline.trainingSet(of: rows, in: dataset)
      let learner = try Learner(fitting: training, parameters: parameters, seed: seed)
      guard !Cancellation.isRequested else { throw FitError.cancelled }
      return Model(pipeline: pipeline, learner: learner, target: dataset.schema.target)
        .knowing(dataset.features(of: given))
    } catch {
      throw error.counted(in: rows.rows)
    }
  }

  internal static func parameters<Parameters: HyperParameters>(
    _ settings: [String: ParameterValue]
  ) throws(FitError) -> Parameters {
    do throws(ParameterError) { return try Parameters(settings: settings) } catch { throw .parameter(error) }
  }

  private static func traits<Learner: Regressor>(
    _: Learner.Type, _ settings: [String: ParameterValue]
  ) throws(ParameterError) -> (Preparation, FittedLoss) {
    let parameters = try Learner.Parameters(settings: settings)
    if let (name, need) = parameters.idle(among: settings.keys) { throw .idle(name: name, need: need) }
    return (Learner.preparation(for: parameters), Learner.fittedLoss(of: parameters))
  }
}

extension Candidate {
  /// What a fit to so many rows and columns costs.
  internal func workload(rows: Int, columns: Int) -> Workload {
    Self.workload(learner, settings, rows: rows, columns: columns)
  }

  /// The same with what its settings leave to the number of rows decided as for so many.
  internal func settled(forRows rows: Int) -> Candidate { Self.settled(self, learner, forRows: rows) }

  private static func workload<Learner: Regressor>(
    _: Learner.Type, _ settings: [String: ParameterValue], rows: Int, columns: Int
  ) -> Workload {
    let parameters = (try? Learner.Parameters(settings: settings)) ?? Learner.Parameters()
    return Learner.workload(of: parameters, rows: rows, columns: columns)
  }

  private static func settled<Learner: Regressor>(
    _ candidate: Candidate, _: Learner.Type, forRows rows: Int
  ) -> Candidate {
    guard let given = try? Learner.Parameters(settings: candidate.settings) else { return candidate }
    let settled = Learner.settled(given, forRows: rows)
    let changed = Learner.Parameters.table.filter { $0.value(given) != $0.value(settled) }
    let settings = changed.reduce(into: candidate.settings) { $0[$1.name] = $1.value(settled) }
    return (try? Candidate(Learner.self, settings: settings)) ?? candidate
  }
}

extension HyperParameters {
  /// The defaults with some values replaced.
  public init(settings: [String: ParameterValue]) throws(ParameterError) {
    self.init()
    for (name, value) in settings.sorted(by: { $0.key < $1.key }) { try set(name, to: value) }
  }

  /// Name and value of every parameter, in the order of the table.
  public var values: [(name: String, value: ParameterValue)] {
    Self.table.map { ($0.name, $0.value(self)) }
  }
}
