import Learners
import Testing

/// A `.npy` file as numpy.save writes it.
func npy(
  _ descr: String, shape: String, fortran: Bool = false, version: UInt8 = 1, data: [UInt8]
) -> [UInt8] {
  var header = "{'descr': '\(descr)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }"
  let lengthSize = version == 1 ? 2 : 4
  while (8 + lengthSize + header.utf8.count + 1) % 64 != 0 { header += " " }
  header += "\n"
  let length = (0..<lengthSize).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
  return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + Array(header.utf8) + data
}

private func littleEndian<Element: FixedWidthInteger>(_ elements: [Element]) -> [UInt8] {
  elements.flatMap { element in (0..<Element.bitWidth / 8).map { UInt8(truncatingIfNeeded: element >> (8 * $0)) } }
}

@Suite struct NPYReaderTests {
  /// Python's `numpy.save(file, numpy.array([[1.5, nan], [-2, 3]]))` of NumPy 2.4.6, in base 16.
  private let savedByNumPy = """
    934e554d5059010076007b276465736372273a20273c6638272c2027666f727472616e5f6f72646572273a2046616c73652c202773686170\
    65273a2028322c2032292c207d20202020202020202020202020202020202020202020202020202020202020202020202020202020202020\
    2020202020202020202020202020200a000000000000f83f000000000000f87f00000000000000c00000000000000840
    """

  @Test func writtenByNumPy() throws {
    let digits = Array(savedByNumPy.utf8).map { UInt8(Character(Unicode.Scalar($0)).hexDigitValue!) }
    let bytes = stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    let table = try Reading.table("t.npy", bytes)
    #expect(table.columns.map(\.name) == ["x0", "x1"])
    #expect(table["x0"]?.numbers == [1.5, -2])
    #expect(table["x1"]?.numbers == [nil, 3])
  }

  @Test(arguments: [1, 2, 3] as [UInt8], [false, true])
  func orders(version: UInt8, fortran: Bool) throws {
    let data = littleEndian(fortran ? [1, 4, 2, 5, 3, 6] : [1, 2, 3, 4, 5, 6] as [Int16])
    let table = try Reading.table(
      "t.npy", npy("<i2", shape: "(2, 3)", fortran: fortran, version: version, data: data))
    #expect(table.columns.map(\.numbers) == [[1, 4], [2, 5], [3, 6]])
  }

  @Test func elementTypes() throws {
    func column(_ descr: String, _ data: [UInt8]) throws -> [Double?]? {
      try Reading.table("t.npy", npy(descr, shape: "(2,)", data: data)).columns[0].numbers
    }
    #expect(try column("|b1", [0, 1]) == [0, 1])
    #expect(try column("|i1", [0xff, 2]) == [-1, 2])
    #expect(try column("|u1", [0xff, 2]) == [255, 2])
    #expect(try column("<i2", littleEndian([-1, 2] as [Int16])) == [-1, 2])
    #expect(try column("<u2", littleEndian([0xffff, 2] as [UInt16])) == [65535, 2])
    #expect(try column("<i4", littleEndian([-1, 2] as [Int32])) == [-1, 2])
    #expect(try column("<u4", littleEndian([.max, 2] as [UInt32])) == [4_294_967_295, 2])
    #expect(try column("<i8", littleEndian([-1, 1 << 53] as [Int64])) == [-1, 0x1p53])
    #expect(try column("=u8", littleEndian([1 << 63, 2] as [UInt64])) == [0x1p63, 2])
    #expect(try column("<f4", littleEndian([Float(1.5).bitPattern, Float.nan.bitPattern])) == [1.5, nil])
    #expect(try column("<f8", littleEndian([Double(0.1).bitPattern, Double.nan.bitPattern])) == [0.1, nil])
  }

  @Test func longIntegers() throws {
    let long = npy("<i8", shape: "(2, 1)", data: littleEndian([9_007_199_254_740_993, -1] as [Int64]))
    let column = try Reading.table("t.npy", long).columns[0]
    #expect(column.texts == ["9007199254740993", "-1"])
    #expect(column.notNumeric?.location == .init(file: "t.npy", column: "x0"))
    let floats = npy("<f8", shape: "(1, 1)", data: littleEndian([Double(0.5).bitPattern]))
    let both = try TableReader.read([InputFile(name: "1.npy", bytes: long), InputFile(name: "2.npy", bytes: floats)])
    #expect(both.columns[0].numbers == [9_007_199_254_740_992, -1, 0.5])
    let bytes = npy("|u1", shape: "(1, 1)", data: [7])
    let texts = try TableReader.read([InputFile(name: "1.npy", bytes: long), InputFile(name: "2.npy", bytes: bytes)])
    #expect(texts.columns[0].texts == ["9007199254740993", "-1", "7"])
  }

  @Test func infinity() {
    let data = littleEndian([0, Double.infinity.bitPattern, 0, 0])
    let error = Reading.error("t.npy", npy("<f8", shape: "(2, 2)", data: data))
    #expect(error?.what == "row 0, counted from 0, holds no finite number")
    #expect(error?.location == .init(file: "t.npy", column: "x1"))
    #expect(Reading.error("t.npy", npy("|b1", shape: "(2,)", data: [0, 2]))?.what.hasPrefix("row 1") == true)
  }

  @Test(arguments: [
    ("|O", "(2,)", "holds Python objects, which only Python can read"),
    (">f8", "(2,)", "is big-endian (“>f8”)"),
    ("<f2", "(2,)", "has elements of the type “<f2”"), ("<U3", "(2,)", "has elements of the type “<U3”"),
    ("|i4", "(2,)", "has elements of the type “|i4”"), ("", "(2,)", "has elements of the type “”"),
    ("|u1", "()", "is an array of 0 dimensions"), ("|u1", "(1, 2, 1)", "is an array of 3 dimensions"),
    ("|u1", "(0, 2)", "there are no rows"), ("|u1", "(2, 0)", "has no columns"),
    ("|u1", "(3,)", "ends before its last number"), ("|u1", "(1,)", "goes on after its last number"),
    ("<f8", "(4611686018427387904, 4)", "ends before its last number"),
    ("|u1", "(99999999999999999999,)", "has a header that is no description"),
    ("|u1", "(-1,)", "has a header that is no description"), ("|u1", "2", "has a header that is no description"),
  ])
  func faults(descr: String, shape: String, what: String) {
    let error = Reading.error("t.npy", npy(descr, shape: shape, data: [1, 2]))
    #expect(error?.what.hasPrefix(what) == true, "\(String(describing: error))")
  }

  @Test func damagedHeaders() {
    let whole = npy("|u1", shape: "(2,)", data: [1, 2])
    for count in 0..<whole.count { #expect(Reading.error("t.npy", Array(whole[..<count])) != nil, "\(count)") }
    #expect(
      Reading.error("t.npy", npy("|u1", shape: "(2,)", version: 4, data: [1, 2]))?.what.contains("format") == true)
    #expect(Reading.error("t.npy", "a,b\n1,2")?.what == "is not a .npy file")
  }

  @Test func filesWithOtherColumns() {
    let files = ["(1, 2)", "(2, 1)"].map {
      InputFile(name: "\($0).npy", bytes: npy("|u1", shape: $0, data: [1, 2]))
    }
    #expect { try TableReader.read(files) } throws: {
      ($0 as? DataError)?.what == "the array has 1 columns, the file before it 2"
    }
  }
}
