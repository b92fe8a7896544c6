import Foundation
import TestSupport
import Testing

@Suite struct ExportCommandTests {
  private static let model = ["--model", "models/ridge.safetensors"]

  private func fitted() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", smallTable(rows: 60))
    let result = try folder.run("fit", "--data", "data.csv", "--model", "ridge", "--cv", "2")
    try #require(result.status == 0, "\(result.errors)")
    return folder
  }

  @Test func theFileHasTheModelsInputs() throws {
    let folder = try fitted()
    let result = try folder.run(["export", "--format", "onnx", "--out", "price.onnx"] + Self.model)
    #expect(result.status == 0 && result.output.isEmpty && result.errors.contains("price.onnx"), "\(result.errors)")
    let bytes = Data(try folder.read("price.onnx"))
    // A ModelProto of the form 8, made by this program.
    #expect(bytes.starts(with: [0x08, 0x08]))
    for text in ["learners", "size", "kind", "noise", "castle", "LabelEncoder", "MatMul"] {
      #expect(bytes.range(of: Data(text.utf8)) != nil, "\(text) is not in the file")
    }
    let wide = try folder.run(
      ["export", "--format", "onnx", "--out", "wide.onnx", "--precision", "double"] + Self.model)
    #expect(wide.status == 0)
    #expect(Data(try folder.read("wide.onnx")) != bytes)
  }

  @Test func whatCannotBeDoneIsSaid() throws {
    let folder = try fitted()
    #expect(try folder.run(["export", "--format", "pmml", "--out", "a"] + Self.model).status == 64)
    #expect(try folder.run(["export", "--format", "onnx"] + Self.model).status == 64)
    #expect(try folder.run("export", "--format", "onnx", "--out", "a", "--model", "none.safetensors").status == 66)
    #expect(try folder.run(["export", "--format", "onnx", "--out", "nowhere/a.onnx"] + Self.model).status == 73)
    let onto = try folder.run(["export", "--format", "onnx", "--out", "models/ridge.safetensors"] + Self.model)
    #expect(onto.status == 64 && onto.errors.contains("choose another name"), "\(onto.errors)")
  }

  @Test func severalQuantilesHaveNoForm() throws {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", smallTable(rows: 60))
    let fit = try folder.run(
      "fit", "--data", "data.csv", "--model", "boosting", "--cv", "2", "--set", "boosting.loss=quantile", "--set",
      "boosting.quantiles=0.1,0.9", "--set", "boosting.maxIterations=5")
    try #require(fit.status == 0, "\(fit.errors)")
    let result = try folder.run(
      "export", "--format", "onnx", "--out", "a.onnx", "--model", "models/boosting.safetensors")
    #expect(result.status == 64 && result.errors.contains("have no ONNX form"), "\(result.errors)")
  }
}
