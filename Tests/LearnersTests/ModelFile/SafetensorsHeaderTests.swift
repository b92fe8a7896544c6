import Learners
import Testing

/// Headers as nobody should write them. All are read through `SafetensorsFile`.
@Suite struct SafetensorsHeaderTests {
  /// A file with this header and so many bytes of data.
  private func file(_ header: String, data: Int = 0) throws -> SafetensorsFile {
    try SafetensorsFile(decoding: bytes(header, data: data))
  }

  private func bytes(_ header: String, data: Int) -> [UInt8] {
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
    return length + Array(header.utf8) + [UInt8](repeating: 0, count: data)
  }

  private func entry(_ type: String = "F64", shape: String = "[1]", offsets: String = "[0,8]") -> String {
    #"{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  private func isMalformed(_ header: String, data: Int = 0) -> Bool {
    do throws(ModelFileError) {
      _ = try SafetensorsFile(decoding: bytes(header, data: data))
      return false
    } catch {
      if case .malformedHeader = error { return true }
      return false
    }
  }

  @Test func anyOrderAndSpacingIsRead() throws {
    let header = """
       { "b" : {"data_offsets":[ 8 , 12 ], "shape" : [ ], "dtype":"I32"} ,\r\n\t"a":\(entry()), "__metadata__":{} }
      """
    let read = try file(header, data: 12)
    #expect(Set(read.tensors.tensors.keys) == ["a", "b"])
    #expect(try file("{}").tensors.tensors.isEmpty)
  }

  /// Data that do not begin at a multiple of their size, as other programs may write them.
  @Test func unalignedDataAreRead() throws {
    for padding in 0..<8 {
      let header = #"{"a":\#(entry("U8", shape: "[3]", offsets: "[0,3]")),"b":\#(entry(offsets: "[3,11]"))}"#
      var bytes = bytes(header + String(repeating: " ", count: padding), data: 11)
      for (index, byte) in (0..<8).map({ UInt8(truncatingIfNeeded: 1.5.bitPattern >> (8 * $0)) }).enumerated() {
        bytes[bytes.count - 8 + index] = byte
      }
      #expect(try SafetensorsFile(decoding: bytes).tensors.float64("b", shape: [1]) == [1.5])
    }
  }

  @Test func escapesAreRead() throws {
    let read = try file(#"{"__metadata__":{"a\u0062\n\/":"\"\\\b\f\r\t\u00e9\uD834\uDD1E"}}"#)
    #expect(read.metadata == ["ab\n/": "\"\\\u{8}\u{C}\r\té𝄞"])
  }

  @Test(arguments: [
    "", " ", "[]", "{", "{}}", "{} x", #"{"a"}"#, #"{"a":}"#, #"{"a":1}"#, #"{"a":null}"#, #"{a:{}}"#, #"{"a":{}}"#,
    "{,}",
    #"{"__metadata__":{"a":1}}"#, #"{"__metadata__":{"a":"b",}}"#, #"{"__metadata__":"a"}"#,
    #"{"__metadata__":{"a":{}}}"#,
    #"{"__metadata__":{"a":"b"},"__metadata__":{}}"#, #"{"__metadata__":{"a":"b","a":"c"}}"#,
    #"{"__metadata__":{"a":"\x"}}"#, #"{"__metadata__":{"a":"\u12"}}"#, #"{"__metadata__":{"a":"\uD834"}}"#,
    #"{"__metadata__":{"a":"\uDD1E"}}"#, #"{"__metadata__":{"a":"\uD834\u0041"}}"#,
    #"{"__metadata__":{"a":"\uD834\n"}}"#,
    "{\"__metadata__\":{\"a\":\"\n\"}}", #"{"__metadata__":{"a":"b}}"#, #"{"__metadata__":{"a":"\"#, #"{"a":"#,
    #"{'a':{}}"#, "\u{FEFF}{}", #"{"__metadata__":{}"#, #"{} {}"#, #"{"__metadata__":{"a":"\uD834\"#,
  ])
  func brokenJSONIsMalformed(header: String) {
    #expect(isMalformed(header))
  }

  @Test(arguments: [
    ("F16", "[1]", "[0,2]", 2), ("f64", "[1]", "[0,8]", 8), ("", "[1]", "[0,8]", 8),
    ("F64", "[2]", "[0,8]", 8), ("F64", "[]", "[0,0]", 0), ("F64", "[1]", "[8,0]", 8), ("F64", "[1]", "[0,8,8]", 8),
    ("F64", "[1]", "[0]", 8), ("F64", "1", "[0,8]", 8), ("F64", "[1.0]", "[0,8]", 8), ("F64", "[1e0]", "[0,8]", 8),
    ("F64", "[-1]", "[0,8]", 8), ("F64", "[01]", "[0,8]", 8), ("F64", "[00]", "[0,0]", 0), ("F64", "[1,]", "[0,8]", 8),
    ("F64", "[[1]]", "[0,8]", 8), ("F64", "[\"1\"]", "[0,8]", 8), ("F64", "[1 1]", "[0,8]", 8),
    ("F64", "[1]", "[8,16]", 16), ("F64", "[1]", "[1,9]", 9),
    ("F64", "[9223372036854775807]", "[0,8]", 8), ("F64", "[9223372036854775808]", "[0,8]", 8),
    ("F64", "[4294967296,4294967296]", "[0,0]", 0), ("U8", "[99999999999999999999999999]", "[0,8]", 8),
    ("F64", "[1]", "[0,18446744073709551615]", 8), ("U8", "[3037000500,3037000500]", "[0,8]", 8),
  ])
  func brokenEntriesAreMalformed(type: String, shape: String, offsets: String, data: Int) {
    #expect(isMalformed("{\"a\":\(entry(type, shape: shape, offsets: offsets))}", data: data))
  }

  @Test func missingAndUnknownPropertiesAreMalformed() {
    #expect(isMalformed(#"{"a":{"dtype":"F64","shape":[1]}}"#, data: 8))
    #expect(isMalformed(#"{"a":{"dtype":"F64","data_offsets":[0,8]}}"#, data: 8))
    #expect(isMalformed(#"{"a":{"shape":[1],"data_offsets":[0,8]}}"#, data: 8))
    #expect(isMalformed(#"{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8],"x":[]}}"#, data: 8))
    #expect(isMalformed(#"{"a":{"dtype":"F64","dtype":"F64","shape":[1],"data_offsets":[0,8]}}"#, data: 8))
    #expect(isMalformed("{\"a\":\(entry()),\"a\":\(entry(offsets: "[8,16]"))}", data: 16))
  }

  @Test func holesAndOverlapsAreMalformed() {
    #expect(isMalformed("{\"a\":\(entry()),\"b\":\(entry(offsets: "[9,17]"))}", data: 17))
    #expect(isMalformed("{\"a\":\(entry()),\"b\":\(entry(offsets: "[4,12]"))}", data: 12))
    #expect(isMalformed("{\"a\":\(entry()),\"b\":\(entry())}", data: 8))
    #expect(isMalformed("{\"a\":\(entry()),\"b\":\(entry(shape: "[0]", offsets: "[4,4]"))}", data: 8))
  }

  @Test func lengthsAreChecked() {
    let truncated = { (bytes: [UInt8]) -> Bool in
      do throws(ModelFileError) {
        _ = try SafetensorsFile(decoding: bytes)
        return false
      } catch {
        if case .truncated = error { return true }
        return false
      }
    }
    #expect(truncated([]))
    #expect(truncated([2, 0, 0, 0, 0, 0, 0]))
    #expect(truncated([3, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8)))
    #expect(truncated(bytes("{\"a\":\(entry())}", data: 7)))
    #expect(truncated(bytes("{\"a\":\(entry())}", data: 9)))
    let huge = [UInt8](repeating: 0xFF, count: 8) + Array("{}".utf8)
    #expect(throws: ModelFileError.malformedHeader(reason: "its length is given as \(UInt64.max) bytes")) {
      try SafetensorsFile(decoding: huge)
    }
  }

  @Test func textThatIsNotUTF8IsMalformed() {
    for invalid in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82]] as [[UInt8]] {
      let header = Array(#"{"__metadata__":{"a":""#.utf8) + invalid + Array("\"}}".utf8)
      let bytes = [UInt8(header.count), 0, 0, 0, 0, 0, 0, 0] + header
      #expect(throws: ModelFileError.malformedHeader(reason: "it is not UTF-8")) {
        try SafetensorsFile(decoding: bytes)
      }
    }
  }

  /// Deep nesting must not exhaust the stack.
  @Test func deepNestingIsMalformed() {
    #expect(isMalformed(String(repeating: #"{"a":"#, count: 100_000)))
    #expect(isMalformed("{\"a\":" + String(repeating: "[", count: 100_000)))
  }
}
