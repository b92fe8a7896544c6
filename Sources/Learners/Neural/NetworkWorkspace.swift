internal import CKernels

/// The memory of forward and backward passes of up to `rows` samples through one network: one allocation, used again for
/// every batch.
///
/// A layer's inputs end in a column of ones, so that its biases are the last row of its weights: a product adds them, and
/// a product gives their gradient.
@safe
final class NetworkWorkspace {
  let network: Network
  let rows: Int
  private let base: UnsafeMutablePointer<Float>
  private let inputStarts: [Int]
  private let slopeStarts: [Int]
  /// The output of the network after the forward pass, its gradient during the backward pass; one a row.
  let errors: UnsafeMutablePointer<Float>
  /// Two matrices of rows x outputs of any layer, for the gradient by z of a layer and of the one before.
  let deltas: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>)

  /// - Parameter training: also makes room for what the backward pass needs.
  init(_ network: Network, rows: Int, training: Bool) {
    self.network = network
    self.rows = rows
    var end = 0
    func reserve(_ columns: Int) -> Int {
      // Rows of different matrices at the same place of a page would push each other out of the cache.
      defer { end += (rows * columns + 15) / 16 * 16 + 16 }
      return end
    }
    let widths = [network.featureCount] + network.layers.map(\.outputs)
    let keepsSlopes = training && network.activation == .mish
    inputStarts = widths.map { reserve($0 + 1) }
    slopeStarts = network.layers.map { reserve(keepsSlopes ? $0.outputs : 0) }
    let widest = training ? widths.dropFirst().max() ?? 0 : 0
    let (errors, deltas, nextDeltas) = (reserve(1), reserve(widest), reserve(widest))
    unsafe base = UnsafeMutablePointer<Float>.allocate(capacity: end)
    unsafe base.initialize(repeating: 0, count: end)
    unsafe self.errors = unsafe base + errors
    unsafe self.deltas = unsafe (base + deltas, base + nextDeltas)
    for (start, width) in zip(inputStarts, widths) {
      for row in 0..<rows { unsafe base[start + row * (width + 1) + width] = 1 }
    }
  }

  deinit { unsafe base.deallocate() }

  /// The inputs of a layer, or of the head, rows x (inputs + 1): features, or φ(z) of the layer before, and a one.
  func inputs(_ layer: Int) -> UnsafeMutablePointer<Float> { unsafe base + inputStarts[layer] }

  /// φ'(z) of a hidden layer, rows x outputs, where it cannot be told from φ(z).
  func slopes(_ layer: Int) -> UnsafeMutablePointer<Float> { unsafe base + slopeStarts[layer] }

  /// Copies the features of rows of a table into the first layer's inputs.
  func gather(_ selection: ArraySlice<Int>, of table: NetworkRows) {
    let columns = network.featureCount
    unsafe table.x.withUnsafeBufferPointer { x in
      unsafe selection.withUnsafeBufferPointer { selection in
        guard let x = x.baseAddress, let first = selection.baseAddress else { return }
        unsafe kernels_gather(x, columns, first, selection.count, inputs(0), columns + 1)
      }
    }
  }
}
