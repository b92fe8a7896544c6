internal import Repositories

/// What `POST /api/rank` answers.
struct RankAnswer: Encodable {
  struct Entry: Encodable {
    let rank: Int
    /// As GitHub writes it now; nil for an instance.
    var repository: String?
    /// Place of the instance in the request, from 0.
    var instance: Int?
    /// nil where it is beyond all numbers, and for a model of something else than stars.
    var predictedStars: Double?
    /// What else a model predicts.
    var predicted: Double?
    /// By level, of a model that predicts several quantiles; nil where one is beyond all numbers.
    var quantiles: [String: Double?]?
    /// As GitHub counts them.
    var stars: Double?
    /// When GitHub said it, where it could not be asked again.
    var knownSince: String?

    enum CodingKeys: String, CodingKey {
      case rank, repository, instance, quantiles, stars, predicted
      case predictedStars = "predicted_stars"
      case knownSince = "known_since"
    }
  }

  struct Failure: Encodable {
    let repository: String
    /// `unknown`, `blocked`, `limited`, `offline`, `token-refused`, `refused` or `busy`.
    let reason: String
    let detail: String
    /// When GitHub answers again.
    var retryAt: String?

    enum CodingKeys: String, CodingKey {
      case repository, reason, detail
      case retryAt = "retry_at"
    }

    init(_ repository: String, _ failure: LookupFailure) {
      self.repository = repository
      switch failure {
      case .unknown: (reason, detail) = ("unknown", "GitHub knows no public repository of that name")
      case .blocked: (reason, detail) = ("blocked", "GitHub may not show it for legal reasons")
      case .limited(let until):
        (reason, detail) = ("limited", "the requests that GitHub allows for now are used up")
        retryAt = until?.description
      case .offline(let why): (reason, detail) = ("offline", "GitHub does not answer about it: \(why)")
      case .unreachable(let why): (reason, detail) = ("offline", "GitHub cannot be reached: \(why)")
      case .tokenRefused: (reason, detail) = ("token-refused", "GitHub does not accept the server's token")
      case .refused(let says): (reason, detail) = ("refused", says)
      case .busy: (reason, detail) = ("busy", "too many ask at the same time: try again in some seconds")
      }
    }
  }

  struct GitHub: Encodable {
    let hasToken: Bool
    let limit: Int?
    let remaining: Int?
    let reset: String?

    enum CodingKeys: String, CodingKey {
      case limit, remaining, reset
      case hasToken = "has_token"
    }

    init(_ allowance: GitHubAllowance) {
      hasToken = allowance.hasToken
      limit = allowance.limit
      remaining = allowance.remaining
      reset = allowance.reset?.description
    }
  }

  struct Identity: Encodable {
    let name: String
    let version: String
    let sha256: String

    init(_ model: ServedModel) {
      name = model.name
      version = model.version
      sha256 = model.sha256
    }
  }

  let ranking: [Entry]
  let failures: [Failure]
  /// What the model knows and GitHub did not tell.
  let missingFeatures: [String]
  /// As `POST /api/predict` has them; nil where there are none.
  let warnings: [RowWarning]?
  let github: GitHub?
  let model: Identity

  enum CodingKeys: String, CodingKey {
    case ranking, failures, github, model, warnings
    case missingFeatures = "missing_features"
  }
}
