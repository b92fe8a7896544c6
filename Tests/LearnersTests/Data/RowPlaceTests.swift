import Learners
import TestSupport
import Testing

@Suite struct RowPlaceTests {
  @Test func rowsHaveTheLinesOfAnEditor() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.csv", "x,note\r\n1,\"two\r\nlines\"\r\n2,\"a \"\"b\"\"\"\r\n3,c\r\n")
    try folder.write("b.csv", "x,note\n4,d\n\n5,e")
    try folder.write("c.jsonl", "{\"x\":1}\n\n{\"x\":\"\\\"\"}\n")
    let csv = [folder.path("a.csv")]
    #expect((0..<3).map { RowPlace.description(ofRow: $0, in: csv) } == ["line 2", "line 4", "line 5"])
    let both = csv + [folder.path("b.csv")]
    #expect(RowPlace.description(ofRow: 4, in: both) == "\(folder.path("b.csv")), line 4")
    #expect(RowPlace.description(ofRow: 1, in: [folder.path("c.jsonl")]) == "line 3")
    #expect(RowPlace.description(ofRow: 0, in: csv, rowCount: 4) == "line 1")
    #expect(
      RowPlace.description(ofRow: 6, in: ["x.npy"]) == "row 7" && RowPlace.description(ofRow: 6, in: []) == "row 7")
  }
}
