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

  /// The same with what has to be done with its predictions: the query may ask for means or medians.
  /// - Throws: also 400 where the model cannot give what is asked for.
  func modelAndCorrection(
    for request: WebRequest
  ) throws(Problem) -> (model: ServedModel, statistic: WantedStatistic?, correction: MeanCorrection?) {
    let wishes = try wishes(["model", "predict"], of: request)
    let model = try shelf.model(for: wishes["model"])
    guard let text = wishes["predict"] else { return (model, nil, nil) }
    guard let wanted = WantedStatistic(rawValue: text) else {
      throw Problem(400, "unknown-parameter", at: "predict", "must be “mean” or “median”")
    }
    do throws(StatisticError) { return (model, wanted, try model.model.correction(to: wanted)) } catch {
      throw Problem(400, "unknown-parameter", at: "predict", "cannot be “\(text)”: \(error)")
    }
  }

  /// Values of the query by name, of these names only.
  private func wishes(_ known: [String], of request: WebRequest) throws(Problem) -> [String: String] {
    guard !request.query.isEmpty else { return [:] }
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
