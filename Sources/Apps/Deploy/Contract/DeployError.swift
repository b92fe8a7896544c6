/// Why a deployment stops: what happened, and what to do. Never holds a secret.
public struct DeployError: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Code: Sendable {
    /// What was asked for makes no sense.
    case usage
    /// A file or an answer is not what it has to be.
    case badData
    /// There is no such file, image, flavor or network.
    case noInput
    /// The cloud or a machine cannot be reached, or refuses for now.
    case unavailable
    /// A file cannot be written.
    case cannotWrite
    /// This user may not.
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
