import Learners

/// The scale that all models are fitted on and ranked by, and why.
struct TargetScaleReport: Encodable {
  /// `log1p` or `none`.
  let transform: String
  /// What the target is divided by before the logarithm.
  let unit: Double?
  let reason: String

  init(_ decision: TargetScale.Decision) {
    transform = decision.scale.transformName
    unit = decision.scale.unit
    reason = decision.reason
  }
}

extension TargetScale {
  /// As `--target-transform` calls it.
  var transformName: String { isLogarithmic ? "log1p" : "none" }
}

extension TargetTransform {
  /// Where predictions end, for a person; nil where they are free.
  var boundsText: String? {
    switch bounds {
    case (nil, nil): nil
    case (let lower?, nil): "not below \(lower.significant(6))"
    case (nil, let upper?): "not above \(upper.significant(6))"
    case (let lower?, let upper?): "within \(lower.significant(6)) and \(upper.significant(6))"
    }
  }
}
