public import Linalg

/// Several fitted models whose predictions are averaged with weights, on the scale of fitting.
///
/// It is not fitted: `Experiment.blend` chooses it from models that were cross-validated, see `BlendWeights`. Its columns are the
/// features as they are; each member prepares them as it was taught to.
public struct Blend: Regressor {
  public struct Parameters: HyperParameters {
    public var size = 10

    public init() {}

    public static let table: [Parameter<Self>] = [
      .integer("size", \.size, in: 2...100, "models in it at most")
    ]
  }

  public struct Member: Sendable {
    public let model: Model
    /// Above 0; all together are 1.
    public let weight: Double
    internal let predictor: RowPredictor

    public init(_ model: Model, weight: Double) {
      self.model = model
      self.weight = weight
      predictor = RowPredictor(model)
    }
  }

  /// A model as a part of a blend; the parts of one that is a blend already.
  internal static func members(of model: Model, weight: Double) -> [Member] {
    guard let blend = model.learner as? Blend else { return [Member(model, weight: weight)] }
    return blend.members.map { Member($0.model, weight: weight * $0.weight) }
  }

  public static let name = "blend"
  public static let preparation = Preparation(features: .native, target: .asGiven)
  /// A member may do so.
  public static let computesInSinglePrecision = true

  public let parameters: Parameters
  public let members: [Member]
  /// What the weights are meant on.
  public let scale: TargetScale
  public let features: [Feature]

  /// - Parameter members: at least one, of the same features.
  public init(_ members: [Member], scale: TargetScale, features: [Feature], parameters: Parameters = .init()) {
    precondition(!members.isEmpty, "Blend: no members")
    precondition(members.allSatisfy { $0.model.pipeline.features == features }, "Blend: members of other features")
    self.members = members
    self.scale = scale
    self.features = features
    self.parameters = parameters
  }

  /// - Throws: `.cannotBlend`, always: a blend is chosen from models, not fitted to rows.
  public init(fitting training: TrainingSet, parameters: Parameters, seed: UInt64) throws(FitError) {
    throw .cannotBlend
  }

  public var featureCount: Int { features.count }

  /// That of most of the weight: what is mostly of medians is no estimate of means.
  public var fittedLoss: FittedLoss {
    let ofMedians = members.reduce(0) { $0 + ($1.model.fittedLoss.statistic == .mean ? 0 : $1.weight) }
    return ofMedians > 0.5 ? .absolute : .squared
  }

  /// - Parameter x: samples x features, each a number or the index of a level, NaN where missing.
  public func predict(_ x: Matrix<Double>) throws(PredictionError) -> [Double] {
    try checkInput(x, finite: false)
    var sums = [Double](repeating: 0, count: x.rows)
    for member in members {
      let predictions = try member.predictor.predict(x.elements)
      for row in sums.indices { sums[row] += member.weight * scale.location(of: predictions[row]) }
    }
    return sums
  }

  /// Those of the members that have such a notion, by weight; nil where none has.
  public var featureImportance: [Double]? {
    var (sums, total) = ([Double](repeating: 0, count: features.count), 0.0)
    for member in members {
      guard let importance = member.model.featureImportance else { continue }
      total += member.weight
      for feature in sums.indices { sums[feature] += member.weight * importance[feature] }
    }
    return total > 0 ? sums.map { $0 / total } : nil
  }
}
