import Learners

/// What a model file says about itself.
struct ModelCard: Encodable {
  let model: String
  let target: String
  let targetTransform: String
  /// What the target is divided by before the logarithm.
  let targetUnit: Double?
  /// Where predictions end.
  let bounds: Bounds
  let features: [FeatureCard]
  let parameters: [String: ParameterValue]
  let scores: ScoresReport?
  let provenance: ModelFile.Provenance
  /// What its predictions are: "mean", "median" or "quantile 0.95".
  let predicts: String
  /// How means follow; nil where that is not known, or where predictions are means.
  let meanCorrection: MeanCorrection?
  /// Of a blend.
  let members: [BlendMember]?
  /// Nil where it knows no ranges.
  let interval: IntervalReport?
  private let intervals: Intervals?
  /// Nil for a learner whose search cannot end too early.
  let converged: Bool?
  let iterations: Int?
  private let convergence: Convergence?
  /// Nil for a learner that follows no such curve.
  let validationCurve: CurveReport?
  private let curve: ValidationCurve?
  private let r2: String?

  struct FeatureCard: Encodable {
    let name: String
    let kind: String
    let unit: String?
    let levels: [String]?
    /// What becomes of it before the learner sees it.
    let preparation: String
    let importance: Double?
    /// The column of dates that it is a part of.
    let dateColumn: String?
    /// How its cells are written, where that is not plainly.
    let cells: CellStyle?

    private enum CodingKeys: String, CodingKey {
      case name, kind, unit, levels, preparation, importance, cells
      case dateColumn = "date_column"
    }
  }

  struct Bounds: Encodable {
    let lower: Double?
    let upper: Double?
  }

  private let scale: String
  private let boundsText: String?

  private enum CodingKeys: String, CodingKey {
    case model, target, features, parameters, scores, provenance, predicts, converged, iterations, bounds, interval,
      members
    case meanCorrection = "mean_correction"
    case targetUnit = "target_unit"
    case targetTransform = "target_transform"
    case validationCurve = "validation_curve"
  }

  init(_ file: ModelFile) {
    let pipeline = file.model.pipeline
    let importance = file.model.featureImportance
    model = file.model.name
    target = file.model.target
    targetTransform = pipeline.target.targetScale.transformName
    targetUnit = pipeline.target.targetScale.unit
    scale = printable(pipeline.target.targetScale.label(of: target))
    bounds = Bounds(lower: pipeline.target.bounds.lower, upper: pipeline.target.bounds.upper)
    boundsText = pipeline.target.boundsText
    features = pipeline.features.enumerated().map { index, feature in
      FeatureCard(
        name: feature.name, kind: feature.levels == nil ? "numeric" : "categorical", unit: feature.unit,
        levels: feature.levels, preparation: pipeline.encoders[index].summary, importance: importance?[index],
        dateColumn: feature.date?.column, cells: feature.cells)
    }
    parameters = file.model.parameterValues
    scores = file.scores.map(ScoresReport.init)
    r2 = file.scores.map {
      "R² \($0.r2Transformed.fixed(4)) ± \($0.r2TransformedDeviation.fixed(4)) on the scale of fitting, \($0.r2.fixed(4)) on the target's own"
        + ($0.quantiles ?? []).map {
          ", pinball loss of quantile \($0.level) \($0.pinball.significant(4)), coverage \($0.coverage.fixed(3))"
        }
        .joined()
    }
    provenance = file.provenance
    predicts = file.model.statistic.description
    meanCorrection = file.model.meanCorrection
    members = BlendMember.all(of: file.model)
    intervals = file.model.intervals
    interval = intervals.map { IntervalReport($0.scores, of: $0) }
    convergence = file.model.learner.convergence
    converged = convergence?.converged
    iterations = convergence?.iterations
    curve = ValidationCurve(of: file.model.learner)
    validationCurve = curve.map(CurveReport.init)
  }

  func text(width: Int) -> String {
    let settings = parameters.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    let head =
      ([
        "model       \(model)\(settings.isEmpty ? "" : " (\(settings))")",
        members.map { "members     \(BlendMember.text($0))" },
        "predicts    \(predicts) of \(printable(target))\(targetUnit == nil ? "" : ", fitted on \(scale)")\(boundsText.map { ", \($0)" } ?? "")",
        "means       \(meanText)",
        "ranges      \(rangeText)",
        "scores      \(r2 ?? "none taken")",
      ] as [String?]).compactMap(\.self) + convergenceLines + [
        "fitted on   \(provenance.rows) rows, seed \(provenance.seed), learners \(provenance.programVersion)",
        "data        SHA-256 \(provenance.dataSHA256)",
        "",
      ]
    return (head + featureTable.lines(width: width) + readingLines + curveLines(width: width)).joined(separator: "\n")
  }

  /// How columns are read that are not plainly written.
  private var readingLines: [String] {
    let dates = Set(features.compactMap(\.dateColumn)).sorted().map { "\(printable($0)): a column of dates" }
    let cells = features.compactMap { feature -> String? in
      guard let cells = feature.cells else { return nil }
      let mark = cells.decimalMark == .comma ? ["a decimal comma"] : []
      let missing =
        cells.missing.isEmpty ? [] : ["missing: " + cells.missing.map { "“\(printable($0))”" }.joined(separator: ", ")]
      return "\(printable(feature.dateColumn ?? feature.name)): \((mark + missing).joined(separator: "; "))"
    }
    return dates.isEmpty && cells.isEmpty ? [] : ["", "read as"] + (dates + cells).map { "  " + $0 }
  }

  /// How means follow from what is predicted.
  private var meanText: String {
    guard predicts != "mean" else { return "as predicted" }
    guard let correction = meanCorrection else { return "not known" }
    let (head, values) = (zip(correction.values, correction.errors), correction.values)
    let added = correction.offset.shortText
    let several = "\(values[0].significant(3)) … \(values[values.count - 1].significant(3))"
    switch correction.form {
    case .factor where values.count == 1:
      let (factor, error) = Array(head)[0]
      return
        "\(added) + mean = \(factor.significant(4)) ± \(error.significant(2)) times \(added) + median (\(rowsText(correction)))"
    case .shift where values.count == 1:
      let (shift, error) = Array(head)[0]
      return "mean = median + \(shift.significant(4)) ± \(error.significant(2)) (\(rowsText(correction)))"
    case .factor:
      return
        "\(added) + mean = \(several) times \(added) + median, from small to large ones (\(rowsText(correction)))"
    case .shift: return "mean = median + \(several), from small to large ones (\(rowsText(correction)))"
    }
  }

  /// What is known of how far off it is.
  private var rangeText: String {
    guard let intervals else { return "not known" }
    let scores = intervals.scores
    let shape = intervals.followsRows ? "as wide as rows like it are uncertain" : "of one width on the scale of fitting"
    return
      "\(shape): that of \(scores.level.shortText) held \(scores.coverage.fixed(3)) of \(intervals.scores.rows) rows, mean width \(scores.meanWidth.significant(4)): --interval \(scores.level.shortText)"
  }

  private func rowsText(_ correction: MeanCorrection) -> String {
    "from \(correction.rows) out-of-fold residuals: --predict mean"
  }

  private var convergenceLines: [String] {
    guard let convergence else { return [] }
    let state = convergence.reason.map { "no: \($0)" } ?? "yes"
    return ["converged   \(state) (\(convergence.iterations) iterations)"]
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
      TextTable.Column(title: "prepared", cells: order.map(\.preparation), isRightAligned: false, sacrifice: 1),
    ]
    if order.contains(where: { $0.importance != nil }) {
      columns += [
        TextTable.Column(title: "importance", cells: order.map { ($0.importance ?? 0).fixed(4) }),
        TextTable.Column(
          title: "", cells: order.map { LeaderboardTable.bar($0.importance ?? 0) }, isRightAligned: false, sacrifice: 3),
      ]
    }
    return TextTable(columns: columns)
  }
}
