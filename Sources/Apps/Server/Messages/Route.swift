package import NIOCore
package import NIOHTTP1

/// What answers the requests of one method and one shape of path.
package struct Route: Sendable {
  package enum Action: Sendable {
    /// Answered on the event loop, between other connections' requests: for what takes microseconds.
    case quick(@Sendable (WebRequest) throws(Problem) -> WebAnswer)
    /// Answered on a thread that may compute for long or wait for others.
    case slow(@Sendable (WebRequest) throws(Problem) -> WebAnswer)
    /// Quick for a body of at most so many bytes, slow for a larger one.
    case quickUpTo(Int, @Sendable (WebRequest) throws(Problem) -> WebAnswer)
    /// Answered while the body arrives.
    case stream(@Sendable (WebRequest) throws(Problem) -> any BodyStream)
  }

  package let method: HTTPMethod
  /// Such as `/v2/models/{model}/infer`; a part in braces matches any text without a stroke.
  package let pattern: String
  package let action: Action
  /// The form of its errors.
  package var errorForm = ErrorForm.problem

  package enum ErrorForm: Sendable { case problem, inference }

  package init(_ method: HTTPMethod, _ pattern: String, errors: ErrorForm = .problem, _ action: Action) {
    self.method = method
    self.pattern = pattern
    self.action = action
    errorForm = errors
  }

  /// Its body is not collected, so it may be of any size.
  var isStream: Bool {
    if case .stream = action { return true }
    return false
  }

  /// What answers a body of any size while it arrives; nil for a route that wants the body whole.
  func stream(for request: WebRequest) throws(Problem) -> (any BodyStream)? {
    guard case .stream(let action) = action else { return nil }
    return try action(request)
  }

  package func answer(to problem: Problem) -> WebAnswer {
    errorForm == .problem ? problem.answer : problem.inferenceAnswer
  }
}

/// Answers a request piece by piece, on its connection's event loop.
package protocol BodyStream: AnyObject {
  var contentType: String { get }
  var headers: [(name: String, value: String)] { get }
  /// Takes a piece of the body and returns what can be sent already.
  func take(_ piece: ByteBuffer) -> ByteBuffer
  /// What it keeps in memory until more comes.
  var heldBytes: Int { get }
  /// Says why it ends here.
  func refuse(_ problem: Problem) -> ByteBuffer
  /// Returns the rest, after the last piece.
  func finish() -> ByteBuffer
}
