import Learners

/// What a model file says about itself.
struct ModelCard: Encodable {
  let model: String
  let target: String
  let targetTransform: String
  let features: [FeatureCard]
  let parameters: [String: ParameterValue]
  let scores: ScoresReport?
  let provenance: ModelFile.Provenance
  /// Nil for a learner that follows no such curve.
  let validationCurve: CurveReport?
  private let curve: ValidationCurve?
  private let r2: String?

  struct FeatureCard: Encodable {
    let name: String
    let kind: String
    let unit: String?
    let levels: [String]?
    let importance: Double?
  }

  private enum CodingKeys: String, CodingKey {
    case model, target, features, parameters, scores, provenance
    case targetTransform = "target_transform"
    case validationCurve = "validation_curve"
  }

  init(_ file: ModelFile) {
    let pipeline = file.model.pipeline
    let importance = file.model.featureImportance
    model = file.model.name
    target = file.model.target
    targetTransform = pipeline.target.isLogarithmic ? "log1p" : "none"
    features = pipeline.features.enumerated().map { index, feature in
      FeatureCard(
        name: feature.name, kind: feature.levels == nil ? "numeric" : "categorical", unit: feature.unit,
        levels: feature.levels, importance: importance?[index])
    }
    parameters = file.model.parameterValues
    scores = file.scores.map(ScoresReport.init)
    r2 = file.scores.map {
      "R² \($0.r2Transformed.fixed(4)) ± \($0.r2TransformedDeviation.fixed(4)) on the scale of fitting, \($0.r2.fixed(4)) on the target's own"
    }
    provenance = file.provenance
    curve = ValidationCurve(of: file.model.learner)
    validationCurve = curve.map(CurveReport.init)
  }

  func text(width: Int) -> String {
    let settings = parameters.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    let head = [
      "model       \(model)\(settings.isEmpty ? "" : " (\(settings))")",
      "predicts    \(printable(target))\(targetTransform == "none" ? "" : ", fitted on ln(1 + \(target))")",
      "scores      \(r2 ?? "none taken")",
      "fitted on   \(provenance.rows) rows, seed \(provenance.seed), learners \(provenance.programVersion)",
      "data        SHA-256 \(provenance.dataSHA256)",
      "",
    ]
    return (head + featureTable.lines(width: width) + curveLines(width: width)).joined(separator: "\n")
  }

  private func curveLines(width: Int) -> [String] {
    guard let curve, !curve.losses.isEmpty else { return [] }
    let lines = CurveChart.lines(curve, width: width)
    guard !lines.isEmpty else { return [] }
    let title =
      "loss on the rows left out, mean of \(curve.runs) run\(curve.runs == 1 ? "" : "s"), least after \(curve.best) trees"
    return ["", title, ""] + lines
  }

  /// Features, the most important first where the model knows.
  private var featureTable: TextTable {
    let order = features.sorted { ($0.importance ?? 0) > ($1.importance ?? 0) }
    var columns = [
      TextTable.Column(title: "feature", cells: order.map { printable($0.name) }, isRightAligned: false),
      TextTable.Column(
        title: "kind", cells: order.map { $0.levels.map { "\($0.count) levels" } ?? $0.unit ?? "number" },
        isRightAligned: false, sacrifice: 2),
    ]
    if order.contains(where: { $0.importance != nil }) {
      columns += [
        TextTable.Column(title: "importance", cells: order.map { ($0.importance ?? 0).fixed(4) }),
        TextTable.Column(
          title: "", cells: order.map { LeaderboardTable.bar($0.importance ?? 0) }, isRightAligned: false, sacrifice: 1),
      ]
    }
    return TextTable(columns: columns)
  }
}
