// The weighted squared loss of a network: its value over rows, and its gradient over a batch.

extension Network {
  /// Σ wᵢ ½ (f(xᵢ) - yᵢ)² over these rows; writes the gradient of 1/rows of that to `gradient`.
  @unsafe
  func gradient(
    _ parameters: UnsafePointer<Float>, of batch: ArraySlice<Int>, in rows: NetworkRows,
    _ workspace: borrowing NetworkWorkspace, into gradient: UnsafeMutablePointer<Float>
  ) -> Double {
    unsafe rows.gather(batch, into: workspace.inputs)
    unsafe forward(parameters, rows: batch.count, keepingSlopes: true, workspace)
    let share = 1 / Float(batch.count)
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
    unsafe backward(parameters, rows: batch.count, workspace, into: gradient)
    return loss
  }

  /// The weighted mean of ½ (f(xᵢ) - yᵢ)² over these rows.
  @unsafe
  func loss(
    _ parameters: UnsafePointer<Float>, of selection: [Int], in rows: NetworkRows,
    _ workspace: borrowing NetworkWorkspace
  ) -> Double {
    var loss = 0.0
    var totalWeight = 0.0
    for start in stride(from: 0, to: selection.count, by: workspace.rows) {
      let batch = selection[start..<min(start + workspace.rows, selection.count)]
      unsafe rows.gather(batch, into: workspace.inputs)
      unsafe forward(parameters, rows: batch.count, keepingSlopes: false, workspace)
      var place = 0
      for row in batch {
        let weight = Double(rows.weights?[row] ?? 1)
        let error = unsafe Double(workspace.errors[place] - rows.y[row])
        loss += weight * 0.5 * error * error
        totalWeight += weight
        place += 1
      }
    }
    return loss / totalWeight
  }
}

extension Network {
  /// The mean loss over all rows as one batch, and its gradient: for the test against finite differences.
  package func lossAndGradient(_ parameters: [Float], _ rows: NetworkRows) -> (loss: Double, gradient: [Float]) {
    precondition(
      parameters.count == parameterCount, "Network: \(parameters.count) parameters, expected \(parameterCount)")
    let workspace = NetworkWorkspace(self, rows: rows.count, training: true)
    var result = [Float](repeating: 0, count: parameterCount)
    let loss = unsafe parameters.withUnsafeBufferPointer { parameters in
      unsafe result.withUnsafeMutableBufferPointer { result in
        unsafe gradient(
          parameters.baseAddress!, of: Array(0..<rows.count)[...], in: rows, workspace, into: result.baseAddress!)
      }
    }
    return (loss / Double(rows.count), result)
  }

  /// The mean loss over some rows.
  package func loss(_ parameters: [Float], of selection: [Int], in rows: NetworkRows) -> Double {
    precondition(
      parameters.count == parameterCount, "Network: \(parameters.count) parameters, expected \(parameterCount)")
    let workspace = NetworkWorkspace(self, rows: max(1, min(256, selection.count)), training: false)
    return unsafe parameters.withUnsafeBufferPointer {
      unsafe loss($0.baseAddress!, of: selection, in: rows, workspace)
    }
  }
}
