/// Finds a name among few by its bytes, without making a string of them.
struct NameTable: Sendable {
  private let bytes: [UInt8]
  /// Name i is `bytes[starts[i]..<starts[i + 1]]`.
  private let starts: [Int]
  /// Index of a name by its hash, at that place or one of the next; -1 is free. A power of two of them.
  private let places: [Int32]

  var count: Int { starts.count - 1 }

  /// Names must differ.
  init(_ names: [String]) {
    bytes = names.flatMap { Array($0.utf8) }
    starts = names.reduce(into: [0]) { $0.append($0.last! + $1.utf8.count) }
    var size = 4
    while size < 2 * names.count { size *= 2 }
    var places = [Int32](repeating: -1, count: size)
    for (index, name) in names.enumerated() {
      var hash = Self.seed
      for byte in name.utf8 { Self.mix(byte, into: &hash) }
      var place = Int(truncatingIfNeeded: hash) & (size - 1)
      while places[place] >= 0 { place = (place + 1) & (size - 1) }
      places[place] = Int32(index)
    }
    self.places = places
  }

  /// The index of the name that these bytes are; nil where they are none.
  func index(_ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var hash = Self.seed
    for index in range { Self.mix(text[index], into: &hash) }
    var place = Int(truncatingIfNeeded: hash) & (places.count - 1)
    while places[place] >= 0 {
      let index = Int(places[place])
      if starts[index + 1] - starts[index] == range.count && isName(index, at: range.lowerBound, text) { return index }
      place = (place + 1) & (places.count - 1)
    }
    return nil
  }

  func index(_ text: String) -> Int? {
    let bytes = Array(text.utf8)
    return index(bytes.span, 0..<bytes.count)
  }

  /// Length of name `index` if it stands at `start` with a quote behind it; nil otherwise.
  @inline(__always)
  func match(_ index: Int, at start: Int, _ text: Span<UInt8>) -> Int? {
    let count = starts[index + 1] - starts[index]
    guard start + count < text.count, text[start + count] == UInt8(ascii: "\""), isName(index, at: start, text) else {
      return nil
    }
    return count
  }

  /// Whether as many bytes as the name has are the name. The text must be long enough.
  @inline(__always)
  private func isName(_ index: Int, at start: Int, _ text: Span<UInt8>) -> Bool {
    let name = bytes.span.extracting(starts[index]..<starts[index + 1])
    let found = text.extracting(start..<start + name.count)
    return name.indices.allSatisfy { name[$0] == found[$0] }
  }

  private static let seed: UInt64 = 0xcbf2_9ce4_8422_2325

  /// One step of the 64-bit FNV-1a hash.
  @inline(__always)
  private static func mix(_ byte: UInt8, into hash: inout UInt64) {
    hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
  }
}
