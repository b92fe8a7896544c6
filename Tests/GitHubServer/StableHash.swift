/// FNV-1a with 64 bits: the same in every run.
struct StableHash {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  init(_ text: String) { add(text.utf8) }

  mutating func add(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
  }

  mutating func add(_ number: UInt64) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) { value = (value ^ (number >> shift & 255)) &* 0x100_0000_01B3 }
  }

  var etag: String { "W/\"\(String(value, radix: 16))\"" }
}

extension MadeRepository {
  /// Another number for another content.
  var version: UInt64 { UInt64(id) << 32 ^ UInt64(stars) << 8 ^ UInt64(bitPattern: Int64(updated)) }
}
