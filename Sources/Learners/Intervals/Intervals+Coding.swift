/// What of intervals is in the metadata of a model file; tensors `intervals.errors` F64 [kept], and those of the spread's learner
/// under `intervals.spread.`.
internal struct IntervalHeader: Codable {
  let rows: Int
  let power: Double
  let isAmount: Bool
  let scores: IntervalScores
  /// Nil where all rows have the same spread.
  let encoders: [NativeEncoder?]?

  private enum CodingKeys: String, CodingKey {
    case rows, power, scores, encoders
    case isAmount = "is_amount"
  }
}

extension Intervals {
  internal var header: IntervalHeader {
    IntervalHeader(rows: rows, power: power, isAmount: isAmount, scores: scores, encoders: spread?.encoders)
  }

  internal func encode(into tensors: inout TensorStore) {
    tensors.set("intervals.errors", shape: [errors.kept.count], .float64(errors.kept))
    guard let spread else { return }
    var own = TensorStore()
    spread.learner.encode(into: &own)
    tensors.add(own, prefix: "intervals.spread.")
  }

  /// - Throws: `ModelFileError` for anything missing, malformed or out of range: the file may be hostile.
  internal init(
    decoding tensors: TensorStore, header: IntervalHeader, features: [Feature]
  ) throws(ModelFileError) {
    func flaw(_ reason: String) -> ModelFileError { .invalidMetadata(key: "intervals", reason: reason) }
    let kept = try tensors.float64("intervals.errors", shape: [nil])
    guard let errors = ErrorRanks(count: header.rows, kept: kept) else { throw flaw("its errors do not rise") }
    guard header.scores.isSound else { throw flaw("its figures are none") }
    let isFlat = header.encoders == nil
    guard isFlat ? header.power == 0 : header.power == 0.5 || header.power == 1 else {
      throw flaw("its power is unknown")
    }
    var spread: Spread?
    if let encoders = header.encoders {
      guard encoders.count == features.count else { throw flaw("its encoders are those of other features") }
      for (encoder, feature) in zip(encoders, features) {
        if let reason = encoder?.flaw(for: feature) { throw flaw("feature \(feature.name): \(reason)") }
      }
      let columns = encoders.count { $0 != nil } + 1
      let learner = try Boosting(
        decoding: tensors.part("intervals.spread."), parameters: Spread.parameters, featureCount: columns)
      spread = Spread(encoders: encoders, learner: learner)
    }
    self.init(
      spread: spread, power: header.power, errors: errors, isAmount: header.isAmount, scores: header.scores)
  }
}
