internal import Linalg

/// Multi-layer perceptron: the mean of a few small fully connected networks, each trained by AdamW over minibatches.
///
/// Each network minimises 1/n Σ wᵢ ½ (f(xᵢ) - yᵢ)², f(x) = h · w + b with h = φ(… φ(x W₁ + b₁) …), and stops by the loss of
/// rows of its own that it does not learn from. Shapes: x is samples x features, y and w are samples. Numbers are Float.
///
/// - Input: standardised features. An element z enters as z / √(1 + (z/3)²), within ±3: an outlier, or a row far
///   outside of the training rows, cannot drive a unit to where it has never been.
/// - Output: y is centred and scaled here as well, and a prediction is kept within the range of the training targets
///   widened by a tenth of it on either side. It is always finite.
/// - Step size: rises linearly over the first twentieth of `maxEpochs`, then falls to 0 along half a cosine wave.
/// - Held-out rows: with `earlyStopping` and at least 10 rows, network m holds out the m-th run of
///   `validationFraction` n rows of one random order, so that every row is learned from by most networks. The epoch with
///   the least loss on them is kept; epoch 0 is the mean of the target. Otherwise the last epoch is kept.
/// - Weights multiply the loss and are scaled to mean 1. A row of weight 0 is absent. A weight of k counts in the
///   objective as k copies, but not in the number of rows that the parts and batches are cut by.
/// - A loss that is no longer finite ends the training of its network; the best epoch until then is kept and `converged`
///   is false.
///
/// Cost for s samples and p parameters of a network: 6 s p flops an epoch, 2 p a row and network to predict. Memory: s x
/// features Floats, and for each network in training 6 p to 13 p, the more the larger a batch, and a batch. Networks
/// train in parallel; the same bits for any number of threads, and a row's prediction does not depend on the other rows
/// of the call.
///
/// Sources: Rumelhart, Hinton & Williams, Nature 323, 1986, doi:10.1038/323533a0 (backpropagation); `AdamW`, `Network`,
/// `Activation` name theirs. Squashed inputs, annealed steps and the best epoch after Holzmüller, Grinsztajn & Steinwart,
/// "Better by default", NeurIPS 2024, arXiv:2407.04491.
///
/// | parameter | default | domain | meaning |
/// |---|---|---|---|
/// | hiddenLayers | 2 | 1 ... 8 | number of hidden layers |
/// | hiddenUnits | 64 | 1 ... 4096 | units of each hidden layer |
/// | activation | relu | relu, mish | nonlinearity of the hidden units |
/// | learningRate | 0.007 | (0, ∞) | largest step size of AdamW, after the warm-up |
/// | weightDecay | 0.05 | [0, ∞) | share of a weight, times the step size, lost at each step |
/// | beta1, beta2 | 0.9, 0.99 | [0, 1) | decay of the means of gradients and of squared gradients |
/// | batchSize | auto | 1 ... 1000000 or auto | rows of a step; auto: 32 to 256 with the rows |
/// | maxEpochs | 100 | 1 ... 1000000 | passes over the rows that the step size falls to 0 in |
/// | earlyStopping | true | true, false | holds rows out, keeps the epoch that is best on them |
/// | validationFraction | 0.1 | (0, 1) | share of the rows held out by each network |
/// | patience | 30 | 1 ... 1000000 | epochs without a better one after which training ends |
/// | ensembleSize | 8 | 1 ... 256 | networks whose outputs are averaged |
/// - Throws: `FitError.parameter`, `.nonFinite`, and `.invalidTarget` where targets are too large to be squared and summed.
public struct MLP: Regressor {
  public static let name = "mlp"
  public static let preparation = Preparation(features: .dense, target: .standardized)
  public static let computesInSinglePrecision = true

  public let parameters: Parameters
  public let featureCount: Int
  /// Epochs that each network was trained for.
  public let epochs: [Int]
  /// The epoch of each network that was kept: 0 is the untrained network, the mean of the target.
  public let bestEpochs: [Int]
  /// False where the loss of a network became infinite or NaN.
  public let converged: Bool

  internal let network: Network
  /// The parameters of each network.
  internal let members: [[Float]]
  internal let scaling: TargetScaling

  public init(fitting training: TrainingSet, parameters: Parameters = .init(), seed: UInt64 = 0) throws(FitError) {
    do { try parameters.validate() } catch { throw .parameter(error) }
    try training.requireNoMissing()
    let scaling = try TargetScaling(of: training)
    let rows = NetworkRows(training, scaling: scaling)
    let network = Network(featureCount: rows.featureCount, parameters)
    let holdout = Holdout(rows: rows.count, groups: rows.groups, parameters, seed: seed)
    let trained = Parallel.map(parameters.ensembleSize) { member in
      NetworkTraining(network, rows: rows, split: holdout.split(member), parameters, seed: seed, member: member).run()
    }
    self.init(
      parameters: parameters, network: network, members: trained.map(\.parameters), scaling: scaling,
      epochs: trained.map(\.losses.count), bestEpochs: trained.map(\.bestEpoch),
      converged: trained.allSatisfy { !$0.diverged })
  }

  internal init(
    parameters: Parameters, network: Network, members: [[Float]], scaling: TargetScaling, epochs: [Int],
    bestEpochs: [Int], converged: Bool
  ) {
    self.parameters = parameters
    self.featureCount = network.featureCount
    self.network = network
    self.members = members
    self.scaling = scaling
    self.epochs = epochs
    self.bestEpochs = bestEpochs
    self.converged = converged
  }
}

extension Network {
  internal init(featureCount: Int, _ parameters: MLP.Parameters) {
    self.init(
      featureCount: featureCount,
      hiddenWidths: Array(repeating: parameters.hiddenUnits, count: parameters.hiddenLayers),
      activation: parameters.activation)
  }
}
