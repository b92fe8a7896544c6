public import Linalg

/// The one figure that settings or models are ranked by: the loss that they minimise where that is one, else R².
///
/// - All minimise the same loss: it. Squared errors are ranked by R² on the scale of fitting, which is the same order.
/// - Some estimate a quantile (or several) other than the median: how well all estimate it. Who asks for a quantile is not
///   served by a mean.
/// - Else, as where a mean and a median meet: R² on the scale of fitting.
public enum RankingFigure: Sendable, Hashable {
  case r2
  case meanAbsoluteError
  /// The mean over these levels of the pinball loss.
  case pinball([Double])
  case deviance(power: Double)

  /// - Returns: nil where different quantiles are asked for: losses of different levels cannot be compared.
  public init?(of losses: some Collection<FittedLoss>) {
    let distinct = Set(losses)
    let levels = Set(
      distinct.compactMap { loss -> [Double]? in
        guard case .quantiles(let levels, _) = loss, loss != .median else { return nil }
        return levels
      })
    guard levels.count <= 1 else { return nil }
    if let levels = levels.first {
      self = .pinball(levels)
    } else if distinct.count == 1, let loss = distinct.first {
      self.init(loss)
    } else {
      self = distinct.allSatisfy { $0 == .absolute || $0 == .median } && !distinct.isEmpty ? .meanAbsoluteError : .r2
    }
  }

  private init(_ loss: FittedLoss) {
    switch loss {
    case .squared, .insensitive: self = .r2
    case .absolute: self = .meanAbsoluteError
    case .quantiles(let levels, _): self = .pinball(levels)
    case .deviance(let power): self = .deviance(power: power)
    }
  }

  /// The figure of out-of-fold predictions on the target's own scale; not for `.r2`, which is of the scale of fitting.
  package func figure(
    predictions: [Double], quantiles: Matrix<Double>?, targets: [Double], weights: [Double]? = nil, folds: Folds
  ) -> Double {
    let rows = predictions.indices.filter { folds.assignments[$0] >= 0 }
    let (found, known) = (rows.map { predictions[$0] }, rows.map { targets[$0] })
    let counts = weights.map { weights in rows.map { weights[$0] } }
    switch self {
    case .r2: return Metrics.r2(predictions: found, targets: known, weights: counts)
    case .meanAbsoluteError: return Metrics.meanAbsoluteError(predictions: found, targets: known, weights: counts)
    case .deviance(let power):
      return Metrics.meanDeviance(predictions: found, targets: known, power: power, weights: counts)
    case .pinball(let levels):
      let ofRows = quantiles.map { $0.gathering(rows: rows) }
      return QuantileScore.all(
        levels: levels, predictions: found, quantiles: ofRows, targets: known, weights: counts
      ).meanPinball
    }
  }

  /// The figure among scores; NaN where they do not have it.
  public func figure(of scores: Scores) -> Double {
    switch self {
    case .r2: scores.r2Transformed
    case .meanAbsoluteError: scores.mae
    case .deviance: scores.deviance ?? .nan
    case .pinball: scores.quantiles?.meanPinball ?? .nan
    }
  }

  /// The smaller the better; what is not defined is worst.
  package func cost(_ figure: Double) -> Double { figure.isNaN ? .infinity : self == .r2 ? -figure : figure }

  public func cost(of scores: Scores) -> Double { cost(figure(of: scores)) }

  /// Levels that all are scored at; empty for most rankings.
  public var levels: [Double] { if case .pinball(let levels) = self { levels } else { [] } }

  /// The figure's name in JSON.
  public var name: String {
    switch self {
    case .r2: "r2_transformed"
    case .meanAbsoluteError: "mae"
    case .pinball: "pinball"
    case .deviance: "deviance"
    }
  }
}

extension [QuantileScore] {
  /// Of all levels; NaN for none.
  public var meanPinball: Double { reduce(0) { $0 + $1.pinball } / Double(count) }
}

extension FittedLoss {
  fileprivate static let median = FittedLoss.quantiles([0.5], predicted: 0.5)
}

/// How good predictions are as a quantile of the target.
public struct QuantileScore: Sendable, Hashable, Codable {
  public let level: Double
  /// Mean pinball loss, in units of the target: the smaller the better.
  public let pinball: Double
  /// Share of the targets that are not above their prediction: near `level` where it is one.
  public let coverage: Double

  public init(level: Double, predictions: [Double], targets: [Double], weights: [Double]? = nil) {
    self.level = level
    pinball = Metrics.meanPinballLoss(
      predictions: predictions, targets: targets, quantile: level, weights: weights)
    coverage = Metrics.coverage(predictions: predictions, targets: targets, weights: weights)
  }

  /// One a level.
  /// - Parameter quantiles: rows x levels, what is predicted for each level; nil where one number a row is predicted, which
  ///   then stands for all of them.
  public static func all(
    levels: [Double], predictions: [Double], quantiles: Matrix<Double>?, targets: [Double], weights: [Double]? = nil
  ) -> [QuantileScore] {
    levels.enumerated().map { index, level in
      QuantileScore(
        level: level, predictions: quantiles.map { $0.column(index) } ?? predictions, targets: targets,
        weights: weights)
    }
  }

  /// Level by level, of a model that was scored several times; nil for none.
  package static func means(of each: [[QuantileScore]]) -> [QuantileScore]? {
    guard let first = each.first else { return nil }
    return first.indices.map { place in
      func mean(_ figure: (QuantileScore) -> Double) -> Double {
        each.reduce(0) { $0 + figure($1[place]) } / Double(each.count)
      }
      return QuantileScore(level: first[place].level, pinball: mean(\.pinball), coverage: mean(\.coverage))
    }
  }

  private init(level: Double, pinball: Double, coverage: Double) {
    (self.level, self.pinball, self.coverage) = (level, pinball, coverage)
  }
}
