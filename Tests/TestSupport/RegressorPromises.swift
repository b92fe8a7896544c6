public import Learners

/// What a learner promises beyond the contract that all keep, by name. A learner that is not listed promises all.
public struct RegressorPromises: Sendable {
  /// Hyper-parameters that the contract is checked with, where the defaults would take too long.
  public var settings: [String: ParameterValue] = [:]
  /// How far predictions may move, in standard deviations of the target, when rows of weight 0 are left out.
  public var absentRows = 1e-9
  /// The same when rows of weight 2 are replaced by two rows; nil where a row's copies draw other random numbers than
  /// the row itself, so that the two fits are different samples of one distribution.
  public var copiedRows: Double? = 1e-9
  /// Settings under which `copiedRows` holds.
  public var copiedRowsSettings: [String: ParameterValue] = [:]
  /// How far predictions of a constant target may be off, relative to the target.
  public var constantTarget = 1e-9

  public static func of(_ name: String) -> RegressorPromises {
    var promises = RegressorPromises()
    switch name {
    case "ridge":
      // Leave-one-out errors leave out a row with its whole weight, so the penalty is chosen by something else.
      promises.copiedRowsSettings = ["alpha": .real(1)]
    case "svr":
      // Within the solver's stopping tolerance and its tube.
      (promises.absentRows, promises.copiedRows, promises.constantTarget) = (0.01, 0.05, 0.11)
    case "forest", "extra-trees", "boosting":
      promises.copiedRows = nil
    case "mlp":
      (promises.copiedRows, promises.constantTarget) = (nil, 0.05)
    default: break
    }
    return promises
  }
}
