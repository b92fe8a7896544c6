internal import Glibc

extension AveragedTreesParameters {
  /// Every row goes down every tree, and at every level is looked at in some of the columns.
  /// - Parameter look: nanoseconds.
  internal func workload(rows: Int, columns: Int, look: Double) -> Workload {
    let rows = Double(rows)
    let depth = min(log2(1 + rows / Double(minSamplesLeaf)), Double(maxDepth ?? .max))
    let looked = max(1, maxFeatures * Double(columns))
    // A fully grown tree has about two nodes for each row that it has seen; it is held as it grew and as it is kept.
    let nodes = Double(estimators) * 2 * rows * (bootstrap ? 0.63 : 1) / Double(minSamplesLeaf)
    return Workload(
      nanoseconds: 1e5 + Double(estimators) * rows * (1 + depth) * (looked * look + 25), bytes: nodes * 50)
  }
}

extension Forest {
  public static func workload(of parameters: Parameters, rows: Int, columns: Int) -> Workload {
    parameters.workload(rows: rows, columns: columns, look: 6)
  }
}

extension ExtraTrees {
  public static func workload(of parameters: Parameters, rows: Int, columns: Int) -> Workload {
    parameters.workload(rows: rows, columns: columns, look: 2)
  }
}
