internal import Linalg

// The only file that computes with a network. All products are BLAS's, everything between two products is one loop.

extension Network {
  /// Predicts for the first `rows` samples of `workspace.inputs`; leaves the outputs in `workspace.errors`.
  ///
  /// - Parameter keepingSlopes: also stores φ'(z), for a backward pass.
  @unsafe
  func forward(
    _ parameters: UnsafePointer<Float>, rows: Int, keepingSlopes: Bool, _ workspace: borrowing NetworkWorkspace
  ) {
    precondition(rows <= workspace.rows, "Network: \(rows) rows in a workspace for \(workspace.rows)")
    var inputs = unsafe UnsafePointer(workspace.inputs)
    for index in layers.indices {
      let layer = layers[index]
      let values = unsafe workspace.outputs(index)
      unsafe BLAS.gemm(
        inputs, parameters + layer.weights, into: values, rows: rows, columns: layer.outputs, inner: layer.inputs)
      let biases = unsafe parameters + layer.biases
      if keepingSlopes {
        unsafe activation.apply(
          values, biases: biases, slopes: workspace.slopes(index), rows: rows, width: layer.outputs)
      } else {
        unsafe activation.apply(values, biases: biases, rows: rows, width: layer.outputs)
      }
      unsafe inputs = unsafe UnsafePointer(values)
    }
    let width = layers[layers.count - 1].outputs
    for row in 0..<rows {
      unsafe workspace.errors[row] =
        unsafe dot(inputs + row * width, parameters + headWeights, width) + parameters[headBias]
    }
  }

  /// From ∂L/∂f in `workspace.errors` of the batch that `forward` has just seen to ∂L/∂parameters in `gradient`, which is
  /// overwritten.
  @unsafe
  func backward(
    _ parameters: UnsafePointer<Float>, rows: Int, _ workspace: borrowing NetworkWorkspace,
    into gradient: UnsafeMutablePointer<Float>
  ) {
    unsafe backwardHead(parameters, rows: rows, workspace, into: gradient)
    for index in layers.indices.reversed() {
      let layer = layers[index]
      let deltas = unsafe workspace.slopes(index)
      let inputs = unsafe index == 0 ? workspace.inputs : workspace.outputs(index - 1)
      unsafe BLAS.gemm(
        inputs, transposingFirst: true, deltas, into: gradient + layer.weights, rows: layer.inputs,
        columns: layer.outputs, inner: rows)
      guard index > 0 else { break }
      unsafe BLAS.gemm(
        deltas, parameters + layer.weights, transposingSecond: true, into: workspace.products, rows: rows,
        columns: layer.inputs, inner: layer.outputs)
      unsafe multiplyAndSum(
        workspace.slopes(index - 1), by: workspace.products, rows: rows, width: layer.inputs,
        sums: gradient + layers[index - 1].biases)
    }
  }

  /// The head and the last hidden layer's deltas and bias gradient in one pass over the rows.
  @unsafe
  private func backwardHead(
    _ parameters: UnsafePointer<Float>, rows: Int, _ workspace: borrowing NetworkWorkspace,
    into gradient: UnsafeMutablePointer<Float>
  ) {
    let last = layers.count - 1
    let width = layers[last].outputs
    let weights = unsafe parameters + headWeights
    let weightGradient = unsafe gradient + headWeights
    let biasGradient = unsafe gradient + layers[last].biases
    unsafe weightGradient.update(repeating: 0, count: width)
    unsafe biasGradient.update(repeating: 0, count: width)
    var errorSum: Float = 0
    for row in 0..<rows {
      let error = unsafe workspace.errors[row]
      let outputs = unsafe workspace.outputs(last) + row * width
      let slopes = unsafe workspace.slopes(last) + row * width
      errorSum += error
      for column in 0..<width {
        unsafe weightGradient[column] += error * outputs[column]
        let delta = unsafe error * weights[column] * slopes[column]
        unsafe slopes[column] = delta
        unsafe biasGradient[column] += delta
      }
    }
    unsafe gradient[headBias] = errorSum
  }
}

/// values := values * factors element by element, and sums := the sum of each column of the result.
@unsafe
private func multiplyAndSum(
  _ values: UnsafeMutablePointer<Float>, by factors: UnsafePointer<Float>, rows: Int, width: Int,
  sums: UnsafeMutablePointer<Float>
) {
  unsafe sums.update(repeating: 0, count: width)
  for row in 0..<rows {
    let values = unsafe values + row * width
    let factors = unsafe factors + row * width
    for column in 0..<width {
      let product = unsafe values[column] * factors[column]
      unsafe values[column] = product
      unsafe sums[column] += product
    }
  }
}

/// xᵀy in eight interleaved partial sums: the order of summation depends on `count` only, not on the machine.
@unsafe
private func dot(_ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ count: Int) -> Float {
  var sums = SIMD8<Float>()
  let whole = count & ~7
  for start in stride(from: 0, to: whole, by: 8) {
    let a = unsafe UnsafeRawPointer(x + start).loadUnaligned(as: SIMD8<Float>.self)
    let b = unsafe UnsafeRawPointer(y + start).loadUnaligned(as: SIMD8<Float>.self)
    sums += a * b
  }
  var total = sums.sum()
  for index in whole..<count { unsafe total += x[index] * y[index] }
  return total
}
