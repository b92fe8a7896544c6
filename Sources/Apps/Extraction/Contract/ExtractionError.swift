/// Why an extraction stops: what happened, and what to do. Never holds the token.
public struct ExtractionError: Error, Sendable, CustomStringConvertible {
  public enum Code: Sendable {
    /// What was asked for makes no sense, or GitHub does not understand it.
    case usage
    /// GitHub's answer, or the store, is not what it has to be.
    case badData
    /// There is no such file.
    case noInput
    /// GitHub cannot be reached, refuses for too long, or did not give everything.
    case unavailable
    /// The store cannot be written.
    case cannotWrite
    /// This user, or this token, may not.
    case noPermission
  }

  public let code: Code
  /// "what: why"
  public let what: String
  public let advice: String

  public init(_ code: Code, _ what: String, advice: String) {
    self.code = code
    self.what = what
    self.advice = advice
  }

  public var description: String { "\(what): \(advice)" }
}
