import Learners

/// A model in a blend, in JSON and for people.
struct BlendMember: Encodable {
  let model: String
  let weight: Double
  let parameters: [String: ParameterValue]

  /// The heaviest first; nil for a model that is no blend.
  static func all(of model: Model) -> [BlendMember]? {
    guard let blend = model.learner as? Blend else { return nil }
    return blend.members.sorted { $0.weight > $1.weight }.map {
      BlendMember(model: $0.model.name, weight: $0.weight, parameters: $0.model.parameterValues)
    }
  }

  /// "boosting 0.62, mlp 0.38"
  static func text(_ members: [BlendMember]) -> String {
    members.map { "\($0.model) \($0.weight.fixed(2))" }.joined(separator: ", ")
  }
}
