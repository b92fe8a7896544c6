public import Linalg

/// The baseline: predicts the weighted mean of the training targets, whatever the features are.
public struct Mean: Regressor {
  public struct Parameters: HyperParameters {
    public init() {}
    public static let table: [Parameter<Self>] = []
  }

  public static let name = "mean"
  public static let preparation = Preparation(features: .native, target: .asGiven)

  public let parameters: Parameters
  public let featureCount: Int
  public let value: Double

  public init(fitting training: TrainingSet, parameters: Parameters = .init(), seed: UInt64 = 0) throws(FitError) {
    self.parameters = parameters
    featureCount = training.x.columns
    value = training.targetMean
  }

  public func predict(_ x: Matrix<Double>) throws(PredictionError) -> [Double] {
    try checkInput(x, finite: false)
    return Array(repeating: value, count: x.rows)
  }

  public func encode(into tensors: inout TensorStore) {
    tensors.set("value", value)
  }

  public init(decoding tensors: TensorStore, parameters: Parameters, featureCount: Int) throws(ModelFileError) {
    self.parameters = parameters
    self.featureCount = featureCount
    value = try tensors.finiteDouble("value")
  }
}
