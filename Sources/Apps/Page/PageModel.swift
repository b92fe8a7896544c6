/// What a page says about a model, and asks for one.
public struct PageModel: Sendable {
  /// What it is served as.
  public var name: String
  /// All that are served, this one among them.
  public var allNames: [String]
  /// "boosting".
  public var learner: String
  /// Such as "stars": what is predicted.
  public var target: String
  /// Whether it was fitted on ln(1 + target / unit).
  public var isLogarithmic: Bool
  /// That unit, where it is not 1.
  public var logarithmUnit: String?
  /// What its predictions are: "mean", "median" or "quantile 0.95".
  public var predicts = "mean"
  /// It predicts the stars of GitHub's repositories from what GitHub tells of them.
  public var ranksRepositories: Bool
  public var features: [PageFeature]
  public var scores: ScoreRow?
  public var provenance: Provenance
  /// The models that were compared when this one was made, best first; nil where there is no leaderboard.
  public var leaderboard: Leaderboard?
  /// Whether there is a leaderboard that cannot be read.
  public var leaderboardIsBroken = false
  /// nil where there is no file of out-of-fold predictions.
  public var outOfFold: OutOfFold?
  /// The share of targets in the range that it tells of each row; nil where it tells none.
  public var rangeShare: Double?
  /// How its predictions are written.
  public var numbers: TargetNumbers
  /// What several features would be called in words, and how many.
  private let sharedTitles: [String: Int]

  public struct Provenance: Sendable {
    public var rows: Int
    public var dataSHA256: String
    public var seed: String
    public var programVersion: String
    /// When the model file was written: "2026-11-23T14:32:10Z".
    public var written: String?
    public var modelSHA256: String?

    public init(rows: Int, dataSHA256: String, seed: String, programVersion: String) {
      self.rows = rows
      self.dataSHA256 = dataSHA256
      self.seed = seed
      self.programVersion = programVersion
    }
  }

  public init(
    name: String, learner: String, target: String, isLogarithmic: Bool, ranksRepositories: Bool,
    features: [PageFeature], provenance: Provenance
  ) {
    self.name = name
    allNames = [name]
    self.learner = learner
    self.target = target
    self.isLogarithmic = isLogarithmic
    self.ranksRepositories = ranksRepositories
    self.features = features
    self.provenance = provenance
    let titles = features.map { $0.title.lowercased() }
    sharedTitles = Dictionary(titles.map { ($0, 1) }, uniquingKeysWith: +).filter { $0.value > 1 }
    numbers = TargetNumbers(.digits(4))
    if isStars { numbers = TargetNumbers(.count) }
  }

  /// The scale of R², in words.
  internal var scaleText: String {
    isLogarithmic ? "ln(1 + \(targetNoun)\(logarithmUnit.map { " / \($0)" } ?? ""))" : targetNoun
  }

  /// A feature's name in words; as it is where the words would be those of another one, too.
  internal func title(of feature: PageFeature) -> String {
    sharedTitles[feature.title.lowercased()] == nil ? feature.title : feature.name
  }

  /// What is predicted, in words: GitHub's names of the stars are stars.
  internal var targetNoun: String { isStars ? "stars" : target }
  public var isStars: Bool { ranksRepositories || ["stars", "stargazers_count", "stargazers"].contains(target) }
}

/// One thing that a model wants to know.
public struct PageFeature: Sendable {
  public enum Kind: Sendable, Hashable {
    /// From … to is what a slider goes through; any number may be typed.
    case number(from: Double, to: Double, isLogarithmic: Bool)
    /// 0 or 1.
    case flag
    /// The texts that the model knows.
    case levels([String])
  }

  public var name: String
  public var kind: Kind
  /// Such as "days"; nil where it has none or it is not known.
  public var unit: String?
  public var meaning: String?
  /// What the field holds in the beginning.
  public var example: String
  /// Its share in what the model does, 0 to 1; nil where the learner has no such notion.
  public var importance: Double?

  public init(name: String, kind: Kind, unit: String? = nil, meaning: String? = nil, example: String = "") {
    self.name = name
    self.kind = kind
    self.unit = unit
    self.meaning = meaning
    self.example = example
  }

  /// The name in words: "days since push".
  internal var title: String {
    let words = name.split { $0 == "_" }.joined(separator: " ")
    guard let first = words.first else { return name }
    // Without what the unit beside the field says.
    let text = first.uppercased() + words.dropFirst()
    for ending in [" kb", " count", " days"] where text.hasSuffix(ending) { return String(text.dropLast(ending.count)) }
    return text
  }
}

/// Models that were compared on the same folds.
public struct Leaderboard: Sendable {
  public var folds: Int
  /// Whether it is about the data that the served model was fitted on.
  public var isOfSameData: Bool
  public var rows: [ScoreRow]

  public init(folds: Int, isOfSameData: Bool, rows: [ScoreRow]) {
    self.folds = folds
    self.isOfSameData = isOfSameData
    self.rows = rows
  }
}

/// Scores of one model out of fold; NaN where one is not defined.
public struct ScoreRow: Sendable {
  public var learner: String
  /// On the scale of fitting.
  public var r2: Double
  /// Between folds; NaN where fewer than two folds have an R².
  public var r2Deviation: Double
  public var meanAbsoluteError: Double
  public var medianAbsoluteError: Double
  public var spearman: Double

  public init(
    learner: String, r2: Double, r2Deviation: Double, meanAbsoluteError: Double, medianAbsoluteError: Double,
    spearman: Double
  ) {
    self.learner = learner
    self.r2 = r2
    self.r2Deviation = r2Deviation
    self.meanAbsoluteError = meanAbsoluteError
    self.medianAbsoluteError = medianAbsoluteError
    self.spearman = spearman
  }
}
