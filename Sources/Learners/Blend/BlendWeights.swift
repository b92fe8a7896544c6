internal import Linalg

/// Weights of models in a blend, chosen greedily: again and again that model is added, a second time too, with which the mean of
/// all that were added has the least squared error.
///
/// Weights are thus never negative and add up to 1, and few models that are much alike do not fight each other. All that the
/// choice needs of the rows is the mean products of the models' errors: a step costs O(M²) for M models, whatever the rows.
/// Source: Caruana, Niculescu-Mizil, Crew & Ksikes, "Ensemble selection from libraries of models", ICML 2004.
package struct BlendWeights: Sendable, Hashable {
  /// One a model.
  package let values: [Double]

  private static let steps = 100

  /// - Parameters:
  ///   - errors: of each model one a row, on the scale of fitting.
  ///   - rows: those to choose by.
  ///   - rowWeights: what each row counts, all rows; nil where each counts once.
  ///   - size: models that may have a weight.
  package init(choosingBy errors: [[Double]], rows: [Int], rowWeights: [Double]? = nil, size: Int) {
    precondition(!errors.isEmpty && size > 0, "BlendWeights: nothing to choose from")
    let chosen = Matrix(rows: errors.count, columns: rows.count) { errors[$0][rows[$1]] }
    var products = Matrix<Double>(rows: errors.count, columns: errors.count)
    let counted = rowWeights.map { weights in
      Matrix(rows: errors.count, columns: rows.count) { weights[rows[$1]] * chosen[$0, $1] }
    }
    BLAS.gemm(counted ?? chosen, chosen, transposingSecond: true, into: &products)
    values = Self.greedy(products, size: size)
  }

  /// - Parameter products: sums over rows of the products of two models' errors.
  private static func greedy(_ products: Matrix<Double>, size: Int) -> [Double] {
    let count = products.rows
    var added = [Int](repeating: 0, count: count)
    /// Of each model with all that were added, and of these with each other.
    var (withSum, ofSum) = ([Double](repeating: 0, count: count), 0.0)
    var best: (loss: Double, added: [Int])?
    for step in 1...steps {
      let isFull = added.count { $0 > 0 } >= size
      let open = added.indices.filter { !isFull || added[$0] > 0 }
      let losses = open.map { ofSum + 2 * withSum[$0] + products[$0, $0] }
      guard let least = losses.min(), let place = losses.firstIndex(of: least) else { break }
      let model = open[place]
      ofSum = least
      added[model] += 1
      for other in added.indices { withSum[other] += products[other, model] }
      let loss = ofSum / Double(step * step)
      if loss < best?.loss ?? .infinity { best = (loss, added) }
    }
    guard let best else { return (0..<count).map { $0 == 0 ? 1 : 0 } }
    let total = Double(best.added.reduce(0, +))
    return best.added.map { Double($0) / total }
  }
}
