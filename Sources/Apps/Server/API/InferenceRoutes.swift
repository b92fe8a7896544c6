internal import Learners
internal import Linalg
internal import NIOCore
internal import NIOHTTP1

/// The Open Inference Protocol, V2, over HTTP: what KServe, Triton and MLServer speak.
struct InferenceRoutes {
  let context: ServerContext

  var routes: [Route] {
    let infer = Route.Action.quickUpTo(PredictRoutes.quickBody) { [self] request throws(Problem) in
      try self.infer(request)
    }
    return [
      get("/v2") { [self] _ throws(Problem) in server },
      get("/v2/health/live") { _ throws(Problem) in .json(["live": true]) },
      get("/v2/health/ready") { [self] _ throws(Problem) in
        let isReady = context.shelf.sources.allSatisfy { context.shelf.model(named: $0.name) != nil }
        return .json(["ready": isReady], status: isReady ? 200 : 503)
      },
      get("/v2/models/{model}", metadata), get("/v2/models/{model}/versions/{version}", metadata),
      get("/v2/models/{model}/ready", readiness), get("/v2/models/{model}/versions/{version}/ready", readiness),
      Route(.POST, "/v2/models/{model}/infer", errors: .inference, infer),
      Route(.POST, "/v2/models/{model}/versions/{version}/infer", errors: .inference, infer),
    ]
  }

  private func get(
    _ pattern: String, _ action: @escaping @Sendable (WebRequest) throws(Problem) -> WebAnswer
  ) -> Route {
    Route(.GET, pattern, errors: .inference, .quick(action))
  }

  private var server: WebAnswer {
    struct Server: Encodable {
      let name = "learners"
      let version: String
      let extensions = ["model_repository", "binary_tensor_data"]
    }
    return .json(Server(version: context.programVersion))
  }

  /// The model that the path names.
  private func model(of request: WebRequest) throws(Problem) -> ServedModel {
    let parts = WebRequest.segments(of: request.path) ?? []
    guard parts.count > 2 else { throw .nothing(at: request.path) }
    let model = try context.shelf.model(for: parts[2])
    if parts.count > 4, parts[3] == "versions", parts[4] != model.version {
      throw .unknownVersion(of: model.name, known: model.version)
    }
    return model
  }

  private func readiness(_ request: WebRequest) throws(Problem) -> WebAnswer {
    struct Readiness: Encodable {
      let name: String
      let ready: Bool
    }
    return .json(Readiness(name: try model(of: request).name, ready: true))
  }

  private func metadata(_ request: WebRequest) throws(Problem) -> WebAnswer {
    struct Tensor: Encodable {
      let name: String
      let datatype: String
      let shape = [-1]
    }
    struct Metadata: Encodable {
      let name: String
      let versions: [String]
      let platform: String
      let inputs: [Tensor]
      let outputs: [Tensor]
    }
    let model = try model(of: request)
    return .json(
      Metadata(
        name: model.name, versions: [model.version], platform: "learners_\(model.model.name)",
        inputs: model.reader.inputs.map { Tensor(name: $0.name, datatype: $0.isNumber ? "FP64" : "BYTES") },
        outputs: outputNames(of: model, level: nil).map { Tensor(name: $0, datatype: "FP64") }))
  }

  /// The target, for a model of several quantiles one for each, named as in the table of `learners predict`, and with ranges
  /// their ends.
  private func outputNames(of model: ServedModel, level: Double?) -> [String] {
    let target = model.model.target
    return [target] + model.predictor.quantileLevels.map { "\(target)_q\($0)" }
      + (level == nil ? [] : ["\(target)_low", "\(target)_high"])
  }

  private func infer(_ request: WebRequest) throws(Problem) -> WebAnswer {
    let model = try model(of: request)
    let bytes = request.body.readableBytesUInt8Span
    let asked = try InferenceRequest(reading: bytes, jsonLength: try jsonLength(of: request))
    let names = outputNames(of: model, level: asked.level)
    if let output = asked.outputs?.first(where: { !names.contains($0.name) }) {
      throw Problem(400, "unknown-output", "“\(output.name.prefix(100))” is no output of the model: see its metadata")
    }
    let instances = try InferenceTensors(model.reader, limit: context.limits.instances).instances(asked, bytes)
    let predictions: RowPredictions
    do throws(Problem) { predictions = try model.predict(instances, wishes: .init(level: asked.level)) } catch {
      throw Problem(400, error.code, error.detail)
    }
    context.metrics?.add(.predictions, instances.rowCount)
    var outputs: [Output] = []
    for (place, name) in names.enumerated() {
      let wanted = asked.outputs?.first { $0.name == name }
      guard wanted != nil || asked.outputs == nil else { continue }
      outputs.append(
        Output(name: name, data: predictions.column(place), isBinary: wanted?.isBinary ?? asked.wantsBinary))
    }
    return answer(body(outputs, id: asked.id, instances, model), outputs)
  }

  private struct Output {
    let name: String
    let data: [Double]
    let isBinary: Bool
  }

  /// Bytes of the JSON that others follow; nil where the body is JSON.
  private func jsonLength(of request: WebRequest) throws(Problem) -> Int? {
    guard let text = request.headers.first(name: Self.lengthHeader) else { return nil }
    guard let length = Int(text), length >= 0 else {
      throw Problem(400, "invalid-request", "Inference-Header-Content-Length must be a number of bytes")
    }
    return length
  }

  private static let lengthHeader = "inference-header-content-length"

  /// Raw data follows the JSON.
  private func answer(_ json: ByteBuffer, _ outputs: [Output]) -> WebAnswer {
    let binary = outputs.filter(\.isBinary)
    guard !binary.isEmpty else { return .json(json) }
    var body = json
    for output in binary {
      for number in output.data { body.writeInteger(number.bitPattern, endianness: .little) }
    }
    return WebAnswer(
      contentType: "application/octet-stream", body: body,
      headers: [(Self.lengthHeader, String(json.readableBytes))])
  }

  private func body(
    _ outputs: [Output], id: String?, _ instances: Instances, _ model: ServedModel
  ) -> ByteBuffer {
    var body = ByteBuffer()
    body.reserveCapacity(outputs.count * instances.rowCount * 20 + 512)
    body.writeStaticString("{\"model_name\":")
    body.writeJSON(model.name)
    body.writeStaticString(",\"model_version\":")
    body.writeJSON(model.version)
    if let id {
      body.writeStaticString(",\"id\":")
      body.writeJSON(id)
    }
    body.writeStaticString(",\"parameters\":{\"sha256\":")
    body.writeJSON(model.sha256)
    let warnings = model.warnings(of: instances)
    let keys: [(RowWarning.Code, String)] = [
      (.missingFeature, "missing_features"), (.unknownLevel, "unknown_levels"), (.beyondTraining, "beyond_training"),
    ]
    for (code, key) in keys {
      let names = warnings.filter { $0.code == code }.map(\.feature)
      guard !names.isEmpty else { continue }
      body.writeString(",\"\(key)\":")
      body.writeJSON(names.joined(separator: ","))
    }
    body.writeStaticString("},\"outputs\":[")
    for (place, output) in outputs.enumerated() {
      if place > 0 { body.writeStaticString(",") }
      write(output, to: &body)
    }
    body.writeStaticString("]}")
    return body
  }

  private func write(_ output: Output, to body: inout ByteBuffer) {
    body.writeStaticString("{\"name\":")
    body.writeJSON(output.name)
    body.writeString(",\"shape\":[\(output.data.count)],\"datatype\":\"FP64\",")
    guard !output.isBinary else {
      body.writeString("\"parameters\":{\"binary_data_size\":\(8 * output.data.count)}}")
      return
    }
    body.writeStaticString("\"data\":[")
    for (index, number) in output.data.enumerated() {
      if index > 0 { body.writeStaticString(",") }
      body.writeJSON(number)
    }
    body.writeStaticString("]}")
  }
}
