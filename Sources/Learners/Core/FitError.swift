public import Linalg

/// Why a learner could not be fitted. Rows and columns count from 0.
public enum FitError: Error, Equatable, Sendable {
  case noRows
  case noFeatures
  case rowMismatch(rows: Int, targets: Int)
  case nonFinite(row: Int, column: Int)
  case nonFiniteTarget(row: Int)
  case invalidWeight(row: Int)
  case invalidCategory(row: Int, column: Int)
  /// The target cannot be what the loss supposes, such as a negative one with a Poisson loss.
  case invalidTarget(row: Int, reason: String)
  /// A parameter asks of a column what it cannot do.
  case constraint(parameter: String, column: String, reason: String)
  /// A fitted learner cannot be fitted further.
  case cannotContinue(reason: String)
  /// A blend is chosen from models.
  case cannotBlend
  case tooFewRows(needed: Int, found: Int)
  /// The loss puts the target on a logarithmic scale itself, and so does the target transform that was asked for.
  case twoLogarithms
  case parameter(ParameterError)
  /// The fit was asked to end before it was done.
  case cancelled
  case linalg(LinalgError)
}

extension FitError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noRows: "there are no rows to learn from"
    case .noFeatures: "no feature varies in the training rows"
    case .rowMismatch(let rows, let targets): "\(rows) rows but \(targets) targets or weights"
    case .nonFinite(let row, let column): "row \(row), column \(column) is missing or not finite"
    case .nonFiniteTarget(let row): "the target of row \(row) is not finite"
    case .invalidWeight(let row): "the weight of row \(row) is negative or not finite, or all weights are zero"
    case .invalidCategory(let row, let column): "row \(row), column \(column) is not the code of a category"
    case .invalidTarget(let row, let reason): "the target of row \(row) \(reason)"
    case .constraint(let parameter, let column, let reason): "\(parameter): column \(column) \(reason)"
    case .cannotContinue(let reason): "the model cannot be continued: \(reason)"
    case .cannotBlend: "a blend is chosen from models that were cross-validated, it is not fitted to rows"
    case .tooFewRows(let needed, let found): "\(needed) rows are needed, there are \(found)"
    case .twoLogarithms:
      "the loss has a logarithm of its own: on ln(1 + target) it would be that of a logarithm"
    case .parameter(let error): error.description
    case .cancelled: "the fit was ended before it was done"
    case .linalg(let error): error.description
    }
  }
}

/// Why a fitted learner could not predict for these rows.
public enum PredictionError: Error, Equatable, Sendable {
  case columnMismatch(expected: Int, found: Int)
  case nonFinite(row: Int, column: Int)
}

extension PredictionError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .columnMismatch(let expected, let found): "the model takes \(expected) columns, there are \(found)"
    case .nonFinite(let row, let column): "row \(row), column \(column) is missing or not finite"
    }
  }
}
