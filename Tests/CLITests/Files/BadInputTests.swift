import Foundation
import TestSupport
import Testing

/// Whatever a user gives it, the program says what, where and what to do, and ends with the documented status.
@Suite struct BadInputTests {
  struct Case: CustomTestStringConvertible {
    let name: String
    var file = "data.csv"
    var content: String? = smallTable(rows: 30)
    var options: [String] = []
    let status: Int32
    let message: [String]

    var testDescription: String { name }
  }

  private static let cases: [Case] = [
    Case(name: "missing file", content: nil, status: 66, message: ["data.csv", "no such file"]),
    Case(name: "empty file", content: "", status: 65, message: ["data.csv", "empty"]),
    Case(name: "header only", content: "a,b,c\n", status: 65, message: ["data.csv", "no rows"]),
    Case(name: "one row", content: "a,b\n1,2\n", status: 65, message: ["only one row has a target"]),
    Case(name: "ragged row", content: "a,b,y\n1,2,3\n4,5\n7,8,9\n", status: 65, message: ["data.csv:3"]),
    Case(name: "unbalanced quote", content: "a,y\n1,2\n\"x,4\n5,6\n", status: 65, message: ["data.csv:3", "quote"]),
    Case(
      name: "binary garbage", content: "a,y\n1,2\n\u{0}\u{1}\u{2},\u{0}\n3,4\n", status: 65, message: ["data.csv:3"]),
    Case(
      name: "text in the target", content: "a,y\n1,2\n2,3\n3,high\n4,5\n", status: 65, message: ["column y", "high"]),
    Case(
      name: "constant target", content: "a,y\n1,5\n2,5\n3,5\n", status: 65, message: ["column y", "5 in every row"]),
    Case(
      name: "a target that cannot be squared", content: "a,y\n1,1e300\n2,5\n3,7\n", status: 65,
      message: ["column y", "scale the target"]),
    Case(
      name: "a copy of the target", content: "watchers,x,stars\n1,5,1\n2,9,2\n3,4,3\n4,4,4\n", status: 65,
      message: ["column watchers", "--drop watchers", "--allow-leak watchers"]),
    Case(name: "more folds than rows", options: ["--cv", "31"], status: 65, message: ["31 folds but only 30 rows"]),
    Case(name: "one fold", options: ["--cv", "1"], status: 64, message: ["at least 2 folds"]),
    Case(name: "unknown model", options: ["--model", "ridge,forrest"], status: 64, message: ["forrest", "forest"]),
    Case(name: "unknown option", options: ["--modle", "ridge"], status: 64, message: ["--modle", "--model"]),
    Case(
      name: "unknown hyper-parameter", options: ["--model", "ridge", "--set", "ridge.lambda=1"], status: 64,
      message: ["lambda", "alpha"]),
    Case(
      name: "hyper-parameter out of range", options: ["--model", "svr", "--set", "svr.c=-1"], status: 64,
      message: ["c = -1", "(0, ∞)"]),
    Case(name: "malformed setting", options: ["--set", "svr=1"], status: 64, message: ["svr=1", "must look like"]),
    Case(name: "unknown target", options: ["--target", "cost"], status: 65, message: ["no column cost", "price"]),
    Case(name: "unknown column to drop", options: ["--drop", "cost"], status: 65, message: ["no column cost to drop"]),
    Case(name: "no threads", options: ["--threads", "0"], status: 64, message: ["--threads 0"]),
    Case(name: "unknown format", file: "data.xlsx", status: 65, message: ["data.xlsx", ".csv"]),
  ]

  @Test(arguments: cases) func saysWhatIsWrong(_ bad: Case) throws {
    let folder = try TemporaryFolder()
    if let content = bad.content { try folder.write(bad.file, content) }
    let result = try folder.run(
      ["fit", "--data", bad.file] + (bad.options.contains("--model") ? [] : ["--model", "mean"]) + bad.options)
    #expect(result.status == bad.status, "\(result.errors)")
    let lines = result.errors.split(separator: "\n")
    #expect(lines.last?.hasPrefix("learners: ") == true, "\(result.errors)")
    for part in bad.message { #expect(result.errors.contains(part), "“\(part)” is not in: \(result.errors)") }
    #expect(folder.files(below: "models").isEmpty)
  }

  @Test func oneUnfitModelDoesNotStopTheOthers() throws {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", "a,y\n1,1\n1,2\n1,5\n1,1\n")
    let result = try folder.run("fit", "--data", "data.csv", "--model", "mean,ridge", "--cv", "2")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("warning: ridge, fold 0: no feature varies in the training rows"))
    #expect(folder.files(below: "models") == ["best.safetensors", "leaderboard.json", "mean.safetensors"])
    let alone = try folder.run("fit", "--data", "data.csv", "--model", "ridge", "--cv", "2")
    #expect(alone.status == 65)
  }

  @Test func aFileThatIsGivenTwiceIsRefused() throws {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", smallTable(rows: 30))
    let result = try folder.run("fit", "--data", "data.csv", "data.csv", "--model", "mean")
    #expect(result.status == 65 && result.errors.contains("given twice"), "\(result.errors)")
  }

  @Test func aResultThatIsLostIsAnError() throws {
    let folder = try TemporaryFolder()
    let command = "'\(Program.url.path())' info > /dev/full"
    let result = try Program.run(["-c", command], in: folder.url, program: URL(filePath: "/bin/sh"))
    #expect(result.status == 73 && result.errors.contains("standard output"), "\(result.errors)")
  }

  @Test func anOutputFileThatCannotBeWrittenIsFoundBeforeTheWork() throws {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", smallTable(rows: 30))
    let result = try folder.run("fit", "--data", "data.csv", "--model", "mean", "--oof", "nowhere/oof.csv")
    #expect(result.status == 73 && folder.files(below: "models").isEmpty, "\(result.errors)")
    let input = try folder.run("fit", "--data", "data.csv", "--model", "mean", "--oof", "data.csv")
    #expect(input.status == 64, "\(input.errors)")
  }

  @Test func aColumnWithoutValuesIsLeftOutWithANote() throws {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", "a,empty,y\n1,,2\n2,NA,3\n3,,5\n4,,1\n")
    let result = try folder.run("fit", "--data", "data.csv", "--model", "mean", "--cv", "2")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("column empty is left out: it has no values"))
  }

  @Test func anOutputThatCannotBeWrittenIsFoundBeforeTheWork() throws {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", smallTable(rows: 30))
    try folder.write("file", "not a folder")
    let result = try folder.run("fit", "--data", "data.csv", "--out", "file/models")
    #expect(result.status == 73, "\(result.errors)")
    #expect(result.errors.contains("file/models"))
    let prediction = try folder.run("sample", "--rows", "10", "--out", "file/sample.csv")
    #expect(prediction.status == 73, "\(prediction.errors)")
  }
}
