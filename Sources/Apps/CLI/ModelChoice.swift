import Learners

/// Turns `--model` and `--set` into candidates.
enum ModelChoice {
  /// - Parameter names: comma-separated names, or "all".
  /// - Parameter assignments: "MODEL.PARAMETER=VALUE".
  static func candidates(names: String, assignments: [String]) throws -> [Candidate] {
    let chosen = try learners(names)
    var settings: [String: [String: ParameterValue]] = [:]
    for text in assignments {
      let (model, parameter, value) = try split(text)
      guard chosen.contains(where: { $0.name == model }) else {
        throw Failure(.usage, "--set \(text): \(model) is not among the models: add it to --model, or correct the name")
      }
      settings[model, default: [:]][parameter] = ParameterValue(parsing: value)
    }
    return try chosen.map { learner in
      do throws(ParameterError) {
        return try Candidate(learner, settings: settings[learner.name] ?? [:])
      } catch {
        throw Failure(.usage, "--set \(learner.name): \(error): see docs/learners/\(learner.name).md")
      }
    }
  }

  private static func learners(_ names: String) throws -> [any Regressor.Type] {
    if names == "all" { return Registry.learners }
    var chosen: [any Regressor.Type] = []
    for name in names.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
      guard let learner = Registry.learner(named: name) else {
        let known = Registry.learners.map { $0.name }.joined(separator: ", ")
        throw Failure(.usage, "--model \(name): no model has this name: choose among \(known), or all")
      }
      if !chosen.contains(where: { $0.name == name }) { chosen.append(learner) }
    }
    return chosen
  }

  private static func split(_ text: String) throws -> (model: String, parameter: String, value: String) {
    guard let equals = text.firstIndex(of: "="), let dot = text[..<equals].firstIndex(of: ".") else {
      throw Failure(.usage, "--set \(text): must look like boosting.learningRate=0.05: correct it")
    }
    return (
      String(text[..<dot]), String(text[text.index(after: dot)..<equals]), String(text[text.index(after: equals)...])
    )
  }
}
