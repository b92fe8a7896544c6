public import Repositories

/// Is told what an extraction does. Calls come from the thread that extracts.
public protocol ExtractionObserver: AnyObject {
  /// Nothing is asked until then; why.
  func waits(_ reason: String, until end: Timestamp)
  /// Something that a person should know.
  func notes(_ text: String)
  func progressed(_ progress: ExtractionProgress)
}

/// How far an extraction is.
public struct ExtractionProgress: Sendable, Equatable {
  public enum Phase: Sendable { case search, details }

  public var phase = Phase.search
  /// Repositories, or those of them that have details.
  public var done = 0
  /// nil until it is known.
  public var total: Int?
  /// Sent by this process.
  public var requests = 0
  /// What GitHub still allows before `reset`.
  public var remaining: Int?
  public var reset: Timestamp?
  /// An estimate of how long the phase goes on.
  public var secondsLeft: Double?

  public init() {}
}
