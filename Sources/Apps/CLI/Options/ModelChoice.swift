import Learners

/// Turns `--model` and `--set` into grids of candidates.
enum ModelChoice {
  /// - Parameter names: comma-separated names, or "all".
  /// - Parameter assignments: as `SetOption` reads them; of two for one parameter the last counts.
  static func grids(names: String, assignments: [String]) throws -> [CandidateGrid] {
    let chosen = try learners(names)
    var values: [String: [(name: String, values: [ParameterValue])]] = [:]
    for text in assignments {
      let option = try SetOption(parsing: text)
      let (model, parameter, list) = (option.model, option.parameter, option.value)
      guard chosen.contains(where: { $0.name == model }) else {
        throw Failure(.usage, "--set \(text): \(model) is not among the models: add it to --model, or correct the name")
      }
      if chosen.contains(where: { $0.name == model && takesList(parameter, of: $0) }) {
        values[model, default: []].removeAll { $0.name == parameter }
        values[model, default: []].append((parameter, [.text(list)]))
        continue
      }
      let texts = list.split(separator: ",", omittingEmptySubsequences: false)
      guard !texts.contains("") else {
        throw Failure(.usage, "--set \(text): a value is empty: separate values by single commas")
      }
      let parsed = texts.map { ParameterValue(parsing: String($0)) }
      values[model, default: []].removeAll { $0.name == parameter }
      values[model, default: []].append((parameter, parsed))
    }
    return try chosen.map { learner in
      do throws(CandidateGrid.Problem) {
        return try CandidateGrid(learner, values: values[learner.name] ?? [])
      } catch {
        throw failure(learner.name, error)
      }
    }
  }

  static func takesList<Learner: Regressor>(_ parameter: String, of _: Learner.Type) -> Bool {
    Learner.Parameters.table.contains { $0.name == parameter && $0.takesList }
  }

  private static func failure(_ model: String, _ problem: CandidateGrid.Problem) -> Failure {
    let advice: String
    switch problem {
    case .parameter: advice = "see docs/learners/\(model).md"
    case .incomparable: advice = "fit each level by itself, or several at once (quantiles=0.1,0.9)"
    case .tooLarge, .noValues: advice = "give fewer values, in steps from coarse to fine"
    }
    return Failure(.usage, "--set \(model): \(problem): \(advice)")
  }

  static func learners(_ names: String) throws -> [any Regressor.Type] {
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
}
