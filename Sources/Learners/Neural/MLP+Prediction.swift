public import Linalg

extension MLP {
  /// Rows that go through the networks together, also where fewer are left: all products have one of two shapes that give
  /// the same, so that a row's bits do not depend on the call it came in, nor on its place there.
  private func blockRows(for rows: Int) -> Int {
    BatchSize.fewest(
      atLeast: rows, network.layers.map { BatchSize.Shape(inner: $0.inputs + 1, outputs: $0.outputs) })
  }

  public func predict(_ x: Matrix<Double>) throws(PredictionError) -> [Double] {
    try checkInput(x, finite: true)
    var predictions = [Double](repeating: 0, count: x.rows)
    let nanosecondsPerParameter = 0.05
    let blockRows = blockRows(for: x.rows)
    let cost = nanosecondsPerParameter * Double(members.count * network.parameterCount)
    Parallel.fill(&predictions, cost: cost) { range, part in
      let workspace = NetworkWorkspace(network, rows: blockRows, training: false)
      var sums = [Double](repeating: 0, count: blockRows)
      for start in stride(from: range.lowerBound, to: range.upperBound, by: blockRows) {
        let block = x[rows: start..<min(start + blockRows, range.upperBound)]
        sumOutputs(of: block, workspace, into: &sums)
        for row in 0..<block.rows {
          part[start - range.lowerBound + row] = scaling.target(sums[row] / Double(members.count))
        }
      }
    }
    return predictions
  }

  /// The sums of all networks' outputs for the rows of a block.
  private func sumOutputs(of block: Matrix<Double>, _ workspace: NetworkWorkspace, into sums: inout [Double]) {
    for row in 0..<block.rows {
      unsafe squash(block[rows: row..<row + 1], into: workspace.inputs(0) + row * (featureCount + 1))
    }
    for row in sums.indices { sums[row] = 0 }
    for member in members {
      unsafe member.withUnsafeBufferPointer {
        unsafe network.forward($0.baseAddress!, rows: workspace.rows, keepingSlopes: false, workspace)
      }
      for row in sums.indices { unsafe sums[row] += Double(workspace.errors[row]) }
    }
  }
}
