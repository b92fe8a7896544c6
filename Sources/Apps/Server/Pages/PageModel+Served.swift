internal import Learners
internal import Page
internal import Repositories

extension PageModel {
  /// What a page says about a model that is served, with what `fit` wrote beside it.
  init(_ served: ServedModel, allNames: [String], written: Timestamp?) {
    let (model, source) = (served.model, served.file.provenance)
    var provenance = Provenance(
      rows: source.rows, dataSHA256: source.dataSHA256, seed: String(source.seed), programVersion: source.programVersion
    )
    provenance.written = written?.description
    provenance.modelSHA256 = served.sha256
    self.init(
      name: served.name, learner: model.name, target: model.target, isLogarithmic: model.pipeline.target.isLogarithmic,
      ranksRepositories: Ranker(served) != nil, features: PageFeature.all(of: served), provenance: provenance)
    logarithmUnit = model.pipeline.target.targetScale.unit.flatMap { $0 == 1 ? nil : $0.roundedText }
    self.allNames = allNames
    predicts = model.statistic.description
    scores = served.file.scores.map { ScoreRow(learner: model.name, $0) }
    let folder = ModelFolder(of: served.path)
    let stored = StoredLeaderboard(reading: folder.leaderboard)
    leaderboard = stored?.content.map { Leaderboard($0, dataSHA256: source.dataSHA256) }
    leaderboardIsBroken = stored?.fault != nil
    outOfFold = OutOfFold(
      reading: folder.outOfFold, of: model.name, rows: source.rows, isStars: isStars,
      unit: model.pipeline.target.targetScale.unit)
    if model.quantileLevels.isEmpty { rangeShare = PredictionWishes.page(model).level }
    if !isStars {
      numbers = TargetNumbers(
        outOfFold?.actual ?? served.file.goldenRows.predictions, areTrue: outOfFold != nil,
        isLogarithmic: outOfFold?.isLogarithmic ?? model.pipeline.target.isLogarithmic,
        typicalError: outOfFold?.typicalError ?? served.file.scores?.medianAbsoluteError)
    }
  }
}

extension ScoreRow {
  fileprivate init(learner: String, _ scores: Scores) {
    self.init(
      learner: learner, r2: scores.r2Transformed, r2Deviation: scores.r2TransformedDeviation,
      meanAbsoluteError: scores.mae, medianAbsoluteError: scores.medianAbsoluteError, spearman: scores.spearman)
  }
}

/// Files beside a model are for people: what cannot be read of them is left out, and the page says what is missing.
private let largestFile = 64 << 20

extension Leaderboard {
  fileprivate init(_ content: StoredLeaderboard.Content, dataSHA256: String) {
    let rows = content.models.prefix(100).map { row in
      ScoreRow(
        learner: row.name, r2: row.r2Transformed ?? .nan, r2Deviation: row.r2Deviation ?? .nan,
        meanAbsoluteError: row.mae ?? .nan,
        medianAbsoluteError: row.medianAbsoluteError ?? .nan, spearman: row.spearman ?? .nan)
    }
    self.init(
      folds: content.cv, isOfSameData: content.data.sha256 == dataSHA256,
      rows: rows.sorted { ($0.r2.isNaN ? -.infinity : $0.r2) > ($1.r2.isNaN ? -.infinity : $1.r2) })
  }
}

extension OutOfFold {
  /// nil unless the file has as many rows as the model learned from: else it is of another job.
  /// - Parameter unit: of the logarithm that the model was fitted on; nil where it was not.
  fileprivate init?(reading path: String, of learner: String, rows: Int, isStars: Bool, unit: Double?) {
    guard let file = try? InputFile(reading: path), file.bytes.count <= largestFile,
      let table = try? TableReader.read([file]), table.rowCount == rows,
      case .numeric(let predicted)? = table[learner]?.values, case .numeric(let actual)? = table["target"]?.values
    else { return nil }
    // A factor off means something where numbers are spread over more than a power of ten.
    let isSpread = (actual.filter(\.isFinite).min() ?? 0) * 10 <= (actual.filter(\.isFinite).max() ?? 0)
    let isNowhereNegative = actual.allSatisfy { !($0 < 0) }
    self.init(
      predicted: predicted, actual: actual, isLogarithmic: isStars || (unit != nil && isSpread && isNowhereNegative),
      unit: isStars ? 1 : unit ?? 1)
  }
}
