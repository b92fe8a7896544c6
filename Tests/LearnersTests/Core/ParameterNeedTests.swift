import Learners
import Testing

/// A setting that another one makes idle is refused, with the name of what is missing.
struct ParameterNeedTests {
  private static let idle: [(learner: String, settings: [String: ParameterValue], name: String, missing: String)] = [
    ("boosting", ["quantile": .real(0.95)], "quantile", "loss is quantile"),
    ("boosting", ["quantile": .real(0.95), "loss": .text("absolute")], "quantile", "loss is quantile"),
    (
      "boosting", ["quantile": .real(0.9), "loss": .text("quantile"), "quantiles": .text("0.1,0.9")], "quantile",
      "quantiles is none"
    ),
    ("boosting", ["quantiles": .text("0.1,0.9")], "quantiles", "loss is quantile"),
    ("boosting", ["variancePower": .real(1.2), "loss": .text("poisson")], "variancePower", "loss is tweedie"),
    ("boosting", ["earlyStoppingRounds": .integer(5), "folds": .integer(0)], "earlyStoppingRounds", "folds is not 0"),
    ("boosting", ["validationFraction": .real(0.2), "folds": .integer(0)], "validationFraction", "folds is not 0"),
    ("svr", ["degree": .integer(5)], "degree", "kernel is polynomial"),
    ("svr", ["coefficient0": .real(1)], "coefficient0", "kernel is polynomial"),
    ("svr", ["gamma": .real(1), "kernel": .text("linear")], "gamma", "kernel is rbf or polynomial"),
    ("mlp", ["patience": .integer(5), "earlyStopping": .flag(false)], "patience", "earlyStopping is true"),
    (
      "mlp", ["validationFraction": .real(0.5), "earlyStopping": .flag(false)], "validationFraction",
      "earlyStopping is true"
    ),
  ]

  @Test(arguments: idle.indices) func aSettingThatDoesNothingIsRefused(index: Int) throws {
    let (name, settings, idle, missing) = Self.idle[index]
    let learner = try #require(Registry.learner(named: name))
    let error = #expect(throws: ParameterError.self) { try Candidate(learner, settings: settings) }
    guard case .idle(let found, let need)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(found == idle && need.description == missing)
    #expect(error?.description.contains(need.advice) == true)
  }

  @Test func aSettingThatCountsIsTaken() throws {
    for settings in [
      ["loss": ParameterValue.text("quantile"), "quantile": .real(0.9)],
      ["loss": .text("tweedie"), "variancePower": .real(1.2)],
      ["folds": .integer(3), "earlyStoppingRounds": .integer(9)],
      ["earlyStoppingRounds": .integer(9)], ["quantiles": .text("none")],
    ] {
      #expect(throws: Never.self) { try Candidate(Boosting.self, settings: settings) }
    }
    #expect(throws: Never.self) { try Candidate(SVR.self, settings: ["gamma": .real(0.1)]) }
  }

  /// Parameters that a table says others need are there, and say it in their summary.
  @Test func theTablesAreSound() {
    func check<Learner: Regressor>(_: Learner.Type) {
      for parameter in Learner.Parameters.table {
        for need in parameter.needs {
          #expect(Learner.Parameters.table.contains { $0.name == need.name }, "\(Learner.name).\(parameter.name)")
          #expect(parameter.summary.contains(need.description))
        }
      }
    }
    for learner in Registry.learners { check(learner) }
  }

  /// In a grid a setting has to count for some combinations; where it does not, it is left out, and the same are one.
  @Test func aGridLeavesOutWhatIsIdle() throws {
    let grid = try CandidateGrid(
      SVR.self,
      values: [("kernel", [.text("rbf"), .text("polynomial")]), ("degree", [.integer(2), .integer(4)])])
    #expect(
      grid.candidates.map(\.settings) == [
        ["kernel": .text("rbf")], ["kernel": .text("polynomial"), "degree": .integer(2)],
        ["kernel": .text("polynomial"), "degree": .integer(4)],
      ])
    #expect(throws: CandidateGrid.Problem.self) {
      try CandidateGrid(SVR.self, values: [("kernel", [.text("rbf"), .text("linear")]), ("degree", [.integer(2)])])
    }
  }

  @Test func differentQuantilesAreNotCompared() throws {
    let loss = (name: "loss", values: [ParameterValue.text("quantile")])
    #expect(throws: CandidateGrid.Problem.incomparable) {
      try CandidateGrid(Boosting.self, values: [loss, ("quantile", [.real(0.1), .real(0.9)])])
    }
    let grid = try CandidateGrid(
      Boosting.self, values: [loss, ("quantile", [.real(0.9)]), ("maxLeaves", [.integer(2), .integer(8)])])
    #expect(grid.ranking == .pinball([0.9]))
  }
}
