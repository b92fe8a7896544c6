internal import Learners
internal import NIOCore

/// What models are told and say, as schemas of OpenAPI. Models with the same features and the same target share theirs.
///
/// One schema is called `Instance` and `Prediction`. Of several, each has the name of its first model behind it, and
/// `Instance` and `Prediction` are any of them: the parameter `model` says which, and no schema can.
struct ModelSchemas {
  private struct Kind {
    let name: String
    let instance: String
    let prediction: String
  }

  private let kinds: [Kind]
  /// Whether there are models that are not described.
  private let isCut: Bool

  /// So many features are described at most: a description is read as a whole by programs that may be small.
  private static let mostFeatures = 20_000

  init(_ models: [ServedModel]) {
    var kinds: [Kind] = []
    var features = 0
    var isCut = false
    for model in models {
      guard kinds.isEmpty || features + model.features.count <= Self.mostFeatures else {
        isCut = true
        continue
      }
      let (instance, prediction) = (Self.instance(of: model), Self.prediction(of: model))
      guard !kinds.contains(where: { $0.instance == instance && $0.prediction == prediction }) else { continue }
      features += model.features.count
      kinds.append(Kind(name: model.name, instance: instance, prediction: prediction))
    }
    self.kinds = kinds
    self.isCut = isCut
  }

  /// Members of `components.schemas`.
  var text: String {
    guard kinds.count > 1 || isCut else {
      let instance = kinds.first?.instance ?? #"{"type":"object"}"#
      let prediction = kinds.first?.prediction ?? #"{"type":"object"}"#
      return #""Instance":\#(instance),"Prediction":\#(prediction)"#
    }
    let names = componentNames
    let own = zip(names, kinds).map { name, kind in
      #""Instance_\#(name)":\#(kind.instance),"Prediction_\#(name)":\#(kind.prediction)"#
    }
    let any = ["Instance", "Prediction"].map { part in
      let references =
        names.map { ##"{"$ref":"#/components/schemas/\##(part)_\##($0)"}"## }
        + (isCut ? [#"{"type":"object"}"#] : [])
      return #""\#(part)":{"anyOf":[\#(references.joined(separator: ","))]}"#
    }
    return (own + any).joined(separator: ",")
  }

  /// Names of components have few signs; each is used once.
  private var componentNames: [String] {
    var used: Set<String> = []
    return kinds.enumerated().map { index, kind in
      let plain = String(kind.name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
      // Generators make names of classes of these, in which large and small letters are the same.
      let name = used.contains(plain.lowercased()) ? "\(plain)_\(index + 1)" : plain
      used.insert(name.lowercased())
      return name
    }
  }

  private static func instance(of model: ServedModel) -> String {
    let properties = model.reader.inputs.map { input in
      "\(input.name.asJSON):\(input.feature.map(schema) ?? schemaOfDate)"
    }.joined(separator: ",")
    return
      #"{"type":"object","description":"The features of a row. One that is not given, or null, is missing; one that the model does not know gives a warning.","properties":{\#(properties)}}"#
  }

  private static let schemaOfDate =
    #"{"type":["string","number","null"],"description":"A date, as the column has them."}"#

  private static func schema(of feature: Feature) -> String {
    let unit = feature.unit.map { ",\"description\":\($0.asJSON)" } ?? ""
    return feature.levels == nil
      ? "{\"type\":[\"number\",\"boolean\",\"null\"],\"minimum\":-1.7976931348623157e308,\"maximum\":1.7976931348623157e308\(unit)}"
      : "{\"type\":[\"string\",\"null\"]\(unit)}"
  }

  private static func prediction(of model: ServedModel) -> String {
    let target = model.model.target.asJSON
    let warnings = RowWarning.member(beside: model.model.target)
    return
      ##"{"type":"object","required":[\##(target)],"properties":{\##(target):{"type":["number","null"]}\##(quantiles(of: model)),"interval":{"type":"object","description":"Where it is asked for.","required":["low","high"],"properties":{"low":{"type":["number","null"]},"high":{"type":["number","null"]}}},"\##(warnings)":{"type":"array","description":"Of a line of a stream.","items":{"$ref":"#/components/schemas/Warning"}}}}"##
  }

  /// The quantiles beside a prediction, of a model that has them.
  private static func quantiles(of model: ServedModel) -> String {
    let levels = model.predictor.quantileLevels.map { "\($0)".asJSON }
    guard !levels.isEmpty else { return "" }
    let properties = levels.map { $0 + #":{"type":["number","null"]}"# }.joined(separator: ",")
    return
      #","quantiles":{"type":"object","required":[\#(levels.joined(separator: ","))],"properties":{\#(properties)}}"#
  }
}

extension String {
  /// In quotes, as JSON has it.
  var asJSON: String {
    var buffer = ByteBuffer()
    buffer.writeJSON(self)
    return String(buffer: buffer)
  }
}
