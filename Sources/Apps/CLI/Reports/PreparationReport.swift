import Learners

/// What was done to the features of a model: how many numbers got which form, and which levels have no column of their own.
struct PreparationReport: Encodable {
  /// Numbers by form; those that are as they are not counted.
  let forms: [String: Int]
  let pooledLevels: Int
  let pooledRows: Int

  private enum CodingKeys: String, CodingKey {
    case forms
    case pooledLevels = "pooled_levels"
    case pooledRows = "pooled_rows"
  }

  init(_ pipeline: Pipeline) {
    var forms: [String: Int] = [:]
    for case .numeric(let encoder) in pipeline.encoders {
      if let form = encoder.form, form != .raw { forms[form.rawValue, default: 0] += 1 }
    }
    self.forms = forms
    pooledLevels = pipeline.encoders.reduce(0) { $0 + $1.pooled.levels }
    pooledRows = pipeline.encoders.reduce(0) { $0 + $1.pooled.rows }
  }

  /// For a person; nil where features are as they are.
  var text: String? {
    let words = ["log": "as logarithm", "clipped": "clipped smoothly", "both": "as logarithm and clipped"]
    let numbers = ["log", "clipped", "both"].compactMap { form in
      forms[form].map { "\($0) \($0 == 1 ? "number" : "numbers") \(words[form] ?? form)" }
    }
    let pooled = pooledLevels > 0 ? ["\(pooledLevels) levels (\(pooledRows) rows) pooled"] : []
    let parts = numbers + pooled
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}
