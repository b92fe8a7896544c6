import Foundation
import NIOHTTP1
import Server
import Testing

@Suite struct RouteTests {
  @Test func modelsAreChosenByName() throws {
    let scene = try Scene(models: ["one": "ridge", "two": "mean"])
    #expect(try scene.ask("GET", "/api/model").json["learner"] as? String == "ridge")
    #expect(try scene.ask("GET", "/api/model?model=two").json["learner"] as? String == "mean")
    #expect(try scene.ask("GET", "/api/model?model=three").status == 404)
    let answer = try scene.ask("POST", "/api/predict?model=two", #"{"instances":[{}]}"#)
    #expect((answer.json["model"] as? [String: String])?["name"] == "two")
  }

  @Test func withoutAModelItSaysSo() throws {
    let scene = try Scene(models: [:])
    #expect(try scene.ask("GET", "/healthz").json["status"] as? String == "no model")
    for path in ["/api/model", "/api/features", "/api/leaderboard"] {
      #expect(try scene.ask("GET", path).status == 503)
    }
    #expect(try scene.ask("POST", "/api/predict", #"{"instances":[]}"#).status == 503)
    #expect(try scene.ask("GET", "/openapi.json").status == 200)
  }

  @Test func featuresHaveKindsAndLevels() throws {
    let scene = try Scene()
    let features = try #require(try scene.ask("GET", "/api/features").json["features"] as? [[String: Any]])
    #expect(features.map { $0["name"] as? String } == ["size", "kind", "noise"])
    #expect(features[1]["levels"] as? [String] == ["castle", "flat", "house"])
    #expect(features[0]["kind"] as? String == "numeric")
  }

  @Test func theLeaderboardIsTheFileBesideTheModel() throws {
    let scene = try Scene()
    #expect(try scene.ask("GET", "/api/leaderboard").status == 404)
    let file = scene.folder.appending(path: "leaderboard.json")
    try Data(#"{"best":"ridge","models":[]}"#.utf8).write(to: file)
    #expect(try scene.ask("GET", "/api/leaderboard").json["best"] as? String == "ridge")
    try Data(#"{"best":"#.utf8).write(to: file)
    let broken = try scene.ask("GET", "/api/leaderboard")
    #expect(broken.status == 404 && broken.text.contains("cannot be read"))
  }

  @Test func metricsCountWhatHappened() throws {
    let scene = try Scene()
    for _ in 0..<3 { _ = try scene.ask("POST", "/api/predict", #"{"instances":[{},{}]}"#) }
    _ = try scene.ask("POST", "/api/predict", "{")
    _ = try scene.ask("GET", "/nothing")
    let text = try scene.ask("GET", "/metrics").text
    #expect(text.contains(#"learners_requests_total{route="POST /api/predict",status="200"} 3"#))
    #expect(text.contains(#"learners_requests_total{route="POST /api/predict",status="400"} 1"#))
    #expect(text.contains(#"learners_requests_total{route="none",status="404"} 1"#))
    #expect(text.contains("learners_predictions_total 6\n"))
    #expect(text.contains(#"learners_request_duration_seconds_count{route="POST /api/predict"} 4"#))
    #expect(text.contains(#"learners_model_info{name="best",version="\#(try scene.model.version)",learner="ridge"} 1"#))
    #expect(text.contains("learners_requests_in_flight 1\n"))
  }

  /// What any request may be refused with is described for each, in the form that it has.
  @Test func openAPIDescribesRefusals() throws {
    let scene = try Scene()
    let document = try scene.ask("GET", "/openapi.json").json
    let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
    for (path, methods) in paths {
      let place = path.replacing("{model}", with: "best").replacing("{version}", with: "1")
      for (method, operation) in methods {
        let responses = try #require(operation["responses"] as? [String: [String: Any]])
        let refusals = [
          try scene.ask(method.uppercased(), "\(place)?\(String(repeating: "a", count: 5000))"),
          try scene.ask(method.uppercased(), place, headers: ["X": String(repeating: "a", count: 20_000)]),
          try scene.ask(method.uppercased(), place, "{}", headers: ["Host": "a, b", "Transfer-Encoding": "gzip"]),
        ]
        for answer in refusals {
          #expect(answer.status >= 400)
          let reference = responses[String(answer.status)]?["$ref"] as? String
          let form = path.hasPrefix("/v2") && answer.status != 431 ? "InferenceError" : "Problem"
          #expect(reference == "#/components/responses/\(form)", "\(method) \(path): \(answer.status)")
        }
      }
    }
  }

  /// Every route is in the document, every path of the document is a route, and references lead somewhere.
  @Test func openAPIIsComplete() throws {
    let scene = try Scene()
    let answer = try scene.ask("GET", "/openapi.json")
    let document = answer.json
    let paths = try #require(document["paths"] as? [String: [String: Any]])
    let described = Set(paths.flatMap { path, methods in methods.keys.map { "\($0.uppercased()) \(path)" } })
    let routes = scene.routes.filter { $0.pattern.hasPrefix("/api/") || $0.pattern.hasPrefix("/v2") }
    for route in routes where route.pattern != "/api/rank" {
      #expect(described.contains("\(route.method.rawValue) \(route.pattern)"))
    }
    let known = Set(scene.routes.map { "\($0.method.rawValue) \($0.pattern)" })
    #expect(described.isSubset(of: known))
    let references = answer.text.matches(of: /"\$ref":"#\/components\/([a-z]+)\/([A-Za-z0-9_]+)"/)
    #expect(!references.isEmpty)
    let components = try #require(document["components"] as? [String: [String: Any]])
    for reference in references {
      #expect(components[String(reference.output.1)]?[String(reference.output.2)] != nil)
    }
    let instance = components["schemas"]?["Instance"] as? [String: Any]
    #expect(Set((instance?["properties"] as? [String: Any] ?? [:]).keys) == ["size", "kind", "noise"])
  }

  /// Models that are told or say other things have schemas of their own; those that are alike share them.
  @Test func openAPIDescribesEachModel() throws {
    let scene = try Scene(models: ["a-1": "ridge", "b": "quantiles", "c": "mean"])
    let document = try scene.ask("GET", "/openapi.json").json
    let components = try #require(document["components"] as? [String: [String: Any]])
    let schemas = try #require(components["schemas"])
    for part in ["Instance", "Prediction"] {
      let any = (schemas[part] as? [String: Any])?["anyOf"] as? [[String: String]]
      let wanted = ["a_1", "b"].map { "#/components/schemas/\(part)_\($0)" }
      #expect(any?.compactMap { $0["$ref"] } == wanted)
      for name in ["a_1", "b"] { #expect(schemas["\(part)_\(name)"] != nil) }
    }
    let quantiles = (schemas["Prediction_b"] as? [String: Any])?["properties"] as? [String: Any]
    #expect(Set((quantiles ?? [:]).keys) == ["price", "quantiles", "interval", "warnings"])
  }

  @Test func whatCannotBeDecodedIsNotNothing() throws {
    let scene = try Scene()
    #expect(try scene.ask("GET", "/api/model?model=%ff").status == 404)
    #expect(try scene.ask("GET", "/api/model?model=%zz").status == 404)
    #expect(try scene.ask("GET", "/api/model").status == 200)
  }

  /// A wish that is not understood is refused, not ignored.
  @Test(arguments: [
    ("POST", "/api/predict"), ("POST", "/api/predict/stream"), ("POST", "/api/rank"), ("GET", "/api/model"),
    ("GET", "/api/features"), ("GET", "/api/leaderboard"),
  ])
  func parametersThatAreNotKnownAreNamed(method: String, path: String) throws {
    let scene = try Scene()
    let body = method == "POST" ? #"{"instances":[{}]}"# : nil
    for (query, name, says) in [
      ("modle=best", "modle", "only “model”"), ("model=best&a%20b", "a b", "only “model”"),
      ("model=best&model=best", "model", "given twice"),
    ] {
      let answer = try scene.ask(method, "\(path)?\(query)", body)
      #expect(answer.status == 400)
      #expect(answer.json["type"] as? String == "urn:learners:problem:unknown-parameter")
      let fault = try #require((answer.json["errors"] as? [[String: String]])?.first)
      #expect(fault["path"] == name)
      #expect(fault["detail"]?.contains(says) == true)
    }
    for query in ["model=best", "", "&"] { #expect(try scene.ask(method, "\(path)?\(query)", body).status != 400) }
  }

  /// Links that were passed on and programs that watch the server add parameters of their own.
  @Test(arguments: ["/", "/predict", "/healthz", "/metrics", "/openapi.json", "/page.css", "/v2"])
  func pagesAndWatchersMayAddParameters(path: String) throws {
    #expect(try Scene().ask("GET", "\(path)?utm_source=mail&utm_source=mail").status == 200)
  }

  @Test func membersThatARequestHasNotAreNamed() throws {
    let scene = try Scene()
    let other = try scene.ask("POST", "/api/predict", #"{"instances":[{}],"model":"best"}"#)
    #expect(other.status == 422 && other.text.contains("is no member of a request"))
    let twice = try scene.ask("POST", "/api/predict", #"{"instances":[{}],"instances":[{}]}"#)
    #expect(twice.status == 422 && twice.text.contains("is given twice"))
  }
}
