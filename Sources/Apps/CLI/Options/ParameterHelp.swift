import Learners

/// The hyper-parameters of all learners, for the help of `fit`.
enum ParameterHelp {
  /// A line for each: "svr.c=3.0  (0, ∞)  price of …".
  static var text: String {
    Registry.learners.map { lines(of: $0) }.joined(separator: "\n")
  }

  private static func lines<Learner: Regressor>(of learner: Learner.Type) -> String {
    let defaults = Learner.Parameters()
    let rows = Learner.Parameters.table.map { parameter in
      "  \(learner.name).\(parameter.name)=\(parameter.value(defaults))  \(parameter.domain): \(parameter.summary)"
    }
    return ([learner.name] + rows).joined(separator: "\n")
  }
}
