/// How models are received on the machine that serves them.
public struct DeliverySettings: Sendable, Hashable {
  /// The bare repository that is pushed to.
  public var repository = "/srv/learners/models.git"
  /// Releases, and `models`, a link to the one that is served.
  public var folder = "/srv/learners"
  /// Of `models/NAME.safetensors` in the repository.
  public var model = "best"
  /// A table with the target, which no model has seen; nil where models are not compared.
  public var heldOut: String?
  /// How much larger the mean squared error may be than that of the model that is served: 0.02 is 2 %.
  public var allowedLoss = 0.02
  /// Seconds that a prediction of one row may take.
  public var slowestPrediction = 0.05
  /// Bytes.
  public var largestModel = 1 << 30
  /// Releases that stay, the served one included.
  public var kept = 5
  /// Where the page answers; with a slash at its end.
  public var page = "http://127.0.0.1:5100/"
  /// Seconds until the page must serve the new model.
  public var patience = 20.0

  public init() {}

  /// Reads the text of a file such as `/etc/learners/delivery.yml`.
  public init(parsing text: String, file: String) throws(DeployError) {
    let settings = try SettingsReader(text, file: file)
    try settings.allow(
      "repository", "folder", "model", "held-out", "allowed-loss", "slowest-prediction", "largest-model", "keep",
      "page",
      "patience")
    repository = try settings.text("repository") ?? repository
    folder = try settings.text("folder") ?? folder
    model = try settings.text("model") ?? model
    heldOut = try settings.text("held-out")
    allowedLoss = try settings.number("allowed-loss", in: 0...10) ?? allowedLoss
    slowestPrediction = try settings.number("slowest-prediction", in: 1e-6...3_600) ?? slowestPrediction
    largestModel = Int(try settings.number("largest-model", in: 1...1e13) ?? Double(largestModel))
    kept = Int(try settings.number("keep", in: 1...1_000) ?? Double(kept))
    page = try settings.text("page") ?? page
    patience = try settings.number("patience", in: 1...600) ?? patience
    if !page.hasSuffix("/") { page += "/" }
    guard !model.isEmpty, !model.contains("/"), !model.hasPrefix(".") else {
      throw settings.failure("model", "\(shown(model)) is no name of a model", advice: "write one like best")
    }
  }

  /// In the repository.
  var file: String { "models/\(model).safetensors" }
}
