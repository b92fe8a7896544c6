/// A learner with the settings to fit it with.
public struct Candidate: Sendable {
  public let learner: any Regressor.Type
  public let settings: [String: ParameterValue]

  /// - Parameter settings: hyper-parameters that differ from their defaults, by name.
  /// - Throws: `ParameterError` for one that does not exist or a value it cannot take.
  public init(_ learner: any Regressor.Type, settings: [String: ParameterValue] = [:]) throws(ParameterError) {
    self.learner = learner
    self.settings = settings
    try Self.check(learner, settings)
  }

  public var name: String { learner.name }

  /// Fits pipeline and learner on the given rows.
  /// - Throws: an error that names a row names it by its number in the dataset.
  public func fit(
    _ dataset: Dataset, rows: [Int], targetTransform: TargetTransform.Choice, seed: UInt64
  ) throws(FitError) -> Model {
    try Self.fit(
      learner, settings: settings, dataset: dataset, rows: rows, targetTransform: targetTransform, seed: seed)
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
    targetTransform: TargetTransform.Choice, seed: UInt64
  ) throws(FitError) -> Model {
    do throws(FitError) {
      let pipeline = try Pipeline(
        fitting: dataset, rows: rows, for: Learner.preparation, targetTransform: targetTransform)
      let training = try pipeline.trainingSet(of: rows, in: dataset)
      let learner = try Learner(fitting: training, parameters: try parameters(settings), seed: seed)
      return Model(pipeline: pipeline, learner: learner, target: dataset.schema.target)
    } catch {
      throw error.counted(in: rows)
    }
  }

  internal static func parameters<Parameters: HyperParameters>(
    _ settings: [String: ParameterValue]
  ) throws(FitError) -> Parameters {
    do throws(ParameterError) { return try Parameters(settings: settings) } catch { throw .parameter(error) }
  }

  private static func check<Learner: Regressor>(
    _: Learner.Type, _ settings: [String: ParameterValue]
  ) throws(ParameterError) {
    _ = try Learner.Parameters(settings: settings)
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
