/// The memory of forward and backward passes of up to `rows` samples through one network: one allocation, used again for
/// every batch.
@safe
struct NetworkWorkspace: ~Copyable {
  let network: Network
  let rows: Int
  private let base: UnsafeMutablePointer<Float>
  private let outputStarts: [Int]

  /// - Parameter training: also makes room for what the backward pass needs.
  init(_ network: Network, rows: Int, training: Bool) {
    self.network = network
    self.rows = rows
    var starts: [Int] = []
    var end = rows * (network.featureCount + 1)
    for layer in network.layers {
      starts.append(end)
      end += rows * layer.outputs * (training ? 2 : 1)
    }
    outputStarts = starts
    let widest = network.layers.map(\.outputs).max() ?? 0
    let count = end + (training ? rows * widest : 0)
    unsafe base = UnsafeMutablePointer<Float>.allocate(capacity: count)
    unsafe base.initialize(repeating: 0, count: count)
    unsafe errors = unsafe base + rows * network.featureCount
    unsafe products = unsafe base + end
  }

  deinit { unsafe base.deallocate() }

  /// rows x features.
  var inputs: UnsafeMutablePointer<Float> { unsafe base }
  /// The output of the network after the forward pass, its gradient during the backward pass; one a row.
  let errors: UnsafeMutablePointer<Float>
  /// rows x widest layer.
  let products: UnsafeMutablePointer<Float>

  /// φ(z) of a hidden layer, rows x outputs.
  func outputs(_ layer: Int) -> UnsafeMutablePointer<Float> { unsafe base + outputStarts[layer] }

  /// φ'(z) of a hidden layer, rows x outputs; the backward pass turns it into the gradient by z.
  func slopes(_ layer: Int) -> UnsafeMutablePointer<Float> {
    unsafe base + outputStarts[layer] + rows * network.layers[layer].outputs
  }
}
