internal import Glibc
internal import Linalg

/// What training a network came to.
package struct TrainedNetwork: Sendable {
  /// Of the best epoch.
  package let parameters: [Float]
  /// After each epoch: the mean loss of the held-out rows, or else of the training rows, batch by batch before each step.
  package let losses: [Double]
  /// The epoch that was kept, counted from 1: 0 is the untrained network.
  package let bestEpoch: Int
  /// The loss became infinite or NaN: training ended there.
  package let diverged: Bool
}

/// Minimises the loss of a network by AdamW over minibatches.
///
/// An epoch visits the rows in a new random order, in batches whose sizes differ by one at most. All memory is
/// allocated before the first epoch.
package struct NetworkTraining: ~Copyable {
  private let network: Network
  private let rows: NetworkRows
  private let split: Holdout.Split
  private let settings: MLP.Parameters
  private let seed: UInt64
  private let member: Int

  private let workspace: NetworkWorkspace
  private var parameters: [Float]
  private var gradient: [Float]
  private var order: [Int]
  private var optimizer: AdamW

  /// - Parameter member: the number of this network in its ensemble, its key to random numbers.
  package init(
    _ network: Network, rows: NetworkRows, split: Holdout.Split, _ settings: MLP.Parameters, seed: UInt64, member: Int
  ) {
    self.network = network
    self.rows = rows
    self.split = split
    self.settings = settings
    self.seed = seed
    self.member = member
    let batchSize = settings.batchSize ?? Self.automaticBatchSize(rows: rows.count)
    workspace = NetworkWorkspace(network, rows: min(batchSize, split.training.count), training: true)
    var random = RandomStream(seed: seed, purpose: RandomPurpose("mlp.parameters"), index: UInt64(member))
    parameters = network.initialParameters(random: &random)
    gradient = [Float](repeating: 0, count: network.parameterCount)
    order = split.training
    optimizer = AdamW(
      parameterCount: network.parameterCount, weightRanges: network.weightRanges, beta1: settings.beta1,
      beta2: settings.beta2, weightDecay: settings.weightDecay)
  }

  /// 32 rows below 2,000, 64 below 8,000, 128 below 32,000, else 256: few rows need the steps, many need the speed.
  package static func automaticBatchSize(rows: Int) -> Int {
    rows < 2000 ? 32 : rows < 8000 ? 64 : rows < 32_000 ? 128 : 256
  }

  /// Trains until `maxEpochs`, until `patience` epochs have passed without a better one, or until the loss is no number.
  package consuming func run() -> TrainedNetwork {
    let stopsEarly = !split.validation.isEmpty
    var best = parameters
    var bestEpoch = 0
    var bestLoss = stopsEarly ? validationLoss() : .infinity
    var losses: [Double] = []
    var diverged = false
    while losses.count < settings.maxEpochs && !(stopsEarly && losses.count - bestEpoch >= settings.patience) {
      let trainingLoss = runEpoch(losses.count + 1)
      let loss = stopsEarly ? validationLoss() : trainingLoss
      losses.append(loss)
      guard trainingLoss.isFinite && loss.isFinite && parameters.allSatisfy(\.isFinite) else {
        diverged = true
        break
      }
      guard loss < bestLoss || !stopsEarly else { continue }
      bestLoss = loss
      bestEpoch = losses.count
      for index in best.indices { best[index] = parameters[index] }
    }
    return TrainedNetwork(parameters: best, losses: losses, bestEpoch: bestEpoch, diverged: diverged)
  }

  /// One pass over the training rows; the mean of their losses, each before the step of its batch.
  private mutating func runEpoch(_ epoch: Int) -> Double {
    shuffle(epoch)
    let count = order.count
    let batches = (count + workspace.rows - 1) / workspace.rows
    var loss = 0.0
    for batch in 0..<batches {
      let range = count * batch / batches..<count * (batch + 1) / batches
      unsafe loss += parameters.withUnsafeBufferPointer { parameters in
        unsafe gradient.withUnsafeMutableBufferPointer { gradient in
          unsafe network.gradient(
            parameters.baseAddress!, of: order[range], in: rows, workspace, into: gradient.baseAddress!)
        }
      }
      let progress = (Double(epoch - 1) + Double(batch) / Double(batches)) / Double(settings.maxEpochs)
      optimizer.step(&parameters, gradient: gradient, learningRate: settings.learningRate * Self.stepFactor(progress))
    }
    return loss / Double(count)
  }

  /// The order of an epoch depends on its number only (Fisher-Yates).
  private mutating func shuffle(_ epoch: Int) {
    let key = UInt64(member) << 32 | UInt64(epoch)
    var random = RandomStream(seed: seed, purpose: RandomPurpose("mlp.batches"), index: key)
    for index in order.indices { order[index] = split.training[index] }
    for last in stride(from: order.count - 1, to: 0, by: -1) { order.swapAt(last, random.uniform(below: last + 1)) }
  }

  /// The share of the largest step size after this share of all epochs: a linear warm-up, then half a cosine wave.
  package static func stepFactor(_ progress: Double) -> Double {
    let warmUp = 0.05
    return progress < warmUp
      ? (progress + 0.001) / (warmUp + 0.001) : 0.5 * (1 + cos(.pi * (progress - warmUp) / (1 - warmUp)))
  }

  private func validationLoss() -> Double {
    unsafe parameters.withUnsafeBufferPointer { parameters in
      unsafe network.loss(parameters.baseAddress!, of: split.validation, in: rows, workspace)
    }
  }
}
