import Learners
import Testing

@Suite struct JSONLinesReaderTests {
  private func read(_ text: String) throws -> Table { try Reading.table("t.jsonl", text) }

  @Test func columnsAreTheUnionOfTheKeys() throws {
    let table = try read(
      """
      {"a": 1, "b": "x"}

      {"b": null, "c": true}\r
        {"a": -2.5e1,"c":false , "d":"late"}
      {}
      """)
    #expect(table.columns.map(\.name) == ["a", "b", "c", "d"])
    #expect(table["a"]?.numbers == [1, nil, -25, nil])
    #expect(table["b"]?.texts == ["x", nil, nil, nil])
    #expect(table["c"]?.numbers == [nil, 1, 0, nil])
    #expect(table["d"]?.texts == [nil, nil, "late", nil])
  }

  @Test func nestedObjectsAndArrays() throws {
    let table = try read(#"{"a":{"b":{"c":3},"d":"x"},"t":["p","q"],"e":[],"o":{}}"# + "\n" + #"{"t":["r"]}"#)
    #expect(table.columns.map(\.name) == ["a.b.c", "a.d", "t", "e"])
    #expect(table["a.b.c"]?.numbers == [3, nil])
    #expect(table["t"]?.texts == ["p;q", "r"])
    #expect(table["e"]?.numbers == [nil, nil])
  }

  @Test func strings() throws {
    let table = try read(#"{"s":"\"\\\/\n\té\uD83D\uDE42漢 "}"# + "\n" + #"{"s":""}"# + "\n" + #"{"s":"NA"}"#)
    #expect(table["s"]?.texts == ["\"\\/\n\té🙂漢 ", nil, nil])
  }

  /// JSON says what is a number: a string of digits is text.
  @Test func stringsOfDigitsAreText() throws {
    let column = try #require(try read("{\"v\":1.10}\n{\"v\":\"1.10\"}\n{\"v\":false}")["v"])
    #expect(column.texts == ["1.10", "1.10", "false"])
    #expect(column.notNumeric?.location == .init(file: "t.jsonl", line: 2, column: "v"))
    #expect(column.notNumeric?.what == "“\"1.10\"” is not a number")
  }

  @Test func longIntegers() throws {
    #expect(try read("{\"v\":9007199254740993}\n{\"v\":1}")["v"]?.texts == ["9007199254740993", "1"])
    #expect(try read("{\"v\":9007199254740993}\n{\"v\":0.5}")["v"]?.numbers == [9_007_199_254_740_992, 0.5])
  }

  @Test func sameAsCSV() throws {
    let csv = try Reading.table("t.csv", "a,b,c\n1,x,true\n,y z,\n2.5,,false\n")
    let json = try read(
      #"{"a":1,"b":"x","c":true}"# + "\n" + #"{"a":null,"b":"y z"}"# + "\n" + #"{"a":2.5,"b":"","c":false}"#)
    #expect(json["a"]?.numbers == csv["a"]?.numbers)
    #expect(json["b"] == csv["b"])
    #expect(json["c"]?.numbers == csv["c"]?.numbers)
  }

  @Test func severalFiles() throws {
    let files = [
      InputFile(name: "1.jsonl", bytes: Array("{\"a\":1}\n".utf8)),
      InputFile(name: "2.jsonl", bytes: Array("{\"b\":\"x\",\"a\":2}".utf8)),
    ]
    let table = try TableReader.read(files)
    #expect(table["a"]?.numbers == [1, 2])
    #expect(table["b"]?.texts == [nil, "x"])
    #expect(table["b"]?.notNumeric?.location == .init(file: "2.jsonl", line: 1, column: "b"))
  }

  @Test(arguments: [
    ("", "t.jsonl: the file is empty"),
    ("\n \n", "t.jsonl: there are no rows"),
    ("{}\n{}", "t.jsonl: no object has a key"),
    ("[1]", "t.jsonl:1: the line does not begin with “{”"),
    ("{\"a\":1}\n{\"a\":2", "t.jsonl:2: “,” or “}” is expected, found the end of the line"),
    ("{\"a\":1} {\"a\":2}", "t.jsonl:1: there is something after the object"),
    ("{\"a\":1,}", "t.jsonl:1: a key in quotes is expected, found “}”"),
    ("{\"a\" 1}", "t.jsonl:1, column a: “:” is expected, found “1”"),
    ("{\"a\":NaN}", "t.jsonl:1, column a: “NaN” is no JSON value"),
    ("{\"a\":}", "t.jsonl:1, column a: “}” is no JSON value"),
    ("{\"a\":+1}", "t.jsonl:1, column a: “+1” is no JSON value"),
    ("{\"a\":01}", "t.jsonl:1, column a: “01” is no JSON value"),
    ("{\"a\":1.}", "t.jsonl:1, column a: “1” is no JSON value"),
    ("{\"a\":1e}", "t.jsonl:1: “,” or “}” is expected, found “e”"),
    ("{\"a\":[1,2]}", "t.jsonl:1, column a: the array holds “1”, not only strings"),
    ("{\"a\":[\"x\",null]}", "t.jsonl:1, column a: the array holds “null”, not only strings"),
    ("{\"a\":{\"b\":[{}]}}", "t.jsonl:1, column a.b: the array holds “{”, not only strings"),
    ("{\"a\":\"x\ny\"}", "t.jsonl:1, column a: a text is not closed"),
    ("{\"a\":\"x\ty\"}", "t.jsonl:1, column a: a text holds a control character, which has to be an escape"),
    ("{\"a\":\"\\x\"}", "t.jsonl:1, column a: a text holds an escape that JSON does not know"),
    ("{\"a\":\"\\ud83d\"}", "t.jsonl:1, column a: a text holds half of a surrogate pair"),
    ("{\"a\":\"\\u12", "t.jsonl:1, column a: a text is not closed"),
    ("{\"a\":\"\\u12\"}", "t.jsonl:1, column a: a text holds an escape that JSON does not know"),
    ("{\"a\":1,\"a\":2}", "t.jsonl:1, column a: the key is there twice"),
    ("{\"a.b\":1,\"a\":{\"b\":2}}", "t.jsonl:1, column a.b: the key is there twice"),
    ("{\"\":1}", "t.jsonl:1: a key is empty"),
    ("{\"a\":1}\n{\"a\":1e999}", "t.jsonl:2, column a: “1e999” is not a finite number"),
  ])
  func faults(text: String, message: String) {
    let description = Reading.error("t.jsonl", text)?.description ?? ""
    #expect(description.hasPrefix(message + ": "), "\(description)")
  }

  @Test func depth() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "{\"a\":", count: depth) + "1" + String(repeating: "}", count: depth)
    }
    #expect(try read(nested(64)).columns.count == 1)
    #expect(Reading.error("t.jsonl", nested(65))?.what == "objects are nested deeper than 64")
    #expect(Reading.error("t.jsonl", nested(100_000))?.what == "objects are nested deeper than 64")
    #expect(Reading.error("t.jsonl", "{\"a\":" + String(repeating: "[", count: 100_000))?.location.column == "a")
  }

  @Test func longKeys() throws {
    let half = String(repeating: "k", count: 511)
    #expect(try read("{\"\(half)\":{\"\(half)k\":1}}").columns[0].name.utf8.count == 1024)
    #expect(Reading.error("t.jsonl", "{\"\(half)\":{\"\(half)kk\":1}}")?.what == "a key is longer than 1024 bytes")
  }

  @Test func invalidUTF8() {
    #expect(
      Reading.error("t.jsonl", Array("{\"a\":\"".utf8) + [0xff] + Array("\"}".utf8))?.what == "the text is not UTF-8")
    #expect(Reading.error("t.jsonl", [0, 1, 2, 255])?.location.line == 1)
  }
}
