/// What a search can fail by, as the user is told it.
public struct SearchError: Error, Sendable, CustomStringConvertible {
  public enum Code: Sendable {
    case usage
    case badData
    case noInput
    case unavailable
    case bug
    case cannotWrite
    case noPermission
  }

  public let code: Code
  /// What is wrong, with the file or the place where it is.
  public let what: String
  public let advice: String

  public init(_ code: Code, _ what: String, advice: String) {
    self.code = code
    self.what = what
    self.advice = advice
  }

  public var description: String { "\(what): \(advice)" }
}
