/// All that is answered with 404.
extension Problem {
  static func nothing(at path: String) -> Problem {
    Problem(404, "not-found", "there is nothing at \(path.prefix(200))")
  }

  static func unknownModel(_ name: String) -> Problem {
    Problem(404, "unknown-model", at: "model", "no model is called \(name.prefix(100))")
  }

  static func unknownVersion(of model: String, known: String) -> Problem {
    Problem(404, "unknown-version", "the version of \(model) is \(known)")
  }

  static var noLeaderboard: Problem {
    Problem(404, "no-leaderboard", "there is no leaderboard.json beside the model: learners fit writes one")
  }

  static var brokenLeaderboard: Problem {
    Problem(
      404, "broken-leaderboard",
      "the leaderboard.json beside the model cannot be read: the log says why, and learners fit writes another one")
  }
}
