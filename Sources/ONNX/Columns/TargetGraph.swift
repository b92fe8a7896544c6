internal import Learners

extension GraphBuilder {
  /// From the scale of fitting to the target's own, as `TargetTransform.inverse`.
  internal mutating func target(of prediction: Value, _ transform: TargetTransform) -> Value {
    let scaled = adding(transform.center, to: times(transform.scale, prediction))
    let bounded = clipped(replacingNaN(in: scaled, by: transform.center), transform.lower, transform.upper)
    guard let unit = transform.targetScale.unit else { return bounded }
    return times(unit, adding(-1, to: apply("Exp", [bounded])))
  }

  /// A prediction on a scale; what is too small to have a logarithm is about the least that has one.
  internal mutating func location(of prediction: Value, _ scale: TargetScale) -> Value {
    guard let unit = scale.unit else { return prediction }
    let least = apply("Max", [prediction, constant(-unit * (1 - 2 * .ulpOfOne))])
    return apply("Log", [adding(1, to: divided(least, by: unit))])
  }
}
