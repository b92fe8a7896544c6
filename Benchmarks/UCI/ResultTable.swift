/// Mean test RMSE by learner and table, ours above the others.
struct ResultTable {
  private let names: [String]
  private var rows: [(label: String, cells: [String])] = []

  init(names: [String]) { self.names = names }

  /// Other libraries at usual settings on the same splits: concrete, energy, kin8nm, power.
  private static let references: [(String, [String: Double])] = [
    ("scikit-learn SVR (C 10)", ["concrete": 5.62, "energy": 0.87, "kin8nm": 0.072, "power": 4.02]),
    ("scikit-learn forest", ["concrete": 4.85, "energy": 0.493, "kin8nm": 0.139, "power": 3.29]),
    ("scikit-learn extra trees", ["concrete": 4.64, "energy": 0.477, "kin8nm": 0.133, "power": 3.31]),
    ("LightGBM", ["concrete": 4.17, "energy": 0.37, "kin8nm": 0.121, "power": 3.30]),
    ("XGBoost", ["concrete": 4.19, "energy": 0.33, "kin8nm": 0.126, "power": 3.23]),
    ("CatBoost", ["concrete": 3.99, "energy": 0.313, "kin8nm": 0.096, "power": 3.19]),
    ("scikit-learn MLP", ["concrete": 5.30, "energy": 1.18, "kin8nm": 0.071, "power": 3.91]),
  ]

  /// Results of a learner are added one after another, in the order of the tables' names.
  mutating func add(_ result: Problem.Result, learner: String) {
    if rows.last?.label != learner { rows.append((learner, [])) }
    rows[rows.count - 1].cells.append("\(rounded(result.mean)) (\(rounded(result.seconds)) s)")
  }

  mutating func addReferences() {
    for (library, figures) in Self.references {
      let cells = names.map { figures[$0].map(rounded) ?? "" }
      if cells.contains(where: { !$0.isEmpty }) { rows.append((library, cells)) }
    }
  }

  /// A Markdown table.
  var text: String {
    let head = ["| learner | " + names.joined(separator: " | ") + " |", "|---|" + names.map { _ in "---|" }.joined()]
    return (head + rows.map { "| \($0.label) | \($0.cells.joined(separator: " | ")) |" }).joined(separator: "\n")
  }
}

/// Three significant digits, at least for numbers between 0.001 and 1000.
private func rounded(_ number: Double) -> String {
  let factor = number < 0.1 ? 1e4 : number < 1 ? 1e3 : 1e2
  return "\((number * factor).rounded() / factor)"
}
