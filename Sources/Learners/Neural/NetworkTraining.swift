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
package struct NetworkTraining: Sendable {
  private let split: Holdout.Split
  private let settings: MLP.Parameters
  private let seed: UInt64
  private let member: Int
  private let steps: NetworkSteps

  /// - Parameter member: the number of this network in its ensemble, its key to random numbers.
  package init(
    _ network: Network, rows: NetworkRows, split: Holdout.Split, _ settings: MLP.Parameters, seed: UInt64, member: Int
  ) {
    self.split = split
    self.settings = settings
    self.seed = seed
    self.member = member
    var random = RandomStream(seed: seed, purpose: RandomPurpose("mlp.parameters"), index: UInt64(member))
    steps = NetworkSteps(
      network, rows: rows, split: split, settings,
      batchSize: settings.batchSize ?? Self.automaticBatchSize(rows: rows.count),
      initial: network.initialParameters(random: &random))
  }

  /// 32 rows below 2,000, 64 below 8,000, 128 below 32,000, else 256: few rows need the steps, many need the speed.
  package static func automaticBatchSize(rows: Int) -> Int {
    rows < 2000 ? 32 : rows < 8000 ? 64 : rows < 32_000 ? 128 : 256
  }

  /// Trains until `maxEpochs`, until `patience` epochs have passed without a better one, or until the loss is no number.
  package consuming func run() -> TrainedNetwork {
    let training = self
    return Parallel.rounds(
      helpers: steps.parts - 1, { [steps] work, part in steps.perform(work, part: part) },
      lead: { rounds in training.run(rounds) })
  }

  private func run(_ rounds: ParallelRounds) -> TrainedNetwork {
    let stopsEarly = !split.validation.isEmpty
    var best = unsafe Array(steps.parameters)
    var bestEpoch = 0
    var bestLoss = stopsEarly ? steps.validationLoss(rounds) : .infinity
    var losses: [Double] = []
    losses.reserveCapacity(min(settings.maxEpochs, 10_000))
    var diverged = false
    while losses.count < settings.maxEpochs && !(stopsEarly && losses.count - bestEpoch >= settings.patience) {
      guard !Cancellation.isRequested else { break }
      let trainingLoss = runEpoch(losses.count + 1, rounds)
      let loss = stopsEarly ? steps.validationLoss(rounds) : trainingLoss
      losses.append(loss)
      guard trainingLoss.isFinite && loss.isFinite && steps.parametersAreFinite else {
        diverged = true
        break
      }
      guard loss < bestLoss || !stopsEarly else { continue }
      bestLoss = loss
      bestEpoch = losses.count
      for index in best.indices { unsafe best[index] = steps.parameters[index] }
    }
    return TrainedNetwork(parameters: best, losses: losses, bestEpoch: bestEpoch, diverged: diverged)
  }

  /// One pass over the training rows; the mean of their losses, each before the step of its batch.
  private func runEpoch(_ epoch: Int, _ rounds: ParallelRounds) -> Double {
    shuffle(epoch)
    let count = split.training.count
    let batches = (count + steps.batchSize - 1) / steps.batchSize
    var loss = 0.0
    for batch in 0..<batches {
      let progress = (Double(epoch - 1) + Double(batch) / Double(batches)) / Double(settings.maxEpochs)
      loss += steps.step(
        count * batch / batches..<count * (batch + 1) / batches,
        learningRate: settings.learningRate * Self.stepFactor(progress), rounds)
    }
    return loss / Double(count)
  }

  /// The order of an epoch depends on its number only.
  private func shuffle(_ epoch: Int) {
    let key = UInt64(member) << 32 | UInt64(epoch)
    var random = RandomStream(seed: seed, purpose: RandomPurpose("mlp.batches"), index: key)
    steps.shuffle(split.training, &random)
  }

  /// The share of the largest step size after this share of all epochs: a linear warm-up, then half a cosine wave.
  package static func stepFactor(_ progress: Double) -> Double {
    let warmUp = 0.05
    return progress < warmUp
      ? (progress + 0.001) / (warmUp + 0.001) : 0.5 * (1 + cos(.pi * (progress - warmUp) / (1 - warmUp)))
  }
}
