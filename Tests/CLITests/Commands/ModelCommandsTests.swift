import Foundation
import TestSupport
import Testing

/// `predict`, `evaluate` and `inspect` with good and bad models and tables.
@Suite struct ModelCommandsTests {
  private func fitted(_ model: String = "ridge") throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", smallTable(rows: 60))
    let result = try folder.run("fit", "--data", "data.csv", "--model", model, "--cv", "2")
    try #require(result.status == 0, "\(result.errors)")
    return folder
  }

  @Test func predictionsAreOneARow() throws {
    let folder = try fitted()
    let result = try folder.run("predict", "--model", "models/ridge.safetensors", "--data", "data.csv")
    #expect(result.status == 0, "\(result.errors)")
    let lines = result.output.split(separator: "\n")
    #expect(lines.count == 61 && lines[0] == "row,price" && lines[1].hasPrefix("0,"))
    let json = try folder.run("predict", "--model", "models/best.safetensors", "--data", "data.csv", "--json")
    let report = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect((report?["predictions"] as? [Double])?.count == 60)
  }

  @Test func evaluationScoresTheModel() throws {
    let folder = try fitted()
    let result = try folder.run("evaluate", "--model", "models/ridge.safetensors", "--data", "data.csv", "--json")
    #expect(result.status == 0, "\(result.errors)")
    let report = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    let scores = report?["scores"] as? [String: Any]
    #expect(try #require(scores?["r2"] as? Double) > 0.8)
  }

  @Test func inspectionShowsWhereAModelComesFrom() throws {
    let folder = try fitted()
    let result = try folder.run("inspect", "--model", "models/ridge.safetensors")
    for part in ["ridge", "price", "size", "3 levels", "60 rows", "SHA-256"] {
      #expect(result.output.contains(part), "“\(part)” is not in: \(result.output)")
    }
  }

  @Test func rowsUnlikeTheTrainingRowsAreTold() throws {
    let folder = try fitted()
    try folder.write("far.csv", "size,kind,noise\n50,flat,1\n5000,castle,2\n-4000,flat,3\n")
    let result = try folder.run("predict", "--model", "models/ridge.safetensors", "--data", "far.csv")
    #expect(result.status == 0)
    let note = "size: 2 of 3 rows are beyond the 2 to 100 that the model has learned from: 5000 in line 3 is the first"
    #expect(result.errors.contains(note), "\(result.errors)")
    let near = try folder.run("predict", "--model", "models/ridge.safetensors", "--data", "data.csv")
    #expect(!near.errors.contains("beyond"), "\(near.errors)")
  }

  /// Reordered is fine, extra is ignored with a note, missing is an error.
  @Test func columnsAreMatchedByName() throws {
    let folder = try fitted()
    let model = ["--model", "models/ridge.safetensors"]
    try folder.write("plain.csv", "size,kind,noise\n5,flat,1\n50,castle,2\n")
    try folder.write("other.csv", "colour,noise,kind,size\nred,1,flat,5\nblue,2,castle,50\n")
    try folder.write("short.csv", "size,noise\n5,1\n")
    let plain = try folder.run(["predict", "--data", "plain.csv"] + model)
    let other = try folder.run(["predict", "--data", "other.csv"] + model)
    #expect(plain.status == 0 && other.status == 0 && plain.output == other.output)
    #expect(other.errors.contains("are ignored: colour"))
    let short = try folder.run(["predict", "--data", "short.csv"] + model)
    #expect(short.status == 65 && short.errors.contains("kind"), "\(short.errors)")
  }

  @Test func unknownLevelsAndMissingCellsArePredicted() throws {
    let folder = try fitted()
    try folder.write("odd.csv", "size,kind,noise\n,tent,\n5,,1\n")
    let result = try folder.run("predict", "--model", "models/ridge.safetensors", "--data", "odd.csv")
    #expect(result.status == 0 && result.output.split(separator: "\n").count == 3, "\(result.errors)")
  }

  /// What a column is was decided when the model was fitted: a file with few rows must not decide again.
  @Test(arguments: ["ridge", "boosting"]) func aRowIsPredictedAloneAsAmongOthers(model: String) throws {
    let folder = try TemporaryFolder()
    let levels = ["007", "1.0", "true", "x", "3.10", "1e3"]
    let rows = (0..<90).map { row in
      "\(levels[row % 6]),\(row % 2 == 0 ? "true" : "false"),\(row % 7),\(10 * (row % 6) + row % 7)"
    }
    try folder.write("data.csv", "code,flag,size,y\n" + rows.joined(separator: "\n") + "\n")
    let fit = try folder.run("fit", "--data", "data.csv", "--model", model, "--cv", "3")
    try #require(fit.status == 0, "\(fit.errors)")
    let arguments = ["predict", "--model", "models/best.safetensors", "--data"]
    let together = try folder.run(arguments + ["data.csv"]).output.split(separator: "\n").dropFirst()
    for row in 0..<6 {
      let cells = rows[row].split(separator: ",").dropLast().joined(separator: ",")
      try folder.write("one.csv", "code,flag,size\n\(cells)\n")
      let alone = try folder.run(arguments + ["one.csv"]).output.split(separator: "\n").last
      #expect(alone?.split(separator: ",").last == together[together.startIndex + row].split(separator: ",").last)
    }
  }

  @Test func aDamagedModelIsRefusedWithAReason() throws {
    let folder = try fitted("mean")
    let bytes = try folder.read("models/mean.safetensors")
    for length in [0, 7, 8, 100, bytes.count - 1] {
      try folder.write("cut.safetensors", bytes: Array(bytes.prefix(length)))
      let result = try folder.run("predict", "--model", "cut.safetensors", "--data", "data.csv")
      #expect(result.status == 65, "\(length) bytes: \(result.errors)")
      #expect(result.errors.contains("learners: cut.safetensors: this is no model to be trusted: "))
    }
    let expected = try folder.run("predict", "--model", "models/mean.safetensors", "--data", "data.csv").output
    for position in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 40)) {
      var altered = bytes
      altered[position] ^= 0x15
      try folder.write("altered.safetensors", bytes: altered)
      let result = try folder.run("predict", "--model", "altered.safetensors", "--data", "data.csv")
      #expect(result.status == 65 || (result.status == 0 && result.output == expected), "byte \(position)")
    }
  }

  @Test func aModelThatIsNotThereIsNoInput() throws {
    let folder = try TemporaryFolder()
    #expect(try folder.run("inspect", "--model", "nothing.safetensors").status == 66)
    #expect(try folder.run("inspect").status == 64)
  }
}
