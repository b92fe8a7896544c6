internal import Learners
internal import NIOCore
internal import NIOHTTP1

/// `POST /api/predict`: instances in, predictions out.
struct PredictRoutes {
  let context: ServerContext

  /// Bodies that are read and predicted on the event loop: about a hundred rows.
  static let quickBody = 64 << 10

  var routes: [Route] {
    [
      Route(
        .POST, "/api/predict", .quickUpTo(Self.quickBody) { [self] request throws(Problem) in try answer(request) }),
      Route(
        .POST, "/api/predict/stream",
        .stream { [self] request throws(Problem) in
          let (model, wishes) = try context.modelAndWishes(for: request)
          return PredictStream(model, wishes, lineLimit: context.limits.line, metrics: context.metrics)
        }),
    ]
  }

  private func answer(_ request: WebRequest) throws(Problem) -> WebAnswer {
    try requireJSON(request)
    let (model, wishes) = try context.modelAndWishes(for: request)
    let instances = try model.reader.read(request.body.readableBytesUInt8Span, limit: context.limits.instances)
    let predictions = try model.predict(instances, wishes: wishes)
    context.metrics?.add(.predictions, predictions.values.count)
    return .json(body(of: predictions, for: instances, model, wishes))
  }

  private func body(
    of predictions: RowPredictions, for instances: Instances, _ model: ServedModel, _ wishes: PredictionWishes
  ) -> ByteBuffer {
    let each = model.predictionPrefix.readableBytes + 24
    var body = ByteBuffer()
    body.reserveCapacity(predictions.values.count * each + model.predictionsEnd.readableBytes + 64)
    body.writeStaticString("{\"predictions\":[")
    for (index, prediction) in predictions.values.enumerated() {
      if index > 0 { body.writeStaticString("},") }
      body.writeImmutableBuffer(model.predictionPrefix)
      body.writeJSON(prediction)
      predictions.writeRest(row: index, to: &body)
    }
    if !predictions.values.isEmpty { body.writeStaticString("}") }
    body.writeImmutableBuffer(model.predictionsEnd)
    wishes.write(to: &body)
    body.writeWarnings(model.warnings(of: instances))
    body.writeStaticString("}")
    return body
  }
}

/// - Throws: `Problem` 415 for a body that says that it is something else than JSON.
func requireJSON(_ request: WebRequest) throws(Problem) {
  guard let type = request.contentType else { return }
  if type == "application/json" || type.lowercased().hasPrefix("application/json") { return }
  throw Problem(415, "media-type", "the body must be application/json")
}
