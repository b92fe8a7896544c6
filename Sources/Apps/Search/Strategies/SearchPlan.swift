public import Learners

/// What is searched, and how.
public struct SearchPlan: Sendable {
  public enum Method: String, Sendable, CaseIterable {
    /// All combinations.
    case grid
    /// Points that fill the space evenly.
    case random
    /// The same; what cannot win any more after some folds is not fitted on the others.
    case racing
    /// Where a model of the figures expects the best.
    case bayes
  }

  /// One a learner.
  public let spaces: [Space]
  public let method: Method
  /// Trials that there are to be in all; nil for as many as there is time for.
  public let trials: Int?

  /// More settings of one grid are refused.
  public static let largestGrid = 10_000
  /// Values that a grid takes from a range.
  public static let gridSteps = 5

  public init(spaces: [Space], method: Method, trials: Int?) {
    precondition(!spaces.isEmpty, "SearchPlan: nothing to search")
    self.spaces = spaces
    self.method = method
    self.trials = trials
  }

  /// What all its models are ranked by; nil where different quantiles are asked for.
  public var ranking: RankingFigure? {
    RankingFigure(of: spaces.flatMap { space in space.examples.map(\.fittedLoss) })
  }

  /// How features and targets are prepared for all that may come.
  package var preparations: Set<Preparation> {
    Set(spaces.flatMap { space in space.examples.map(\.preparation) })
  }
}

extension Space {
  /// Candidates with every combination of the values that are listed: losses and preparations depend on no number.
  fileprivate var examples: [Candidate] {
    var settings = [fixed]
    for dimension in dimensions {
      guard case .values(let values) = dimension.choice, values.contains(where: { !$0.isNumber }) else { continue }
      settings = settings.flatMap { setting in values.map { setting.merging([dimension.name: $0]) { $1 } } }
    }
    let candidates = settings.compactMap { candidate($0) }
    return candidates.isEmpty ? [standard].compactMap(\.self) : candidates
  }
}

extension ParameterValue {
  fileprivate var isNumber: Bool {
    switch self {
    case .real, .integer, .automatic: true
    case .flag, .text: false
    }
  }
}
