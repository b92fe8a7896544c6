/// How the search of a learner that goes step by step has ended.
public struct Convergence: Sendable, Hashable {
  /// Whether it ended where it wanted to; predictions are usable either way.
  public let converged: Bool
  /// Steps that were made, in the learner's own terms; the most of several runs.
  public let iterations: Int
  /// Where it did not: what has happened, and what to do about it.
  public let reason: String?

  /// - Parameter reason: what is said where it did not converge.
  public init(converged: Bool, iterations: Int, otherwise reason: String) {
    self.converged = converged
    self.iterations = iterations
    self.reason = converged ? nil : reason
  }
}
