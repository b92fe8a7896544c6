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
    let binary = ["Inference-Header-Content-Length": "2"]
    #expect(try scene.ask("POST", "/v2/models/best/infer", "{}xx", headers: binary).status == 400)
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
