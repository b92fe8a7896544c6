import Learners
import Linalg
import Testing

/// Damaged input is a table or an error with a message, never a crash: seeded mutations of small valid files.
@Suite struct ReaderFuzzTests {
  private static let seeds: [(name: String, bytes: [UInt8])] = [
    (
      "t.csv",
      Array("a,b,\"c d\"\r\n1,x,true\r\n-2.5e3,\"y \"\"z\"\", é\nNA\",false\r\n12345678901234567,inf,\r\n".utf8)
    ),
    ("t.csv", Array("a\n1\n\n9007199254740993\r3.0000000000000000000001\n".utf8)),
    ("t.csv.gz", gzipMember(Array("a,b\n1,x\n2,\"y\"\n".utf8)) + gzipMember(Array("3,z\n".utf8))),
    (
      "t.jsonl",
      Array(#"{"a":1,"b":{"c":[ "x","y"],"d":null}}"#.utf8) + [10]
        + Array(#"{"a":-2.5e3,"e":"\u00e9\n\ud83d\ude42é"}"#.utf8)
    ),
    ("t.npy", npy("<f8", shape: "(2, 2)", data: (0..<32).map { UInt8($0 * 7) })),
    ("t.npy", npy("<i8", shape: "(2, 1)", fortran: true, version: 2, data: (0..<16).map { UInt8($0) })),
  ]

  private func mutate(_ bytes: [UInt8], _ random: inout RandomStream) -> [UInt8] {
    var bytes = bytes
    for _ in 0...random.uniform(below: 3) where !bytes.isEmpty {
      let place = random.uniform(below: bytes.count)
      let end = min(bytes.count, place + 1 + random.uniform(below: 12))
      switch random.uniform(below: 6) {
      case 0: bytes[place] ^= 1 << UInt8(random.uniform(below: 8))
      case 1: bytes[place] = UInt8(random.uniform(below: 256))
      case 2: bytes.removeSubrange(place...)
      case 3: bytes.insert(contentsOf: bytes[place..<end], at: random.uniform(below: bytes.count))
      case 4: bytes.removeSubrange(place..<end)
      default:
        let tokens = [
          "\"", "\n", "\r", ",", "\0", "e9", ".", "-", "{", "}", "[", "]", "\\u", "99999999999999999999", "é",
        ]
        bytes.insert(contentsOf: Array(tokens[random.uniform(below: tokens.count)].utf8), at: place)
      }
    }
    return bytes
  }

  /// What is wrong with the outcome of reading the bytes; nil where nothing is.
  private func problem(_ name: String, _ bytes: [UInt8]) -> (isTable: Bool, what: String?) {
    do throws(DataError) {
      let table = try Reading.table(name, bytes)
      if table.rowCount == 0 || table.columns.isEmpty { return (true, "an empty table") }
      for case .numeric(let numbers) in table.columns.map(\.values) where numbers.contains(where: \.isInfinite) {
        return (true, "an infinity")
      }
      return (true, nil)
    } catch {
      let isWhole = error.location.file == name && !error.what.isEmpty && !error.advice.isEmpty
      return (false, isWhole ? nil : "an error without file, reason or advice: \(error)")
    }
  }

  @Test func mutations() {
    var count = (tables: 0, errors: 0)
    for (index, seed) in Self.seeds.enumerated() {
      var random = RandomStream(seed: 7, purpose: RandomPurpose("test.fuzz"), index: UInt64(index))
      for _ in 0..<2000 {
        let bytes = mutate(seed.bytes, &random)
        let outcome = problem(seed.name, bytes)
        if outcome.isTable { count.tables += 1 } else { count.errors += 1 }
        if let what = outcome.what { Issue.record("\(what): \(seed.name) \(bytes)") }
      }
    }
    // Both happen often, or the mutations test nothing.
    #expect(count.tables > 1000 && count.errors > 1000)
  }
}
