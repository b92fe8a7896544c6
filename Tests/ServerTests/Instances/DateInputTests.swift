import Foundation
import Learners
import Server
import Testing

/// Dates are read in every way in as the reader of tables reads them.
@Suite struct DateInputTests {
  private let scene: Scene

  init() throws { scene = try Scene(models: ["best": "dates"]) }

  /// What the model makes of a table with one row.
  private func expected(_ day: String, _ created: String) throws -> Double {
    let model = try scene.model
    let text = "day,created_at\n\"\(day)\",\(created)\n"
    var options = ReadingOptions(for: model.features)
    options.hasHeader = true
    let table = try TableReader.read([InputFile(name: "t.csv", bytes: Array(text.utf8))], options: options)
    return try model.model.predict(FeatureColumns(table, features: model.features))[0]
  }

  private func infer(_ day: String, _ created: String) throws -> Answer {
    let inputs = [("day", day), ("created_at", created)].map { name, value in
      #"{"name":"\#(name)","shape":[1],"datatype":"\#(value.hasPrefix("\"") ? "BYTES" : "INT64")","data":[\#(value)]}"#
    }
    return try scene.ask("POST", "/v2/models/best/infer", #"{"inputs":[\#(inputs.joined(separator: ","))]}"#)
  }

  private func output(_ answer: Answer) throws -> Double {
    struct Body: Decodable {
      struct Output: Decodable { let data: [Double] }
      let outputs: [Output]
    }
    return try JSONDecoder().decode(Body.self, from: Data(answer.body)).outputs[0].data[0]
  }

  @Test(arguments: [
    ("2024-03-01", "1709251200"), ("2024-03-01T12:00:00Z", "1709251200"), ("2024-03-01T12:00:00+02:00", "2024-03-01"),
    (" 2024-03-01 ", "1709251200.5"), ("1 March 2024", "2024-03-01T00:00:00Z"), ("Fri, 1 Mar 2024 00:00:00 GMT", "0"),
    ("2024-03-01T12:00:00.25-0130", "1e9"), ("", ""), ("NA", "null"), ("20240301T120000Z", "1709251200"),
  ])
  func areReadAsTables(day: String, created: String) throws {
    let wanted = try expected(day, created)
    let isNumber = Double(created) != nil
    let texts = ["\"\(created)\""] + (isNumber ? [created] : [])
    for created in texts {
      let row = #"{"day":"\#(day)","created_at":\#(created)}"#
      let answer = try scene.ask("POST", "/api/predict", #"{"instances":[\#(row)]}"#)
      #expect(answer.predictions() == [wanted], "\(answer.text)")
      let warnings = answer.json["warnings"] as? [[String: Any]] ?? []
      #expect(warnings.allSatisfy { $0["code"] as? String == "beyond-training" }, "\(answer.text)")
      let stream = try scene.ask(
        "POST", "/api/predict/stream", row + "\n", headers: ["Content-Type": "application/x-ndjson"])
      #expect(stream.text.contains("\(wanted)"), "\(stream.text)")
      if created.contains("\"") || created.allSatisfy(\.isNumber) {
        let inferred = try infer("\"\(day)\"", created)
        #expect(inferred.status == 200, "\(inferred.text)")
        if inferred.status == 200 { #expect(try output(inferred) == wanted) }
      }
    }
  }

  @Test func partsMayBeGivenInPlaceOfADate() throws {
    let row = #"{"day.year":2024,"day.month":3,"day.day":1,"day.weekday":5,"day.hour":12,"created_at":1709251200}"#
    let parts = try scene.ask("POST", "/api/predict", #"{"instances":[\#(row)]}"#)
    #expect(parts.status == 200, "\(parts.text)")
    let both = try scene.ask(
      "POST", "/api/predict", #"{"instances":[{"day.day":1,"day":"2024-03-01"}]}"#)
    #expect(both.status == 422 && both.text.contains("instances[0].day: is given twice"), "\(both.text)")
  }

  @Test(arguments: ["\"soon\"", "5", "true", "[1]", "{}", "\"2024-02-30\""])
  func whatIsNoDateIsRefused(day: String) throws {
    let answer = try scene.ask("POST", "/api/predict", #"{"instances":[{"created_at":0},{"day":\#(day)}]}"#)
    #expect(answer.status == 422, "\(answer.text)")
    #expect(
      answer.text.contains("instances[1].day") && answer.text.contains("a date such as 2024-01-31"), "\(answer.text)")
    if day.hasPrefix("\"") || day == "5" {
      let inferred = try infer(day, "1709251200")
      #expect(inferred.status == 400 && inferred.text.contains("a date such as 2024-01-31"), "\(inferred.text)")
    }
  }

  /// What is not given is named as people know it: the column, not the numbers that are made of it.
  @Test func missingColumnsAreNamed() throws {
    let answer = try scene.ask("POST", "/api/predict", #"{"instances":[{"day":"2024-03-01"}]}"#)
    let warnings = answer.json["warnings"] as? [[String: Any]] ?? []
    #expect(
      warnings.filter { $0["code"] as? String == "missing-feature" }.map { $0["feature"] as? String } == ["created_at"])
    let metadata = try scene.ask("GET", "/v2/models/best")
    let inputs = metadata.json["inputs"] as? [[String: Any]] ?? []
    #expect(inputs.map { $0["name"] as? String } == ["day", "created_at"], "\(metadata.text)")
    #expect(inputs.allSatisfy { $0["datatype"] as? String == "BYTES" })
  }

  @Test func uploadedTables() throws {
    let wanted = try expected("2024-03-01T12:00:00+02:00", "1709251200")
    for (name, content) in [
      ("t.csv", "day,created_at\n2024-03-01T12:00:00+02:00,1709251200\n"),
      ("t.json", #"[{"day":"2024-03-01T12:00:00+02:00","created_at":1709251200}]"#),
      ("t.jsonl", "{\"day\":\"2024-03-01T12:00:00+02:00\",\"created_at\":1709251200}\n"),
    ] {
      let body =
        "--b0undary\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\nContent-Type: text/plain\r\n\r\n"
        + content + "\r\n--b0undary--\r\n"
      let page = try scene.ask(
        "POST", "/table", body, headers: ["Content-Type": "multipart/form-data; boundary=b0undary"])
      #expect(page.status == 200, "\(page.text)")
      #expect(!page.text.contains("not given") && !page.text.contains("no such feature"), "\(name)")
      let shown = try #require("\(wanted)".split(separator: ".").first)
      #expect(page.text.contains(String(shown.prefix(3))), "\(name): \(wanted)")
    }
  }
}
