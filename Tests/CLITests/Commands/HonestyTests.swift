import Foundation
import TestSupport
import Testing

/// What makes figures look better or worse than they are is told.
@Suite struct HonestyTests {
  /// A text and a number: `code` is 1, 2, … as text, for a word is among them.
  private func table(rows: Range<Int>, write: (Int) -> String = { "\($0)" }) -> String {
    rows.reduce("code,size,price\n") { text, row in
      let code = row % 5 == 0 ? "none of them" : write(row % 5)
      return text + "\(code),\(row * 7 % 31),\((row % 5) * 100 + row * 7 % 31)\n"
    }
  }

  private func score(_ folder: TemporaryFolder, _ file: String) throws -> (r2: Double, errors: String) {
    let result = try folder.run("evaluate", "--model", "models/ridge.safetensors", "--data", file, "--json")
    let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    return (((object?["scores"] as? [String: Any])?["r2"] as? Double) ?? -9, result.errors)
  }

  @Test func levelsThatAreSpeltOtherwiseAreReadAndTold() throws {
    let folder = try TemporaryFolder()
    try folder.write("train.csv", table(rows: 0..<200))
    try #require(try folder.run("fit", "--data", "train.csv", "--model", "ridge").status == 0)
    try folder.write("same.csv", table(rows: 0..<100))
    try folder.write("floats.csv", table(rows: 0..<100) { "\($0).0" })
    try folder.write("blanks.csv", table(rows: 0..<100) { " \($0)" })
    try folder.write("unseen.csv", table(rows: 0..<100) { "new\($0)" })
    let same = try score(folder, "same.csv")
    #expect(same.r2 > 0.99 && !same.errors.contains("spelt"))
    for file in ["floats.csv", "blanks.csv"] {
      let found = try score(folder, file)
      #expect(found.r2 == same.r2 && found.errors.contains("80 of 100 rows are spelt otherwise"), "\(found.errors)")
    }
    let unseen = try score(folder, "unseen.csv")
    #expect(unseen.errors.contains("80 of 100 rows hold 4 texts that the model was not fitted with: “new1” in 20"))
    let predicted = try folder.run("predict", "--model", "models/ridge.safetensors", "--data", "unseen.csv")
    #expect(predicted.status == 0 && predicted.errors.contains("“new1” in 20"), "\(predicted.errors)")
  }

  /// A row by itself is read as among others.
  @Test func aRowAloneIsReadAsInCompany() throws {
    let folder = try TemporaryFolder()
    try folder.write("train.csv", table(rows: 0..<200))
    try #require(try folder.run("fit", "--data", "train.csv", "--model", "ridge").status == 0)
    try folder.write("alone.csv", "code,size\n3.0,7\n")
    try folder.write("company.csv", "code,size\n3.0,7\nnone of them,7\n3,7\n")
    let lines = try ["alone.csv", "company.csv"].map {
      try folder.run("predict", "--model", "models/ridge.safetensors", "--data", $0).output.split(separator: "\n")
    }
    #expect(
      lines[0][1].dropFirst(2) == lines[1][1].dropFirst(2) && lines[1][1].dropFirst(2) == lines[1][3].dropFirst(2))
  }

  @Test func leaksAndCopiesAreWarnedOf() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<90).map { "\($0 * 37 % 101),\(90 - $0),\($0 * $0)" }
    let copies = Array(repeating: rows[3], count: 5)
    try folder.write("data.csv", "a,\"rank, of all\",y\n" + (rows + copies).joined(separator: "\n") + "\n")
    let result = try folder.run("fit", "--data", "data.csv", "--model", "ridge", "--json")
    #expect(result.status == 0)
    let report = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let warnings = try #require(report["warnings"] as? [String])
    #expect(warnings.count == 2 && warnings.allSatisfy { result.errors.contains("learners: warning: \($0)\n") })
    #expect(result.errors.contains("warning: column rank, of all looks like a leak"), "\(result.errors)")
    #expect(result.errors.contains("--drop 'rank, of all'"))
    #expect(
      warnings.contains { $0.contains(" of 95 rows are exact duplicates of a row in another fold (5 could go)") },
      "\(warnings)")
    for arguments in [["--drop", "rank, of all"], ["--drop", "\"rank, of all\""], ["--allow-leak", "rank, of all"]] {
      let quiet = try folder.run(["fit", "--data", "data.csv", "--model", "ridge"] + arguments)
      #expect(quiet.status == 0 && !quiet.errors.contains("leak"), "\(quiet.errors)")
    }
    let both = try folder.run("fit", "--data", "data.csv", "--model", "ridge", "--drop", "a,rank, of all")
    #expect(both.status == 65 && both.errors.contains("no features are left"), "\(both.errors)")
  }

  @Test func theSameFileByAnotherNameIsRefused() throws {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", smallTable(rows: 30))
    try folder.write("copy.csv", smallTable(rows: 30))
    try FileManager.default.createSymbolicLink(atPath: folder.path("link.csv"), withDestinationPath: "data.csv")
    for name in ["./data.csv", "link.csv", "copy.csv"] {
      let result = try folder.run("fit", "--data", "data.csv", name, "--model", "mean")
      #expect(result.status == 65 && result.errors.contains("given twice"), "\(name): \(result.errors)")
    }
  }

  @Test func predictionsAreReadBackByOurselves() throws {
    let folder = try TemporaryFolder()
    for (number, target) in ["price, EUR", "row", "a \"b\"", "semi;colon", "ein Maß"].enumerated() {
      let header = ["x", target].map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }.joined(separator: ",")
      let rows = (0..<30).map { "\($0),\(3 * $0 + 1)\n" }.joined()
      try folder.write("data.csv", header + "\n" + rows)
      let out = "p\(number).csv"
      try #require(try folder.run("fit", "--data", "data.csv", "--model", "ridge").status == 0)
      try #require(
        try folder.run("predict", "--model", "models/ridge.safetensors", "--data", "data.csv", "--out", out).status == 0
      )
      // Our own reader takes the target by its name.
      let again = try folder.run("fit", "--data", out, "--model", "mean", "--target", target, "--json")
      #expect(again.status == 0, "\(target): \(again.errors)")
    }
  }

  @Test func namesOfStrangersReachNoTerminal() throws {
    let folder = try TemporaryFolder()
    let name = "y\u{1B}[31m\u{7}\u{202E}"
    try folder.write(
      "da\u{1B}[2Jta.csv", "x\u{1B}[1m,k,\(name)\n" + (0..<30).map { "\($0),a\($0 % 3),\($0 * $0)\n" }.joined())
    let fit = try folder.run("fit", "--data", "da\u{1B}[2Jta.csv", "--model", "mean,ridge")
    #expect(fit.status == 0)
    let texts = [
      fit, try folder.run("inspect", "--model", "models/ridge.safetensors"),
      try folder.run("evaluate", "--model", "models/ridge.safetensors", "--data", "da\u{1B}[2Jta.csv"),
      try folder.run("explain", "--model", "models/ridge.safetensors", "--data", "da\u{1B}[2Jta.csv"),
      try folder.run("fit", "--data", "no\u{1B}[2J.csv"),
      try folder.run("fit", "--data", "da\u{1B}[2Jta.csv", "--drop", "\u{1B}c"),
      try folder.run("fit", "--data", "da\u{1B}[2Jta.csv", "--target", "k"),
      try folder.run("inspect", "--model", "no\u{1B}[2J"),
    ].map { $0.output + $0.errors }
    for text in texts {
      #expect(
        !text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{7}" || $0 == "\u{202E}" },
        "\(text.debugDescription)")
    }
  }

  @Test func smallThingsAreSaidRight() throws {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", smallTable(rows: 30))
    try folder.write("folds.txt", "\u{FEFF}" + (0..<30).map { $0 < 10 ? "0\n" : "-1\n" }.joined())
    let one = try folder.run("fit", "--data", "data.csv", "--model", "mean", "--folds", "folds.txt")
    #expect(one.status == 0 && one.output.contains("1 fold\n") && one.errors.contains("1 fold done"), "\(one.errors)")
    let none = try folder.run("fit", "--data", "data.csv", "--model", "mean", "--set", "mean.x=1")
    #expect(none.status == 64 && none.errors.contains("there are none"), "\(none.errors)")
    // The same reason once, and no folds that are done.
    try folder.write("flat.csv", "a,y\n1,1\n1,2\n1,5\n1,1\n1,7\n1,8\n")
    let flat = try folder.run("fit", "--data", "flat.csv", "--cv", "2", "--out", "flat")
    #expect(flat.errors.components(separatedBy: "no feature varies").count == 2, "\(flat.errors)")
    #expect(flat.errors.contains("warning: ridge, svr") && !flat.errors.contains("ridge: 2 folds done"))
    #expect(flat.errors.contains("column a is the same in every row"))
    // Many names are cut.
    try folder.write(
      "wide.csv",
      (0..<3000).map { "column\($0)" }.joined(separator: ",") + "\n"
        + (0..<2).map { row in
          (0..<3000).map { "\($0 * row)" }.joined(separator: ",") + "\n"
        }.joined())
    let wide = try folder.run("fit", "--data", "wide.csv", "--target", "z")
    #expect(
      wide.status == 65 && wide.errors.utf8.count < 1000 && wide.errors.contains("and 2990 more"),
      "\(wide.errors.utf8.count)")
    // Rows have the lines of an editor.
    try folder.write("count.csv", "x,y\n" + (0..<20).map { "\($0),\($0 == 12 ? -3 : $0 % 4)\n" }.joined())
    let bad = try folder.run(
      "fit", "--data", "count.csv", "--model", "boosting", "--set", "boosting.loss=poisson", "--target-transform",
      "none")
    #expect(bad.status == 65 && bad.errors.contains("line 14"), "\(bad.errors)")
    // What cannot be compared is told.
    try folder.write("gaps.csv", "size,kind,noise,price\n1,flat,2,\n3,house,4,70\n5,flat,1,20\n")
    let gaps = try folder.run("evaluate", "--model", "models/mean.safetensors", "--data", "gaps.csv")
    #expect(gaps.status == 0 && gaps.errors.contains("1 of 3 rows has no price"), "\(gaps.errors)")
  }

  /// A search may begin with what is not wanted.
  @Test func aQueryMayBeginWithAMinus() throws {
    let folder = try TemporaryFolder()
    let options = ["extract", "--api", "http://127.0.0.1:9", "--give-up-after", "0s", "--dry-run", "--query"]
    #expect(try folder.run(options + ["-language:x"]).status == 69)
    let missing = try folder.run(options + ["--refresh"])
    #expect(missing.status == 64 && missing.errors.contains("--query"), "\(missing.errors)")
  }
}
