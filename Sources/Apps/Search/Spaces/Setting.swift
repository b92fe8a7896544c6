internal import FoundationEssentials
package import Learners

/// A candidate as it is kept in a store and sent to workers, and its identity.
package enum Setting {
  /// The settings that differ from the defaults, as JSON with sorted names and texts for values.
  package static func text(of candidate: Candidate) -> String {
    let texts = candidate.settings.mapValues(\.description)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let bytes = try? encoder.encode(texts) else { preconditionFailure("settings have no JSON form") }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// - Returns: nil for a text that is no settings of the learner: another version wrote it, or it is damaged.
  package static func candidate(_ learner: String, _ text: String) -> Candidate? {
    guard let type = Registry.learner(named: learner),
      let texts = try? JSONDecoder().decode([String: String].self, from: Data(text.utf8))
    else { return nil }
    return try? Candidate(type, settings: texts.mapValues { ParameterValue(parsing: $0) })
  }

  /// The same for two candidates that fit the same model: of the learner and all its hyper-parameters, defaults included.
  package static func hash(of candidate: Candidate) -> String {
    let text = ([candidate.name] + candidate.values.map(\.description)).joined(separator: "\u{1F}")
    return String(ContentHash.sha256(of: Array(text.utf8)).prefix(32))
  }
}
