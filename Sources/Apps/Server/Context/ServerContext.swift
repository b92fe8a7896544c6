internal import Learners

/// What the routes share.
package struct ServerContext: Sendable {
  package let shelf: Shelf
  package var limits = Limits()
  /// Nil in tests of routes alone.
  package var metrics: Metrics?
  /// Loads and unloads models; nil in tests of routes alone.
  package var steward: Steward?
  /// What asks for models to be loaded or unloaded has to know it; nil: nobody may.
  package var adminToken: AdminToken?
  package var programVersion = "0"
  package var ranking = RankSettings()

  package init(shelf: Shelf, limits: Limits = Limits()) {
    self.shelf = shelf
    self.limits = limits
  }

  /// The model that a request of the API names in its query; the first where it names none.
  /// - Throws: `Problem` 400 for anything else in the query: a name that is not known is a wish that would be ignored.
  func model(for request: WebRequest) throws(Problem) -> ServedModel {
    try shelf.model(for: wishes(["model"], of: request)["model"])
  }

  /// The same with what else the query asks for: means or medians, and ranges.
  /// - Throws: also 400 where the model cannot give it.
  func modelAndWishes(for request: WebRequest) throws(Problem) -> (model: ServedModel, wishes: PredictionWishes) {
    guard !request.query.isEmpty else { return (try shelf.model(for: nil), .none) }
    let texts = try wishes(["model", "predict", "interval"], of: request)
    let model = try shelf.model(for: texts["model"])
    var wishes = PredictionWishes()
    if let text = texts["predict"] {
      guard let wanted = WantedStatistic(rawValue: text) else {
        throw Problem(400, "unknown-parameter", at: "predict", "must be “mean” or “median”")
      }
      wishes.statistic = wanted
      do throws(StatisticError) { wishes.correction = try model.model.correction(to: wanted) } catch {
        throw Problem(400, "unknown-parameter", at: "predict", "cannot be “\(text)”: \(error)")
      }
    }
    if let text = texts["interval"] { wishes.level = try level(text, of: model) }
    return (model, wishes)
  }

  private func level(_ text: String, of model: ServedModel) throws(Problem) -> Double {
    guard let level = Double(text), level > 0, level < 1 else {
      throw Problem(400, "unknown-parameter", at: "interval", "must be a share between 0 and 1, such as 0.9")
    }
    guard model.model.target != PredictionWishes.ownMember else {
      throw Problem(400, "unknown-parameter", at: "interval", "cannot be told beside a target of that name")
    }
    do throws(IntervalError) { try model.model.checkLevel(level) } catch {
      throw Problem(400, "unknown-parameter", at: "interval", "cannot be \(text): \(error)")
    }
    return level
  }

  /// Values of the query by name, of these names only.
  private func wishes(_ known: [String], of request: WebRequest) throws(Problem) -> [String: String] {
    var values: [String: String] = [:]
    for parameter in request.parameters {
      let shown = String(parameter.name.prefix(100))
      guard known.contains(parameter.name) else {
        let names = known.map { "“\($0)”" }.joined(separator: " and ")
        throw Problem(
          400, "unknown-parameter", at: shown,
          "is no parameter of the query: only \(names) \(known.count == 1 ? "is" : "are")")
      }
      guard values.updateValue(parameter.value, forKey: parameter.name) == nil else {
        throw Problem(400, "unknown-parameter", at: shown, "is given twice in the query")
      }
    }
    return values
  }

  var lookup: RepositoryLookup? { ranking.lookup }
}
