import Learners
import Testing

/// A gzip member that stores its content as it is.
func gzipMember(_ content: [UInt8]) -> [UInt8] {
  precondition(content.count < 1 << 16)
  var crc: UInt32 = ~0
  for byte in content {
    crc ^= UInt32(byte)
    for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0xedb8_8320 : 0) }
  }
  func littleEndian(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }
  let count = content.count
  return [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1] + littleEndian(count, 2) + littleEndian(~count, 2) + content
    + littleEndian(Int(~crc), 4) + littleEndian(count, 4)
}

@Suite struct GzipTests {
  private let text = Array("a,b\n1,2\n".utf8)

  @Test func members() throws {
    let packed = gzipMember(text) + gzipMember(Array("3,4\n5,".utf8)) + gzipMember([]) + gzipMember(Array("6".utf8))
    let table = try Reading.table("t.csv.gz", packed)
    #expect(table["a"]?.numbers == [1, 3, 5])
    #expect(table["b"]?.numbers == [2, 4, 6])
  }

  /// Python's `gzip.compress(b"a,b\n" + b"1,2\n" * 1000, mtime=0)`.
  @Test func compressed() throws {
    let table = try Reading.table("t.csv.gz", Self.thousandRows)
    #expect(table["a"]?.numbers == Array(repeating: 1, count: 1000))
  }

  @Test func zerosAfterTheEndAreIgnored() throws {
    #expect(try Reading.table("t.csv.gz", gzipMember(text) + [UInt8](repeating: 0, count: 512)).rowCount == 1)
  }

  @Test func everyPrefixIsAnError() {
    let packed = gzipMember(text)
    for count in 0..<packed.count {
      let what = Reading.error("t.csv.gz", Array(packed[..<count]))?.what
      #expect(["the file is empty", "is not a gzip file", "is gzip data that is cut short"].contains(what), "\(count)")
    }
  }

  @Test func damage() {
    var packed = gzipMember(text)
    packed[20] ^= 1
    #expect(Reading.error("t.csv.gz", packed)?.what == "is damaged gzip data")
    #expect(Reading.error("t.csv.gz", gzipMember(text) + [1, 2, 3])?.what == "is damaged gzip data")
    #expect(Reading.error("t.csv.gz", text)?.what == "is not a gzip file")
  }

  @Test func unpacksUpToTheLimit() throws {
    let file = InputFile(name: "t.csv.gz", bytes: Self.thousandRows)
    #expect(try Gzip.decompress(file, limit: 4004).count == 4004)
    #expect(throws: DataError.self) { try Gzip.decompress(file, limit: 4003) }
  }

  private static let thousandRows: [UInt8] = [
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xed, 0xc3, 0x21, 0x0d, 0x00, 0x00,
    0x08, 0x00, 0x30, 0x4f, 0x16, 0x0c, 0x34, 0x82, 0xfe, 0x21, 0x88, 0x81, 0xf9, 0xb7, 0x4f, 0x6e,
    0x54, 0xb6, 0xaa, 0xaa, 0xaa, 0xfa, 0xfc, 0x00, 0xfd, 0x3e, 0x9d, 0x26, 0xa4, 0x0f, 0x00, 0x00,
  ]
}
