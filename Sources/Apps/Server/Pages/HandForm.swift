internal import Learners
internal import Page

/// A row that somebody typed, feature by feature.
///
/// A feature's field has its name behind `FormField.prefix`: features may be called what forms and addresses need for
/// themselves, such as `model`. Links of before, without it, are understood where no field is given otherwise.
struct HandForm {
  private let values: [String: String]
  /// Fields that are meant for a feature; other parameters of an address are nobody's business.
  private let fieldNames: [String]

  init(_ parameters: [(name: String, value: String)]) {
    let fields = parameters.filter { $0.name.hasPrefix(FormField.prefix) }
      .map { (String($0.name.dropFirst(FormField.prefix.count)), $0.value) }
    fieldNames = fields.map(\.0)
    let old = parameters.filter { $0.name != "model" }.map { ($0.name, $0.value) }
    values = Dictionary(fields.isEmpty ? old : fields, uniquingKeysWith: { _, last in last })
  }

  /// What is empty or not there is a missing value; what is no number where one is due is a problem that is named.
  func prediction(by served: ServedModel) throws(Problem) -> HandPrediction {
    let known = Set(served.features.map(\.name))
    var result = HandPrediction(values: values.filter { known.contains($0.key) }.mapValues { String($0.prefix(200)) })
    var instances = Instances()
    instances.rowCount = 1
    for name in fieldNames where !known.contains(name) { instances.noteUnknown(String(name.prefix(100))) }
    instances.missingCounts = served.features.map { values[$0.name] == nil ? 1 : 0 }
    for (place, feature) in served.features.enumerated() {
      let text = (values[feature.name] ?? "").filter { !$0.isWhitespace || feature.levels != nil }
      guard let value = Self.value(of: text, as: feature) else {
        result.problems[feature.name] = "This is not a number."
        instances.values.append(.nan)
        continue
      }
      if let levels = feature.levels, Int(exactly: value) == levels.count { instances.noteUnseen(text, of: place) }
      instances.values.append(value)
    }
    result.notes = RowWarning.sentences(served.warnings(of: instances))
    if result.problems.isEmpty {
      let predictions = try served.predict(instances, wishes: .page(served.model))
      result.predicted = predictions.values.first
      result.interval = predictions.interval(row: 0)
    }
    return result
  }

  /// nil for what is no number where one is due. Texts that the model does not know are one more than all that it knows.
  private static func value(of text: String, as feature: Feature) -> Double? {
    if text.isEmpty { return .nan }
    if let levels = feature.levels {
      switch LevelIndex(levels).match(text) {
      case .same(let level), .alike(let level): return Double(level)
      case .unknown: return MissingText.matches(text) ? .nan : Double(levels.count)
      }
    }
    return Double(text).flatMap { $0.isFinite ? $0 : nil }
  }
}
