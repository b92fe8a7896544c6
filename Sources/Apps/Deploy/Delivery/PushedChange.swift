/// What a push wants to change, as git tells a pre-receive hook: a line for each reference.
package struct PushedChange: Sendable, Hashable {
  /// Of commits; nil where there is none before.
  package let old: String?
  package let new: String

  /// The one branch that is served.
  package static let branch = "refs/heads/main"

  /// - Throws: `Rejection` for anything but one new state of the branch.
  package init(hookInput: String) throws(Rejection) {
    let lines = hookInput.split(whereSeparator: \.isNewline).map {
      $0.split(separator: " ", maxSplits: 2).map(String.init)
    }
    for line in lines where line.count != 3 || line[2] != Self.branch {
      let name = line.count == 3 ? shown(line[2]) : "?"
      throw Rejection(
        "\(name) is not served: only the branch main is", advice: "push to it: git push production HEAD:main")
    }
    guard let line = lines.first, lines.count == 1 else {
      throw Rejection("nothing is pushed", advice: "commit a model, then git push production HEAD:main")
    }
    guard !Self.isNone(line[1]) else {
      throw Rejection("the branch main is not removed: what it says is served", advice: "push another model")
    }
    old = Self.isNone(line[0]) ? nil : line[0]
    new = line[1]
  }

  private static func isNone(_ id: String) -> Bool { id.allSatisfy { $0 == "0" } }
}

/// Why a push is not taken, and what to do.
package struct Rejection: Error, Sendable, Hashable {
  package let reason: String
  package let advice: String

  package init(_ reason: String, advice: String) {
    self.reason = reason
    self.advice = advice
  }

  init(_ error: DeployError) { self.init(error.what, advice: error.advice) }
}
