internal import FoundationEssentials

/// What of a blend is JSON: the tensor `members` U8; the learner of member K has its tensors under `member.K.`.
private struct BlendHeader: Codable {
  struct Member: Codable {
    let learner: String
    let parameters: [String: String]
    let encoders: [FeatureEncoder]
    let target: TargetTransform
    let weight: Double
  }

  let features: [Feature]
  /// Of the logarithm; nil where there is none.
  let unit: Double?
  let members: [Member]
}

extension Blend {
  public func encode(into tensors: inout TensorStore) {
    let header = BlendHeader(
      features: features, unit: scale.unit,
      members: members.map { member in
        let pipeline = member.model.pipeline
        return .init(
          learner: member.model.name, parameters: member.model.parameterValues.mapValues(\.description),
          encoders: pipeline.encoders, target: pipeline.target, weight: member.weight)
      })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let bytes = try? encoder.encode(header) else { preconditionFailure("a blend has no JSON form") }
    tensors.set("members", shape: [bytes.count], .uint8(Array(bytes)))
    for (place, member) in members.enumerated() {
      var own = TensorStore()
      member.model.learner.encode(into: &own)
      tensors.add(own, prefix: "member.\(place).")
    }
  }

  public init(decoding tensors: TensorStore, parameters: Parameters, featureCount: Int) throws(ModelFileError) {
    let bytes = try tensors.uint8("members", shape: [nil])
    guard let header = try? JSONDecoder().decode(BlendHeader.self, from: Data(bytes)) else {
      throw Self.flaw("they are not the JSON that they have to be")
    }
    let unitIsSound = header.unit.map { $0 > 0 && $0.isFinite } ?? true
    guard header.features.count == featureCount, unitIsSound else { throw Self.flaw("they are of other features") }
    let total = header.members.reduce(0) { $0 + $1.weight }
    guard (1...Self.mostMembers).contains(header.members.count), abs(total - 1) < 1e-9,
      header.members.allSatisfy({ $0.weight > 0 })
    else { throw Self.flaw("their weights are not above 0 and 1 in all") }
    var members: [Member] = []
    for (place, member) in header.members.enumerated() {
      members.append(try Self.member(member, header.features, tensors.part("member.\(place).")))
    }
    self.init(
      members, scale: TargetScale(unit: header.unit), features: header.features, parameters: parameters)
  }

  internal static let mostMembers = 100

  private static func member(
    _ member: BlendHeader.Member, _ features: [Feature], _ tensors: TensorStore
  ) throws(ModelFileError) -> Member {
    let pipeline = Pipeline(features: features, encoders: member.encoders, target: member.target)
    if let reason = pipeline.flaw { throw flaw("\(member.learner): \(reason)") }
    guard let type = Registry.learner(named: member.learner) else {
      throw flaw("no learner is called \(member.learner)")
    }
    let learner = try type.decoded(from: tensors, texts: member.parameters, featureCount: pipeline.columnCount)
    return Member(Model(pipeline: pipeline, learner: learner, target: ""), weight: member.weight)
  }

  private static func flaw(_ reason: String) -> ModelFileError { .invalidMetadata(key: "members", reason: reason) }
}

extension Regressor {
  /// A learner from its tensors and the texts of its hyper-parameters.
  internal static func decoded(
    from tensors: TensorStore, texts: [String: String], featureCount: Int
  ) throws(ModelFileError) -> Self {
    let parameters: Parameters
    do throws(ParameterError) {
      parameters = try Parameters(settings: texts.mapValues(ParameterValue.init(parsing:)))
    } catch { throw .invalidMetadata(key: "parameters", reason: error.description) }
    return try Self(decoding: tensors, parameters: parameters, featureCount: featureCount)
  }
}
