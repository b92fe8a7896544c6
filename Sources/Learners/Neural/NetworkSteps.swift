internal import Linalg

/// A network in training and all memory that its steps need: nothing is allocated after the first.
///
/// A batch is cut into parts of at least 64 rows. Their gradients are computed apart, on as many threads as there are,
/// and added in order; then each layer's parameters are a part of the update. How a batch is cut depends on the shape
/// of network and batch only, hence so do the bits. Parts of this length also keep to the kernels for small matrices.
@safe
final class NetworkSteps: @unchecked Sendable {
  private enum Work: Int { case gradient, update, loss }

  let network: Network
  private let rows: NetworkRows
  /// The rows that are learned from, in the order of their visit: batches are ranges of it.
  private var order: [Int]
  private let validation: [Int]
  let batchSize: Int
  /// Parts of a batch.
  let parts: Int

  private let workspaces: [NetworkWorkspace]
  private var optimizer: AdamW
  let parameters: UnsafeMutableBufferPointer<Float>
  private let transposed: UnsafeMutablePointer<Float>
  /// One gradient for each part, `gradientStride` apart.
  private let gradients: UnsafeMutablePointer<Float>
  private let gradientStride: Int
  private let losses: UnsafeMutablePointer<Double>
  private var batch = 0..<0

  init(
    _ network: Network, rows: NetworkRows, split: Holdout.Split, _ settings: MLP.Parameters, batchSize: Int,
    initial: [Float]
  ) {
    self.network = network
    self.rows = rows
    self.batchSize = min(batchSize, split.training.count)
    order = split.training
    validation = split.validation
    let parts = Self.partCount(batch: self.batchSize, network)
    self.parts = parts
    let longest = (self.batchSize + parts - 1) / parts
    workspaces = (0..<parts).map { _ in NetworkWorkspace(network, rows: longest, training: true) }
    optimizer = AdamW(
      parameterCount: network.parameterCount, weightRanges: network.weightRanges, beta1: settings.beta1,
      beta2: settings.beta2, weightDecay: settings.weightDecay)
    let count = network.parameterCount
    gradientStride = (count + 15) / 16 * 16
    unsafe parameters = .allocate(capacity: count)
    unsafe transposed = .allocate(capacity: count)
    unsafe gradients = .allocate(capacity: parts * gradientStride)
    unsafe losses = .allocate(capacity: parts)
    _ = unsafe parameters.initialize(fromContentsOf: initial)
    unsafe transposed.initialize(repeating: 0, count: count)
    unsafe gradients.initialize(repeating: 0, count: parts * gradientStride)
    unsafe losses.initialize(repeating: 0, count: parts)
    for layer in network.layers.indices {
      unsafe network.transpose(layer, of: parameters.baseAddress!, into: transposed)
    }
  }

  deinit {
    unsafe parameters.deallocate()
    unsafe transposed.deallocate()
    unsafe gradients.deallocate()
    unsafe losses.deallocate()
  }

  /// Gradients are worth adding up where many rows share one; at most 8 of them.
  private static func partCount(batch: Int, _ network: Network) -> Int {
    let widest = network.layers.map(\.outputs).max() ?? 1
    return min(8, max(1, batch / max(64, widest)))
  }

  var parametersAreFinite: Bool { unsafe parameters.allSatisfy(\.isFinite) }

  /// Puts the order of the visit anew, from `start` on (Fisher-Yates); nothing is allocated.
  func shuffle(_ start: [Int], _ random: inout RandomStream) {
    precondition(start.count == order.count, "NetworkSteps: an order of \(start.count) rows for \(order.count)")
    unsafe order.withUnsafeMutableBufferPointer { order in
      _ = unsafe order.update(fromContentsOf: start)
      for last in stride(from: order.count - 1, to: 0, by: -1) {
        unsafe order.swapAt(last, random.uniform(below: last + 1))
      }
    }
  }

  /// One step down the gradient of a batch; the sum of its losses before the step.
  func step(_ batch: Range<Int>, learningRate: Double, _ rounds: ParallelRounds) -> Double {
    self.batch = batch
    optimizer.begin(learningRate: learningRate)
    rounds.run(Work.gradient.rawValue, parts: parts)
    rounds.run(Work.update.rawValue, parts: network.layers.count)
    return sumOfLosses()
  }

  /// The weighted mean loss of the held-out rows.
  func validationLoss(_ rounds: ParallelRounds) -> Double {
    rounds.run(Work.loss.rawValue, parts: parts)
    let totalWeight = validation.reduce(0.0) { $0 + Double(rows.weights?[$1] ?? 1) }
    return sumOfLosses() / totalWeight
  }

  private func sumOfLosses() -> Double {
    var sum = 0.0
    for part in 0..<parts { unsafe sum += losses[part] }
    return sum
  }

  /// A part of a round, on any thread.
  func perform(_ work: Int, part: Int) {
    switch Work(rawValue: work) {
    case .gradient: computeGradient(part)
    case .update: updateLayer(part)
    case .loss:
      let share = validation.count * part / parts..<validation.count * (part + 1) / parts
      unsafe losses[part] = network.sumOfLosses(
        parameters.baseAddress!, of: validation[share], in: rows, workspaces[part])
    case nil: preconditionFailure("NetworkSteps: there is no work \(work)")
    }
  }

  private func computeGradient(_ part: Int) {
    let first = batch.lowerBound + batch.count * part / parts
    let end = batch.lowerBound + batch.count * (part + 1) / parts
    unsafe losses[part] = network.gradient(
      parameters.baseAddress!, transposed: transposed, of: order[first..<end], share: 1 / Float(batch.count), in: rows,
      workspaces[part], into: gradients + part * gradientStride)
  }

  /// The last hidden layer's part takes the head along.
  private func updateLayer(_ index: Int) {
    let layer = network.layers[index]
    let end = index == network.layers.count - 1 ? network.parameterCount : layer.end
    unsafe optimizer.update(
      layer.weights..<end, of: parameters.baseAddress!, gradient: gradients, gradients: parts,
      gradientStride: gradientStride)
    unsafe network.transpose(index, of: parameters.baseAddress!, into: transposed)
  }
}
