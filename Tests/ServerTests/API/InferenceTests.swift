import Foundation
import Server
import Testing

/// The Open Inference Protocol, V2.
@Suite struct InferenceTests {
  private func tensor(_ name: String, _ shape: String, _ type: String, _ data: String) -> String {
    #"{"name":"\#(name)","shape":\#(shape),"datatype":"\#(type)","data":\#(data)}"#
  }

  private func infer(_ scene: Scene, _ inputs: [String], more: String = "") throws -> Answer {
    try scene.ask("POST", "/v2/models/best/infer", #"{"inputs":["# + inputs.joined(separator: ",") + "]\(more)}")
  }

  @Test func predictsAsTheOwnInterfaceDoes() throws {
    let scene = try Scene()
    let own = try scene.ask(
      "POST", "/api/predict",
      #"{"instances":[{"size":17,"kind":"castle","noise":3},{"size":null,"kind":"flat","noise":2}]}"#)
    let expected = try #require(own.predictions())
    let inputs = [
      tensor("noise", "[2]", "INT32", "[3,2]"), tensor("size", "[2,1]", "FP64", "[[17],[null]]"),
      tensor("kind", "[2,1]", "BYTES", #"["castle","flat"]"#),
    ]
    let answer = try infer(scene, inputs, more: #","id":"seven \"7\"","outputs":[{"name":"price"}]"#)
    #expect(answer.status == 200, "\(answer.text)")
    #expect(answer.json["id"] as? String == "seven \"7\"")
    #expect(answer.json["model_name"] as? String == "best")
    #expect(answer.json["model_version"] as? String == (try scene.model.version))
    let output = try #require((answer.json["outputs"] as? [[String: Any]])?.first)
    #expect(output["name"] as? String == "price")
    #expect(output["datatype"] as? String == "FP64")
    #expect(output["shape"] as? [Int] == [2])
    struct Body: Decodable {
      struct Output: Decodable { let data: [Double] }
      let outputs: [Output]
    }
    let body = try JSONDecoder().decode(Body.self, from: Data(answer.body))
    #expect(body.outputs.map(\.data) == [expected])
  }

  @Test(
    arguments: [
      (#"{"name":"size","shape":[2],"datatype":"FP64","data":[1]}"#, "1 values for 2 rows"),
      (#"{"name":"size","shape":[1],"datatype":"FP64","data":[1,2]}"#, "more data"),
      (#"{"name":"size","shape":[1],"datatype":"FP64","data":["a"]}"#, "a number"),
      (#"{"name":"size","shape":[1],"datatype":"INT8","data":[300]}"#, "none of its datatype"),
      (#"{"name":"size","shape":[1],"datatype":"INT8","data":[1.5]}"#, "none of its datatype"),
      (#"{"name":"size","shape":[1],"datatype":"BYTES","data":["1"]}"#, "numbers"),
      (#"{"name":"kind","shape":[1],"datatype":"FP64","data":[1]}"#, "BYTES"),
      (#"{"name":"colour","shape":[1],"datatype":"FP64","data":[1]}"#, "no feature"),
      (#"{"name":"size","shape":[1,3],"datatype":"FP64","data":[1,2,3]}"#, "the shape"),
      (#"{"name":"size","shape":[1],"datatype":"FP64"}"#, "needs"),
      (#"{"name":"size","shape":[-1],"datatype":"FP64","data":[1]}"#, "whole numbers"),
      (#"{"shape":[1],"datatype":"FP64","data":[1]}"#, "no name"),
      (#"{"name":"size","shape":[1],"datatype":"FP64","data":[[[1]]]}"#, "a number"),
      (#"{"name":"size","shape":[2],"datatype":"FP64","data":[1,"x"]}"#, "input “size”, data[1]: must be a number"),
      (#"{"name":"size","shape":[2,1],"datatype":"FP64","data":[[1],2]}"#, "data[1]: must be an array"),
      (#"{"name":"size","shape":[2,1],"datatype":"FP64","data":[1,[2]]}"#, "data[1]: must be a value"),
      (#"{"name":"size","shape":[2,1],"datatype":"FP64","data":[[1,2],[]]}"#, "data[0]: must hold one value"),
      (#"{"name":"size","shape":[2,1],"datatype":"FP64","data":[[],[1,2]]}"#, "data[0]: must hold one value"),
      (#"{"name":"size","shape":[2],"datatype":"FP64","data":[[1],[2]]}"#, "data[0]: must be a number"),
    ])
  func saysWhatIsWrong(input: String, what: String) throws {
    let scene = try Scene()
    let answer = try infer(scene, [input])
    #expect(answer.status == 400)
    #expect((answer.json["error"] as? String)?.contains(what) == true, "\(answer.text)")
  }

  /// As KServe's own client writes it: what has no value is null, and the model is named again.
  @Test func takesWhatClientsOfTheProtocolSend() throws {
    let scene = try Scene()
    let inputs =
      #"[{"name":"size","shape":[1],"datatype":"FP64","parameters":null,"data":[17]},{"name":"kind","shape":[1],"datatype":"BYTES","parameters":{"content_type":"str"},"data":["flat"]}]"#
    let answer = try scene.ask(
      "POST", "/v2/models/best/infer",
      #"{"id":null,"model_name":"best","model_version":null,"parameters":null,"outputs":null,"inputs":"# + inputs + "}")
    #expect(answer.status == 200, "\(answer.text)")
    #expect(answer.json["id"] == nil)
  }

  /// Triton's binary tensors: raw data behind the JSON, NaN and an empty text for what is missing.
  @Test func binaryTensorsAreAsJSONIs() throws {
    let scene = try Scene()
    let sizes: [Double] = [17, .nan, 3]
    let noises: [Int32] = [3, -2, 1]
    var data: [UInt8] = []
    for size in sizes {
      for place in 0..<8 { data.append(UInt8(truncatingIfNeeded: size.bitPattern >> (8 * UInt64(place)))) }
    }
    for noise in noises { for place in 0..<4 { data.append(UInt8(truncatingIfNeeded: noise >> (8 * Int32(place)))) } }
    for kind in ["castle", "", "igloo"] { data += [UInt8(kind.utf8.count), 0, 0, 0] + Array(kind.utf8) }
    let json =
      #"{"inputs":[{"name":"size","shape":[3],"datatype":"FP64","parameters":{"binary_data_size":24}},{"name":"noise","shape":[3,1],"datatype":"INT32","parameters":{"binary_data_size":12}},{"name":"kind","shape":[3],"datatype":"BYTES","parameters":{"binary_data_size":23}}],"parameters":{"binary_data_output":true}}"#
    func ask(_ data: [UInt8]) throws -> Answer {
      let connection = try Connection(port: scene.listener.port)
      try connection.send(
        "POST /v2/models/best/infer HTTP/1.1\r\nHost: x\r\nInference-Header-Content-Length: \(json.utf8.count)\r\nContent-Length: \(json.utf8.count + data.count)\r\n\r\n"
          + json)
      try connection.send(data)
      return try connection.answer()
    }
    let answer = try ask(data)
    try #require(answer.status == 200, "\(answer.text)")
    let length = try #require(answer.headers["inference-header-content-length"].flatMap { Int($0) })
    let head = String(decoding: answer.body.prefix(length), as: UTF8.self)
    #expect(head.contains(#""parameters":{"binary_data_size":24}"#) && head.contains(#""unknown_levels":"kind""#))
    let raw = Array(answer.body.dropFirst(length))
    try #require(raw.count == 24)
    let numbers = (0..<3).map { row in
      Double(bitPattern: (0..<8).reduce(UInt64(0)) { $0 | UInt64(raw[row * 8 + $1]) << UInt64(8 * $1) })
    }
    let own = try scene.ask(
      "POST", "/api/predict",
      #"{"instances":[{"size":17,"noise":3,"kind":"castle"},{"noise":-2},{"size":3,"noise":1,"kind":"igloo"}]}"#)
    #expect(numbers == own.predictions())
    // Cut off, too long, and a text that is longer than all there is.
    #expect(try ask(data.dropLast()).status == 400)
    #expect(try ask(data + [0]).status == 400)
    var wrong = data
    wrong[36] = 200
    #expect(try ask(wrong).status == 400)
  }

  @Test func everyQuantileIsAnOutput() throws {
    let scene = try Scene(models: ["best": "quantiles"])
    let metadata = try scene.ask("GET", "/v2/models/best").json
    let names = (metadata["outputs"] as? [[String: Any]])?.compactMap { $0["name"] as? String }
    #expect(names == ["price", "price_q0.1", "price_q0.5", "price_q0.9"])
    let size = tensor("size", "[2]", "FP64", "[17,60]")
    func outputs(_ more: String) throws -> [[String: Any]] {
      try #require(infer(scene, [size], more: more).json["outputs"] as? [[String: Any]])
    }
    #expect(try outputs("").compactMap { $0["name"] as? String } == names)
    #expect(try outputs(#","outputs":[]"#).count == names?.count)
    let one = try outputs(#","outputs":[{"name":"price_q0.9"}]"#)
    #expect(one.count == 1 && one[0]["name"] as? String == "price_q0.9")
    #expect((one[0]["data"] as? [Double])?.count == 2)
    #expect(try infer(scene, [size], more: #","outputs":[{"name":"price_q0.2"}]"#).status == 400)
    #expect(try infer(scene, []).status == 200)
  }

  @Test func rowsHaveToAgree() throws {
    let scene = try Scene()
    let size = tensor("size", "[1]", "FP64", "[1]")
    #expect(try infer(scene, [size, tensor("noise", "[2]", "FP64", "[1,2]")]).status == 400)
    #expect(try infer(scene, [size, size]).status == 400)
    #expect(try infer(scene, [size], more: #","outputs":[{"name":"stars"}]"#).status == 400)
    #expect(try infer(scene, []).json["outputs"] != nil)
    #expect(try scene.ask("POST", "/v2/models/best/infer", "{}").status == 400)
    #expect(try scene.ask("POST", "/v2/models/best/infer", "[").status == 400)
    for length in ["2", "5", "-1", "x"] {
      let head = ["Inference-Header-Content-Length": length]
      #expect(try scene.ask("POST", "/v2/models/best/infer", "{}xx", headers: head).status == 400)
    }
  }

  @Test func describesItself() throws {
    let scene = try Scene(models: ["one": "ridge", "two": "mean"])
    #expect(try scene.ask("GET", "/v2").json["name"] as? String == "learners")
    #expect(try scene.ask("GET", "/v2/health/live").json["live"] as? Bool == true)
    #expect(try scene.ask("GET", "/v2/health/ready").json["ready"] as? Bool == true)
    let metadata = try scene.ask("GET", "/v2/models/two").json
    #expect(metadata["platform"] as? String == "learners_mean")
    let inputs = try #require(metadata["inputs"] as? [[String: Any]])
    #expect(inputs.map { $0["name"] as? String } == ["size", "kind", "noise"])
    #expect(inputs.map { $0["datatype"] as? String } == ["FP64", "BYTES", "FP64"])
    let version = try #require((metadata["versions"] as? [String])?.first)
    #expect(try scene.ask("GET", "/v2/models/two/versions/\(version)").status == 200)
    #expect(try scene.ask("GET", "/v2/models/two/versions/\(version)/ready").json["ready"] as? Bool == true)
    #expect(try scene.ask("GET", "/v2/models/two/versions/0/ready").status == 404)
    #expect(try scene.ask("GET", "/v2/models/three/ready").json["error"] != nil)
    let index = try scene.ask("POST", "/v2/repository/index")
    let entries = try JSONSerialization.jsonObject(with: Data(index.body)) as? [[String: Any]]
    #expect(entries?.map { $0["state"] as? String } == ["READY", "READY"])
  }
}
