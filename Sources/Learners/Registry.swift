/// Every learner that the program knows, in the order of its tables. The one place that lists them.
public enum Registry {
  public static let learners: [any Regressor.Type] = [
    Mean.self, Ridge.self, SVR.self, Forest.self, ExtraTrees.self, Boosting.self, MLP.self,
  ]

  public static func learner(named name: String) -> (any Regressor.Type)? {
    learners.first { $0.name == name }
  }
}
