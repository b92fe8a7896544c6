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
          let (model, _, correction) = try context.modelAndCorrection(for: request)
          return PredictStream(
            model, correction: correction, lineLimit: context.limits.line, metrics: context.metrics)
        }),
    ]
  }

  private func answer(_ request: WebRequest) throws(Problem) -> WebAnswer {
    try requireJSON(request)
    let (model, statistic, correction) = try context.modelAndCorrection(for: request)
    let instances = try model.reader.read(request.body.readableBytesUInt8Span, limit: context.limits.instances)
    let (predictions, quantiles) = try model.predict(instances, correction: correction)
    context.metrics?.add(.predictions, predictions.count)
    return .json(body(of: predictions, quantiles, for: instances, model, statistic))
  }

  private func body(
    of predictions: [Double], _ quantiles: RowQuantiles?, for instances: Instances, _ model: ServedModel,
    _ statistic: WantedStatistic?
  ) -> ByteBuffer {
    let each = model.predictionPrefix.readableBytes + 24
    var body = ByteBuffer()
    body.reserveCapacity(predictions.count * each + model.identity.readableBytes + 64)
    body.writeStaticString("{\"predictions\":[")
    for (index, prediction) in predictions.enumerated() {
      if index > 0 { body.writeStaticString(",") }
      body.writeImmutableBuffer(model.predictionPrefix)
      body.writeJSON(prediction)
      quantiles?.write(row: index, to: &body)
      body.writeStaticString("}")
    }
    body.writeStaticString("],")
    body.writeImmutableBuffer(model.identity)
    if let statistic { body.writeString(",\"predict\":\"\(statistic.rawValue)\"") }
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
