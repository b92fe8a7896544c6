internal import Learners
internal import Page

/// A row that somebody typed, feature by feature.
struct HandForm {
  private let values: [String: String]

  init(_ parameters: [(name: String, value: String)]) {
    values = Dictionary(parameters.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
  }

  /// What is empty or not there is a missing value; what is no number where one is due is a problem that is named.
  func prediction(by served: ServedModel) throws(Problem) -> HandPrediction {
    let known = Set(served.features.map(\.name))
    var result = HandPrediction(values: values.filter { known.contains($0.key) }.mapValues { String($0.prefix(200)) })
    var instances = Instances()
    instances.rowCount = 1
    for feature in served.features {
      let text = (values[feature.name] ?? "").filter { !$0.isWhitespace || feature.levels != nil }
      guard let value = Self.value(of: text, as: feature) else {
        result.problems[feature.name] = "This is not a number."
        instances.values.append(.nan)
        continue
      }
      instances.values.append(value)
    }
    if result.problems.isEmpty {
      let (predictions, quantiles) = try served.predict(instances)
      result.predicted = predictions.first
      result.interval = quantiles?.interval(row: 0)
    }
    return result
  }

  /// nil for what is no number where one is due. Texts that the model does not know are one more than all that it knows.
  private static func value(of text: String, as feature: Feature) -> Double? {
    if text.isEmpty { return .nan }
    if let levels = feature.levels { return Double(levels.firstIndex(of: text) ?? levels.count) }
    return Double(text).flatMap { $0.isFinite ? $0 : nil }
  }
}
