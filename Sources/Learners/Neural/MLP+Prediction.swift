public import Linalg

extension MLP {
  /// Rows that go through the networks together, the last ones filled up with zeros: all products have one shape whatever
  /// the number of rows, so that a row's bits do not depend on the call it came in.
  private static var blockRows: Int { 16 }

  public func predict(_ x: Matrix<Double>) throws(PredictionError) -> [Double] {
    try checkInput(x, finite: true)
    var predictions = [Double](repeating: 0, count: x.rows)
    let nanosecondsPerParameter = 0.05
    let cost = nanosecondsPerParameter * Double(members.count * network.parameterCount)
    Parallel.fill(&predictions, cost: cost) { range, part in
      let workspace = NetworkWorkspace(network, rows: Self.blockRows, training: false)
      for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.blockRows) {
        let block = x[rows: start..<min(start + Self.blockRows, range.upperBound)]
        predict(block, workspace) { row, output in part[start - range.lowerBound + row] = scaling.target(output) }
      }
    }
    return predictions
  }

  /// Gives `body` the mean output of all networks for each row of a block.
  private func predict(
    _ block: Matrix<Double>, _ workspace: borrowing NetworkWorkspace, _ body: (_ row: Int, _ output: Double) -> Void
  ) {
    unsafe workspace.inputs.update(repeating: 0, count: Self.blockRows * featureCount)
    block.withSpan { elements in
      for index in elements.indices { unsafe workspace.inputs[index] = squash(elements[index]) }
    }
    var sums = [Double](repeating: 0, count: block.rows)
    for member in members {
      unsafe member.withUnsafeBufferPointer {
        unsafe network.forward($0.baseAddress!, rows: Self.blockRows, keepingSlopes: false, workspace)
      }
      for row in sums.indices { unsafe sums[row] += Double(workspace.errors[row]) }
    }
    for row in sums.indices { body(row, sums[row] / Double(members.count)) }
  }
}
