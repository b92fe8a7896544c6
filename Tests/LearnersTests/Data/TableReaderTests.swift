import FoundationEssentials
import Glibc
import Learners
import TestSupport
import Testing

@Suite struct TableReaderTests {
  private func write(_ bytes: [UInt8], to path: String) throws {
    try Data(bytes).write(to: URL(filePath: path))
  }

  private func error(_ paths: [String]) -> DataError? {
    do throws(DataError) { _ = try TableReader.read(paths) } catch { return error }
    return nil
  }

  @Test func readsFilesOfEveryKind() throws {
    try withTemporaryFolder { directory in
      let contents: [(String, [UInt8])] = [
        ("t.csv", Array("x0,x1\n1,2\n3,4\n".utf8)), ("T.CSV.GZ", gzipMember(Array("x0,x1\n1,2\n3,4\n".utf8))),
        ("t.jsonl", Array("{\"x0\":1,\"x1\":2}\n{\"x0\":3,\"x1\":4}\n".utf8)),
        ("t.npy", npy("|u1", shape: "(2, 2)", data: [1, 2, 3, 4])),
      ]
      let expected = Table(columns: [
        Column(name: "x0", values: .numeric([1, 3])), Column(name: "x1", values: .numeric([2, 4])),
      ])
      for (name, bytes) in contents {
        try write(bytes, to: "\(directory)/\(name)")
        #expect(try TableReader.read(["\(directory)/\(name)"]) == expected, "\(name)")
      }
    }
  }

  @Test func filesThatCannotBeRead() throws {
    try withTemporaryFolder { directory in
      let missing = "\(directory)/missing.csv"
      #expect(error([missing])?.description == "\(missing): there is no such file: check the path")
      #expect(error([missing])?.code == .noInput)
      #expect(error(["\(directory)/no\0where.csv"])?.code == .noInput)
      #expect(error(["\(missing)/t.csv"])?.code == .noInput)

      let folder = "\(directory)/folder.csv"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
      #expect(error([folder])?.what == "is a directory")

      let pipe = "\(directory)/pipe.csv"
      #expect(unsafe mkfifo(pipe, 0o600) == 0)
      #expect(error([pipe])?.what == "is a pipe or a device, not a file")

      let huge = "\(directory)/huge.csv"
      try write([], to: huge)
      #expect(unsafe truncate(huge, 1 << 43) == 0)
      #expect(error([huge])?.what.contains("MB, more than half of this machine's memory") == true)

      let secret = "\(directory)/secret.csv"
      try write(Array("a\n1".utf8), to: secret)
      #expect(unsafe chmod(secret, 0) == 0)
      // Root may read everything.
      if geteuid() != 0 { #expect(error([secret])?.code == .noPermission) }
    }
  }

  @Test func linksAreFollowed() throws {
    try withTemporaryFolder { directory in
      try write(Array("a\n1".utf8), to: "\(directory)/data")
      try FileManager.default.createSymbolicLink(
        atPath: "\(directory)/link.csv", withDestinationPath: "\(directory)/data")
      #expect(try TableReader.read(["\(directory)/link.csv"]).rowCount == 1)
    }
  }

  @Test func kinds() throws {
    let all = ".csv, .tsv, .csv.gz, .tsv.gz, .jsonl, .ndjson, .jsonl.gz, .ndjson.gz, .npy"
    #expect(error([])?.advice == "name one of \(all)")
    #expect(throws: DataError.self) { try TableReader.format(of: ["t.csv", "t.jsonl"]) }
    #expect(try TableReader.format(of: ["t.csv", "t.tsv.gz"]) == .csv)
    #expect {
      try TableReader.format(of: ["t.csv", "t.xlsx"])
    } throws: {
      "\($0)" == "t.xlsx: files of this kind cannot be read: "
        + "use a file whose name ends in one of \(all)"
    }
  }

  @Test(arguments: ["t.csv", "t.jsonl"]) func columnsAreReadAsAModelExpectsThem(name: String) throws {
    let csv = "code,flag,id\n007,true,12345678901234567890\n1.0,1,2\n"
    let json = #"{"code":7,"flag":true,"id":12345678901234567890}"# + "\n" + #"{"code":1.0,"flag":1,"id":2}"# + "\n"
    let file = InputFile(name: name, bytes: Array((name == "t.csv" ? csv : json).utf8))
    let features = [Feature(name: "code", levels: ["007"]), Feature(name: "flag"), Feature(name: "id")]
    let table = try TableReader.read([file], options: ReadingOptions(for: features))
    #expect(table["code"]?.text(1) == "1.0")
    #expect(table["flag"]?.values == .numeric([1, 1]))
    #expect(table["id"]?.values == .numeric([12_345_678_901_234_567_168, 2]))
  }

  @Test func aFileIsGivenOnce() throws {
    try withTemporaryFolder { directory in
      try write(Array("a\n1".utf8), to: "\(directory)/t.csv")
      #expect(error(["\(directory)/t.csv", "\(directory)/t.csv"])?.what == "the file is given twice")
    }
  }
}
