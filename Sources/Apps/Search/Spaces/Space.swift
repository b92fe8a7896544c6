public import Learners

/// What is searched for one learner: settings that are given, and those that vary.
public struct Space: Sendable {
  public let learner: any Regressor.Type
  /// The same in every trial.
  public let fixed: [String: ParameterValue]
  public let dimensions: [Dimension]

  /// - Throws: `ParameterError` for a name or a value that the learner does not know.
  public init(
    _ learner: any Regressor.Type, fixed: [String: ParameterValue], dimensions: [Dimension]
  ) throws(ParameterError) {
    self.learner = learner
    self.fixed = fixed
    self.dimensions = dimensions
    for value in dimensions.flatMap({ dimension in dimension.ends.map { (dimension.name, $0) } }) {
      try Self.check(learner, [value.0: value.1])
    }
    try Self.check(learner, fixed)
    // What a setting of its own makes idle in every trial does nothing.
    _ = try Candidate(learner, settings: fixed)
  }

  public var name: String { learner.name }

  /// The candidate at a place of the unit cube, one coordinate a dimension. Settings that others make idle are left out.
  package func candidate(at place: [Double]) -> Candidate? {
    var settings = fixed
    for (dimension, coordinate) in zip(dimensions, place) {
      settings[dimension.name] = dimension.value(at: coordinate)
    }
    return candidate(settings)
  }

  /// The learner's defaults, but for what is given; nil where they are outside of what somebody has asked for.
  package var standard: Candidate? {
    let own = Self.defaults(of: learner)
    let defaults = Self.defaultValues(learner)
    let isWithin = dimensions.allSatisfy { dimension in
      own.contains(dimension) || defaults[dimension.name].flatMap { dimension.place(of: $0) } != nil
    }
    return isWithin ? candidate(fixed) : nil
  }

  /// - Returns: nil where values that are sound by themselves do not go together.
  package func candidate(_ settings: [String: ParameterValue]) -> Candidate? {
    let idle = Self.idle(learner, settings)
    return try? Candidate(learner, settings: settings.filter { !idle.contains($0.key) })
  }

  /// All combinations, the last dimension varying fastest; ranges in so many steps.
  /// - Returns: nil where there are more than `most`.
  package func grid(steps: Int, atMost most: Int) -> [Candidate]? {
    let values = dimensions.map { $0.steps(steps) }
    guard values.reduce(1.0, { $0 * Double($1.count) }) <= Double(most) else { return nil }
    var settings = [fixed]
    for (dimension, values) in zip(dimensions, values) {
      settings = settings.flatMap { setting in values.map { setting.merging([dimension.name: $0]) { $1 } } }
    }
    return settings.compactMap { candidate($0) }
  }

  private static func defaultValues<Learner: Regressor>(_: Learner.Type) -> [String: ParameterValue] {
    Dictionary(uniqueKeysWithValues: Learner.Parameters().values.map { ($0.name, $0.value) })
  }

  private static func check<Learner: Regressor>(
    _: Learner.Type, _ settings: [String: ParameterValue]
  ) throws(ParameterError) {
    _ = try Learner.Parameters(settings: settings)
  }

  private static func idle<Learner: Regressor>(_: Learner.Type, _ settings: [String: ParameterValue]) -> Set<String> {
    guard let parameters = try? Learner.Parameters(settings: settings) else { return [] }
    return Set(settings.keys.filter { parameters.idle(among: [$0]) != nil })
  }
}

extension Dimension {
  /// Values that the learner has to take for all of them to be sound.
  fileprivate var ends: [ParameterValue] {
    switch choice {
    case .values(let values): values
    case .reals(let range, _): [.real(range.lowerBound), .real(range.upperBound)]
    case .integers(let range, _): [.integer(range.lowerBound), .integer(range.upperBound)]
    }
  }
}
