// The weighted squared loss of a network: its value over rows, and its gradient over a batch.

extension Network {
  /// Σ wᵢ ½ (f(xᵢ) - yᵢ)² over these rows; writes the gradient of `share` times that to `gradient`.
  @unsafe
  func gradient(
    _ parameters: UnsafePointer<Float>, transposed: UnsafePointer<Float>, of batch: ArraySlice<Int>, share: Float,
    in rows: NetworkRows, _ workspace: NetworkWorkspace, into gradient: UnsafeMutablePointer<Float>
  ) -> Double {
    workspace.gather(batch, of: rows)
    unsafe forward(parameters, rows: batch.count, keepingSlopes: true, workspace)
    let errors = unsafe workspace.errors
    var loss = 0.0
    var place = 0
    for row in batch {
      let weight = rows.weights?[row] ?? 1
      let error = unsafe errors[place] - rows.y[row]
      loss += 0.5 * Double(weight) * Double(error) * Double(error)
      unsafe errors[place] = share * weight * error
      place += 1
    }
    unsafe backward(parameters, transposed: transposed, rows: batch.count, workspace, into: gradient)
    return loss
  }

  /// Σ wᵢ ½ (f(xᵢ) - yᵢ)² over these rows.
  @unsafe
  func sumOfLosses(
    _ parameters: UnsafePointer<Float>, of selection: ArraySlice<Int>, in rows: NetworkRows,
    _ workspace: NetworkWorkspace
  ) -> Double {
    var loss = 0.0
    for start in stride(from: selection.startIndex, to: selection.endIndex, by: workspace.rows) {
      let batch = selection[start..<min(start + workspace.rows, selection.endIndex)]
      workspace.gather(batch, of: rows)
      unsafe forward(parameters, rows: batch.count, keepingSlopes: false, workspace)
      var place = 0
      for row in batch {
        let error = unsafe Double(workspace.errors[place] - rows.y[row])
        loss += 0.5 * Double(rows.weights?[row] ?? 1) * error * error
        place += 1
      }
    }
    return loss
  }
}

extension Network {
  /// The mean loss over all rows as one batch, and its gradient: for the test against finite differences.
  package func lossAndGradient(_ parameters: [Float], _ rows: NetworkRows) -> (loss: Double, gradient: [Float]) {
    precondition(
      parameters.count == parameterCount, "Network: \(parameters.count) parameters, expected \(parameterCount)")
    let workspace = NetworkWorkspace(self, rows: rows.count, training: true)
    var result = [Float](repeating: 0, count: parameterCount)
    var transposed = result
    let loss = unsafe parameters.withUnsafeBufferPointer { parameters in
      unsafe transposed.withUnsafeMutableBufferPointer { transposed in
        for index in layers.indices {
          unsafe transpose(index, of: parameters.baseAddress!, into: transposed.baseAddress!)
        }
        return unsafe result.withUnsafeMutableBufferPointer { result in
          unsafe gradient(
            parameters.baseAddress!, transposed: transposed.baseAddress!, of: Array(0..<rows.count)[...],
            share: 1 / Float(rows.count), in: rows, workspace, into: result.baseAddress!)
        }
      }
    }
    return (loss / Double(rows.count), result)
  }

  /// The weighted mean loss over some rows.
  package func loss(_ parameters: [Float], of selection: [Int], in rows: NetworkRows) -> Double {
    precondition(
      parameters.count == parameterCount, "Network: \(parameters.count) parameters, expected \(parameterCount)")
    let workspace = NetworkWorkspace(self, rows: max(1, min(256, selection.count)), training: false)
    let sum = unsafe parameters.withUnsafeBufferPointer {
      unsafe sumOfLosses($0.baseAddress!, of: selection[...], in: rows, workspace)
    }
    return sum / selection.reduce(0) { $0 + Double(rows.weights?[$1] ?? 1) }
  }
}
