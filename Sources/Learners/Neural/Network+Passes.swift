internal import CKernels
internal import Linalg

// The only file that computes with a network: products of BLAS, and between them one loop over a layer's elements.

extension Network {
  /// Predicts for the first `rows` samples of `workspace`; leaves the outputs in `workspace.errors`.
  ///
  /// - Parameter keepingSlopes: also stores φ'(z), for a backward pass.
  @unsafe
  func forward(
    _ parameters: UnsafePointer<Float>, rows: Int, keepingSlopes: Bool, _ workspace: NetworkWorkspace
  ) {
    precondition(rows <= workspace.rows, "Network: \(rows) rows in a workspace for \(workspace.rows)")
    for index in layers.indices {
      let layer = layers[index]
      let outputs = unsafe workspace.inputs(index + 1)
      let stride = layer.outputs + 1
      unsafe BLAS.gemm(
        workspace.inputs(index), parameters + layer.weights, into: outputs, rows: rows, columns: layer.outputs,
        inner: layer.inputs + 1, strideC: stride)
      switch activation {
      case .relu: unsafe kernels_relu(outputs, stride, rows, layer.outputs)
      case .mish:
        unsafe kernels_mish(outputs, stride, keepingSlopes ? workspace.slopes(index) : nil, rows, layer.outputs)
      }
    }
    let width = layers[layers.count - 1].outputs + 1
    unsafe kernels_head(
      workspace.inputs(layers.count), width, parameters + headWeights, workspace.errors, rows, width)
  }

  /// From ∂L/∂f in `workspace.errors` of the batch that `forward` has just seen to ∂L/∂parameters in `gradient`, which is
  /// overwritten.
  ///
  /// - Parameter transposed: what `transpose` made of the parameters.
  @unsafe
  func backward(
    _ parameters: UnsafePointer<Float>, transposed: UnsafePointer<Float>, rows: Int,
    _ workspace: NetworkWorkspace, into gradient: UnsafeMutablePointer<Float>
  ) {
    var (deltas, nextDeltas) = unsafe workspace.deltas
    let width = layers[layers.count - 1].outputs + 1
    unsafe kernels_head_gradient(
      workspace.errors, workspace.inputs(layers.count), width, parameters + headWeights, gradient + headWeights, deltas,
      rows, width)
    for index in layers.indices.reversed() {
      let layer = layers[index]
      switch activation {
      case .relu:
        unsafe kernels_relu_gradient(deltas, workspace.inputs(index + 1), layer.outputs + 1, rows, layer.outputs)
      case .mish: unsafe kernels_multiply(deltas, workspace.slopes(index), rows * layer.outputs)
      }
      unsafe BLAS.gemm(
        workspace.inputs(index), transposingFirst: true, deltas, into: gradient + layer.weights,
        rows: layer.inputs + 1, columns: layer.outputs, inner: rows)
      guard index > 0 else { break }
      unsafe BLAS.gemm(
        deltas, transposed + layer.weights, into: nextDeltas, rows: rows, columns: layer.inputs, inner: layer.outputs)
      unsafe swap(&deltas, &nextDeltas)
    }
  }

  /// Writes the transpose of a hidden layer's weights to the same place of another array: a product with it takes a
  /// faster kernel for small matrices than one that transposes on the way. The first layer's is never needed.
  @unsafe
  func transpose(_ index: Int, of parameters: UnsafePointer<Float>, into transposed: UnsafeMutablePointer<Float>) {
    guard index > 0 else { return }
    let layer = layers[index]
    unsafe kernels_transpose(parameters + layer.weights, transposed + layer.weights, layer.inputs, layer.outputs)
  }
}
