internal import Learners

extension JSONFlaw {
  /// - Parameter path: of the value that is wrong, where it is known.
  func problem(at path: String) -> Problem {
    switch kind {
    case .syntax:
      Problem(
        400, "invalid-json", "the body is not JSON: \(what), at byte \(offset)",
        faults: path.isEmpty ? [] : [.init(path: path, detail: what)])
    case .value: path.isEmpty ? Problem(422, "invalid-value", what) : Problem(422, "invalid-value", at: path, what)
    case .excess: path.isEmpty ? Problem(413, "too-large", what) : Problem(413, "too-large", at: path, what)
    }
  }
}
