/// Everything that a page shows.
public struct PageContent: Sendable {
  /// What the visitor came for: it decides title and what is shown of the other parts.
  public enum Part: String, Sendable { case rank, hand, table }

  /// nil: there is no model yet.
  public var card: ModelCard?
  /// Where a model is looked for, as the operator wrote it; for the page without one.
  public var modelPath: String
  /// Why there is none, where a file was there and could not be used.
  public var modelFault: String?
  /// The part that was asked for something.
  public var part = Part.rank
  public var github = GitHubAccess()
  public var ranking: Ranking?
  public var hand: HandPrediction?
  public var table: TablePrediction?
  /// Version of the program.
  public var version: String

  internal var model: PageModel? { card?.model }

  public init(card: ModelCard?, modelPath: String = "models/best.safetensors", version: String) {
    self.card = card
    self.modelPath = modelPath
    self.version = version
  }
}

/// What is known about asking GitHub.
public struct GitHubAccess: Sendable {
  public var hasToken = false
  /// Requests that GitHub still answers; nil before the first.
  public var remaining: Int?
  /// Of so many.
  public var limit: Int?
  /// When there are new ones: "2026-11-23T14:32:10Z".
  public var reset: String?

  public init() {}

  /// Whether nothing can be asked now.
  internal var isExhausted: Bool { remaining == 0 && reset != nil }
}

/// Repositories in the order of their predictions, and those that there is nothing to say about.
public struct Ranking: Sendable {
  /// What was typed.
  public var asked: String
  /// Most predicted stars first.
  public var repositories: [RankedRepository] = []
  public var failures: [RankFailure] = []

  public init(asked: String) { self.asked = asked }
}

public struct RankedRepository: Sendable {
  /// "owner/name", as GitHub writes it now.
  public var name: String
  public var predicted: Double
  /// nil where GitHub does not say.
  public var stars: Double?
  /// Features that the model knows and GitHub did not tell.
  public var missing: [String] = []
  /// Of a model that predicts several quantiles.
  public var interval: PredictedInterval?
  /// When GitHub said it, where it could not be asked again: "2026-11-23T14:32:10Z".
  public var rememberedSince: String?

  public init(name: String, predicted: Double, stars: Double?) {
    self.name = name
    self.predicted = predicted
    self.stars = stars
  }
}

/// Why nothing can be said about something that was typed.
public struct RankFailure: Sendable {
  public enum Reason: Sendable, Hashable {
    case notAName, tooMany, unknown, blocked, cannotBePredicted
    /// When GitHub answers again.
    case limited(until: String?)
    case offline
    case tokenRefused
    /// Too many ask at the same time.
    case busy
    /// What GitHub says.
    case refused(String)
  }

  public var text: String
  public var reason: Reason

  public init(_ text: String, _ reason: Reason) {
    self.text = text
    self.reason = reason
  }
}

/// What fields of features are called in forms and addresses.
public enum FormField {
  /// In front of a feature's name: a feature may be called as another field of the form is.
  public static let prefix = "f."
}

/// What was typed for one row, and what comes of it.
public struct HandPrediction: Sendable {
  /// By feature, as typed.
  public var values: [String: String]
  /// nil where something typed is wrong.
  public var predicted: Double?
  /// Of a model that predicts several quantiles.
  public var interval: PredictedInterval?
  /// By feature: what is wrong.
  public var problems: [String: String] = [:]
  /// What was perhaps not meant.
  public var notes: [String] = []

  public init(values: [String: String]) { self.values = values }
}

/// What comes of a table that was sent.
public struct TablePrediction: Sendable {
  public var fileName: String
  /// Why nothing comes of it.
  public var problem: String?
  /// What a person should know about how the file was read.
  public var notes: [String] = []
  public var predicted: [Double] = []
  /// The true number of each row where the table has the target, NaN where it is missing.
  public var actual: [Double]?
  /// The columns of the file to show, each with a text a row.
  public var columns: [(name: String, cells: [String])] = []

  public init(fileName: String) { self.fileName = fileName }
}
