internal import Learners
internal import NIOCore
internal import NIOHTTP1

/// `GET /openapi.json`: the API as OpenAPI 3.1 has it, with the features of its models.
struct OpenAPI {
  let context: ServerContext

  var routes: [Route] {
    [
      Route(
        .GET, "/openapi.json",
        .slow { [self] request throws(Problem) in .json(ByteBuffer(string: document(below: prefix(of: request)))) })
    ]
  }

  /// Where the server is for its clients: as the operator says, or a proxy in `X-Forwarded-Prefix`.
  private func prefix(of request: WebRequest) -> String {
    guard context.limits.basePath.isEmpty else { return context.limits.basePath }
    let given = request.headers.first(name: "x-forwarded-prefix") ?? ""
    let isPath =
      given.hasPrefix("/") && !given.hasPrefix("//") && given.utf8.count <= 200
      && given.utf8.allSatisfy { byte in
        (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || "/.-_~".utf8.contains(byte)
      }
    return isPath ? String(given.reversed().drop { $0 == "/" }.reversed()) : ""
  }

  private func document(below prefix: String) -> String {
    let models = context.shelf.models
    return """
      {"openapi":"3.1.0","info":{"title":"learners","version":\(context.programVersion.asJSON),\
      "description":"Predictions of models for tables. Errors are RFC 9457 problem details; those below /v2 have the form of the Open Inference Protocol."},\
      "servers":[{"url":\((prefix.isEmpty ? "/" : prefix).asJSON)}],"paths":{\(paths)},\
      "components":{"parameters":\(OpenAPIText.parameters(names, interval: intervals)),"responses":\(OpenAPIText.responses),\
      "securitySchemes":{"admin":{"type":"http","scheme":"bearer"}},"schemas":{\
      \(ModelSchemas(models).text),\
      "RankRequest":\(rankRequest),\(OpenAPIText.schemas)}}}
      """
  }

  /// Repositories can be ranked where the first model predicts stars.
  private var rankRequest: String {
    let canAsk = context.lookup != nil && context.shelf.defaultModel.map { Ranker($0) != nil } ?? true
    return canAsk
      ? #"{"oneOf":[\#(OpenAPIText.rankedRepositories),\#(OpenAPIText.rankedInstances)]}"# : OpenAPIText.rankedInstances
  }

  /// The schema of a model's name.
  private var names: String { oneOf(context.shelf.sources.map(\.name)) }

  /// A text that is one of these; any where there are none.
  private func oneOf(_ texts: [String]) -> String {
    texts.isEmpty ? #"{"type":"string","minLength":1}"# : "{\"enum\":[\(texts.map(\.asJSON).joined(separator: ","))]}"
  }

  /// The shares that all models with ranges can tell: a client that keeps to them is refused by none of these.
  private var intervals: String {
    let highest = context.shelf.models.compactMap { $0.model.intervals?.highestLevel }.min()
    let bound = highest.map { ",\"maximum\":\($0)" } ?? ",\"exclusiveMaximum\":1"
    return #"{"type":"number","exclusiveMinimum":0\#(bound)}"#
  }

  private var paths: String {
    let model = OpenAPIText.pathParameter("model", schema: names)
    let version = OpenAPIText.pathParameter("version", schema: #"{"type":"string","minLength":1}"#)
    let versioned = ["/v2/models/{model}", "/v2/models/{model}/versions/{version}"]
    return
      ([OpenAPIText.paths, OpenAPIText.inferenceServer(model)]
      + versioned.map { base in
        let parameters =
          base.hasSuffix("}/versions/{version}")
          ? "[\(model),\(version)]" : "[\(model)]"
        return OpenAPIText.inferenceModel(base, parameters)
      }).joined(separator: ",")
  }
}

/// The parts that are the same for every model.
private enum OpenAPIText {
  static func parameters(_ name: String, interval: String) -> String {
    """
    {"Model":{"name":"model","in":"query","required":false,"description":"Name of the model; the first where none is given. What is no parameter of the path is refused.",\
    "schema":\(name)},\
    "Predict":{"name":"predict","in":"query","required":false,"description":"Which number of what a row may be is wanted: a model that was fitted on a logarithm predicts medians, and means are above them. A model that cannot give it refuses.",\
    "schema":{"enum":["mean","median"]}},\
    "Interval":{"name":"interval","in":"query","required":false,"description":"The share of targets that the range of a row is to hold, such as 0.9: each prediction then has one. A model with too few training rows to tell it refuses; `highest_interval` of its description at /api/model says which.",\
    "schema":\(interval)}}
    """
  }

  static func pathParameter(_ name: String, schema: String) -> String {
    #"{"name":"\#(name)","in":"path","required":true,"schema":\#(schema)}"#
  }

  static let responses = """
    {"Problem":{"description":"Why the request cannot be answered.","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},\
    "InferenceError":{"description":"Why the request cannot be answered.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/InferenceError"}}}}}
    """

  static let rankedRepositories = ##"""
    {"type":"object","required":["repositories"],"additionalProperties":false,"properties":{"repositories":{"type":"array","minItems":1,"maxItems":20,"items":{"type":"string","pattern":"^[A-Za-z0-9][A-Za-z0-9_-]{0,38}/(?![.]{1,2}$)[A-Za-z0-9._-]{1,100}$"}}}}
    """##

  static let rankedInstances = ##"""
    {"type":"object","required":["instances"],"additionalProperties":false,"properties":{"instances":{"type":"array","maxItems":10000,"items":{"$ref":"#/components/schemas/Instance"}}}}
    """##

  static let schemas = """
    "Model":{"type":"object","required":["name","version","sha256"],"properties":{"name":{"type":"string"},"version":{"type":"string"},"sha256":{"type":"string","pattern":"^[0-9a-f]{64}$"}}},\
    "Warning":{"type":"object","required":["code","feature","instances"],"properties":{"code":{"enum":["missing-feature","unknown-feature","unknown-level","beyond-training"]},"feature":{"type":"string"},"instances":{"type":"integer","minimum":1},"levels":{"type":"array","items":{"type":"string"}},"range":{"type":"object","description":"Of the training rows.","required":["low","high"],"properties":{"low":{"type":"number"},"high":{"type":"number"}}}}},\
    "Predictions":{"type":"object","required":["predictions","model"],"properties":{"predictions":{"type":"array","items":{"$ref":"#/components/schemas/Prediction"}},"model":{"$ref":"#/components/schemas/Model"},"predict":{"enum":["mean","median"]},"interval":{"type":"number"},"warnings":{"type":"array","items":{"$ref":"#/components/schemas/Warning"}}}},\
    "StreamLine":{"anyOf":[{"$ref":"#/components/schemas/Prediction"},{"$ref":"#/components/schemas/StreamFault"}]},\
    "StreamFault":{"type":"object","required":["error"],"properties":{"error":{"$ref":"#/components/schemas/LineProblem"}}},\
    "LineProblem":{"type":"object","required":["code","detail"],"properties":{"line":{"type":"integer","minimum":1},"code":{"type":"string"},"path":{"type":"string"},"detail":{"type":"string"}}},\
    "Problem":{"type":"object","required":["type","title","status","detail"],"properties":{"type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},"detail":{"type":"string"},"errors":{"type":"array","items":{"type":"object","required":["path","detail"],"properties":{"path":{"type":"string"},"detail":{"type":"string"}}}}}},\
    "InferenceError":{"type":"object","required":["error"],"properties":{"error":{"type":"string"}}},\
    "Tensor":{"type":"object","required":["name","shape","datatype","data"],"additionalProperties":false,"properties":{"name":{"type":"string"},"shape":{"type":"array","items":{"type":"integer","minimum":0}},"datatype":{"type":"string"},"parameters":{"type":["object","null"]},"data":{"type":"array","items":{"anyOf":[{"type":["number","string","boolean","null"]},{"type":"array","items":{"type":["number","string","boolean","null"]}}]}}}},\
    "Ranking":{"type":"object","required":["ranking","failures","missing_features","model"],"properties":{"ranking":{"type":"array","items":{"type":"object","required":["rank"],"properties":{"rank":{"type":"integer","minimum":1},"repository":{"type":"string"},"instance":{"type":"integer","minimum":0},"predicted_stars":{"type":"number"},"predicted":{"type":"number","description":"By a model of something else than stars."},"quantiles":{"type":"object","additionalProperties":{"type":["number","null"]}},"stars":{"type":"number"},"known_since":{"type":"string","format":"date-time"}}}},"failures":{"type":"array","items":{"type":"object","required":["repository","reason","detail"],"properties":{"repository":{"type":"string"},"reason":{"enum":["unknown","blocked","limited","offline","token-refused","refused","busy"]},"detail":{"type":"string"},"retry_at":{"type":"string","format":"date-time"}}}},"missing_features":{"type":"array","items":{"type":"string"}},"warnings":{"type":"array","items":{"$ref":"#/components/schemas/Warning"}},"github":{"type":"object","required":["has_token"],"properties":{"has_token":{"type":"boolean"},"limit":{"type":"integer"},"remaining":{"type":"integer"},"reset":{"type":"string","format":"date-time"}}},"model":{"$ref":"#/components/schemas/Model"}}},\
    "InferenceRequest":{"type":"object","required":["inputs"],"additionalProperties":false,"properties":{"model_name":{},"model_version":{},"id":{"type":["string","null"]},"parameters":{"type":["object","null"]},"inputs":{"type":"array","items":{"$ref":"#/components/schemas/Tensor"}},"outputs":{"type":["array","null"],"items":{"type":"object","required":["name"],"additionalProperties":false,"properties":{"name":{"type":"string"},"parameters":{"type":["object","null"]}}}}}},\
    "InferenceResponse":{"type":"object","required":["model_name","outputs"],"properties":{"model_name":{"type":"string"},"model_version":{"type":"string"},"id":{"type":"string"},"parameters":{"type":"object"},"outputs":{"type":"array","items":{"$ref":"#/components/schemas/Tensor"}}}}
    """

  private static let problem = ##"{"$ref":"#/components/responses/Problem"}"##
  private static let inferenceError = ##"{"$ref":"#/components/responses/InferenceError"}"##
  private static let model = ##"{"$ref":"#/components/parameters/Model"}"##
  private static let instance = ##"{"$ref":"#/components/schemas/Instance"}"##
  private static let predict =
    ##"{"$ref":"#/components/parameters/Predict"},{"$ref":"#/components/parameters/Interval"}"##

  /// The good response and the errors with these codes, and with those that any request may end with.
  private static func responses(_ good: String, _ codes: [Int] = [], _ error: String = problem) -> String {
    let errors = ([400] + codes + [414, 421]).map { ",\"\($0)\":\(error)" }.joined()
    // Of such a head not even the path is known, which tells the form of errors.
    return "\"responses\":{\(good)\(errors),\"431\":\(problem)}"
  }

  /// A response 200 of JSON.
  private static func ok(_ description: String, _ schema: String = #"{"type":"object"}"#) -> String {
    #""200":{"description":"\#(description)","content":{"application/json":{"schema":\#(schema)}}}"#
  }

  private static func get(
    _ path: String, _ id: String, _ summary: String, _ responses: String, parameters: String = "[]"
  ) -> String {
    #""\#(path)":{"get":{"operationId":"\#(id)","summary":"\#(summary)","parameters":\#(parameters),\#(responses)}}"#
  }

  static let paths = [
    #"""
    "/api/predict":{"post":{"operationId":"predict","summary":"Predicts rows.","parameters":[\#(model),\#(predict)],"requestBody":{"required":true,"content":{"application/json":{"schema":{"type":"object","required":["instances"],"additionalProperties":false,"properties":{"instances":{"type":"array","maxItems":10000,"items":{"$ref":"#/components/schemas/Instance"}}}}}}},\#(responses(ok("A prediction for each instance, in their order.", ##"{"$ref":"#/components/schemas/Predictions"}"##), [403, 404, 408, 413, 415, 422, 501, 503]))}}
    """#,
    #"""
    "/api/predict/stream":{"post":{"operationId":"predictStream","summary":"Predicts a stream of rows: a line of JSON each, in and out.","parameters":[\#(model),\#(predict)],"requestBody":{"required":false,"description":"Lines that end with LF or CR LF, each an instance; empty ones are nothing.","content":{"application/x-ndjson":{"schema":{"type":"string","format":"binary"},"x-itemSchema":\#(instance)}}},\#(responses(##""200":{"description":"A line for each row: a prediction, or an object with error.","content":{"application/x-ndjson":{"schema":{"type":"string"},"x-itemSchema":{"$ref":"#/components/schemas/StreamLine"}}}}"##, [403, 404, 415, 501, 503]))}}
    """#,
    #"""
    "/api/rank":{"post":{"operationId":"rank","summary":"Ranks repositories, which are fetched from GitHub, or instances by what is predicted of them.","parameters":[\#(model)],"requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/RankRequest"}}}},\#(responses(ok("The largest prediction first, with the true number of stars beside it; what nothing is known of, and why.", ##"{"$ref":"#/components/schemas/Ranking"}"##), [403, 404, 408, 413, 415, 422, 501, 503]))}}
    """#,
    get(
      "/api/model", "model", "What the model is, how good, and where from.",
      responses(ok("The model."), [404, 503]), parameters: "[\(model)]"),
    get(
      "/api/features", "features", "What the model is told of a row.",
      responses(ok("The features."), [404, 503]), parameters: "[\(model)]"),
    get(
      "/api/leaderboard", "leaderboard", "The scores of all learners that were compared.",
      responses(ok("What learners fit wrote."), [404, 503]),
      parameters: "[\(model)]"),
    get("/healthz", "health", "That the server answers.", responses(ok("It does."))),
    #"""
    "/metrics":{"get":{"operationId":"metrics","summary":"Counters for Prometheus.",\#(responses(##""200":{"description":"Text format 0.0.4.","content":{"text/plain":{"schema":{"type":"string"}}}}"##))}}
    """#,
  ].joined(separator: ",")

  static func inferenceServer(_ model: String) -> String {
    [
      get(
        "/v2", "serverMetadata", "Open Inference Protocol: the server.",
        responses(ok("Its name and version."), [], inferenceError)),
      get(
        "/v2/health/live", "live", "Open Inference Protocol: whether it runs.",
        responses(ok("It does."), [], inferenceError)),
      get(
        "/v2/health/ready", "ready", "Open Inference Protocol: whether all models are loaded.",
        responses(
          ok("They are.")
            + #","503":{"description":"Not all.","content":{"application/json":{"schema":{"type":"object"}}}}"#,
          [], inferenceError)),
      #"""
      "/v2/repository/index":{"post":{"operationId":"repositoryIndex","summary":"The models there are.",\#(responses(ok("Names and states.", #"{"type":"array","items":{"type":"object"}}"#), [403], inferenceError))}}
      """#,
      repository("load", "Reads a model's file again and serves it if it is one to be trusted.", model),
      repository("unload", "Serves a model no longer.", model),
    ].joined(separator: ",")
  }

  private static func repository(_ verb: String, _ summary: String, _ model: String) -> String {
    let responses = responses(ok("Done."), [401, 403, 404, 503], inferenceError)
    return
      #""/v2/repository/models/{model}/\#(verb)":{"post":{"operationId":"\#(verb)","summary":"\#(summary)","security":[{"admin":[]}],"parameters":[\#(model)],\#(responses)}}"#
  }

  static func inferenceModel(_ base: String, _ parameters: String) -> String {
    let isVersioned = base.contains("versions")
    let suffix = isVersioned ? "Version" : ""
    let head =
      #""\#(base)/infer":{"post":{"operationId":"infer\#(suffix)","summary":"Open Inference Protocol: predicts."#
    let body =
      ##"","parameters":\##(parameters),"requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/InferenceRequest"}}}},"##
    let predictions = ok("Predictions.", ##"{"$ref":"#/components/schemas/InferenceResponse"}"##)
    let infer = head + body + responses(predictions, [403, 404, 408, 413, 415, 501, 503], inferenceError) + "}}"
    return [
      get(
        base, "metadata\(suffix)", "Open Inference Protocol: inputs and outputs.",
        responses(ok("They are."), [404, 503], inferenceError),
        parameters: parameters),
      get(
        "\(base)/ready", "modelReady\(suffix)", "Open Inference Protocol: whether it is loaded.",
        responses(ok("It is."), [404, 503], inferenceError),
        parameters: parameters),
      infer,
    ].joined(separator: ",")
  }
}
