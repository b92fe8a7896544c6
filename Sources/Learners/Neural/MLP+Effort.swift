extension MLP {
  public var convergence: Convergence? {
    Convergence(
      converged: converged, iterations: epochs.max() ?? 0,
      otherwise: "the loss of a network was no number any more and its training ended there: lower learningRate")
  }

  /// Forward, backward and step for every row, epoch and network.
  public static func workload(of parameters: Parameters, rows: Int, columns: Int) -> Workload {
    let width = Double(parameters.hiddenUnits)
    let weights = width * (Double(columns) + width * Double(parameters.hiddenLayers - 1) + 1)
    let batch = Double(parameters.batchSize ?? NetworkTraining.automaticBatchSize(rows: rows))
    let epochs = Double(parameters.maxEpochs) * (parameters.earlyStopping ? 0.7 : 1)
    // A step has its price whatever the batch, for the weights are moved once.
    let epoch = Double(rows) * 6 * weights * 0.012 + (Double(rows) / batch).rounded(.up) * (3000 + 2 * weights)
    return Workload(nanoseconds: 1e6 + Double(parameters.ensembleSize) * epochs * epoch, drift: -0.2...0.2)
  }

  /// The batch.
  public static func settled(_ parameters: Parameters, forRows rows: Int) -> Parameters {
    var settled = parameters
    settled.batchSize = parameters.batchSize ?? NetworkTraining.automaticBatchSize(rows: rows)
    return settled
  }
}
