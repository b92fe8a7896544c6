/// What a search tells while it goes on. Calls come from the thread that runs it.
public protocol SearchObserver: AnyObject {
  /// More is to be done: so much is waiting, of so many trials.
  func planned(waiting: Int, trials: Int)
  func progressed(_ progress: SearchProgress)
  func finished(_ trial: FinishedTrial)
  /// A unit has ended its worker; the third time it is given up.
  func lost(worker: Int32, cause: String, isGivenUp: Bool)
  func notes(_ text: String)
}

public struct SearchProgress: Sendable {
  /// Units of work of this run.
  public var done = 0
  public var running = 0
  public var waiting = 0
  public var failed = 0
  /// Of this run: settings times folds.
  public var results = 0
  public var distinctFits = 0

  public init() {}
}

/// A trial of which all folds are done.
public struct FinishedTrial: Sendable {
  public let id: Int64
  public let learner: String
  public let settings: String
  /// What the search ranks by; nil where it failed.
  public let figure: Double?
  /// Whether none before was better.
  public let isBest: Bool
}
