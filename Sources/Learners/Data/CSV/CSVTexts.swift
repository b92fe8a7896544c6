internal import Linalg

/// The texts of a column that was read in parts, one list for all of them.
struct CSVTexts: Sendable {
  let codes: [Int32]
  let levels: Levels

  /// The rows of a part, the collector that has their texts, and the numbers of those that it met there first.
  struct Part {
    let rows: Range<Int>
    let collector: Int
    let new: Range<Int>
  }

  /// - Parameters:
  ///   - parts: in the order of the file.
  ///   - collected: by collector.
  init(_ memory: ColumnMemory<Int32>, _ parts: [Part], _ collected: [PackedTexts]) {
    let all: PackedTexts
    if collected.count == 1 && !collected[0].mayRepeat {
      all = collected[0]
    } else {
      all = Self.merge(memory, parts, collected)
    }
    all.seal()
    let codes = memory.take()
    if all.isASCII {
      (self.codes, levels) = (codes, Levels(all))
    } else {
      (self.codes, levels) = Self.joiningEqual(codes, all)
    }
  }

  /// Adds the parts' texts in the order of the file, so that codes are in order of first appearance however many threads
  /// have read them.
  private static func merge(
    _ memory: ColumnMemory<Int32>, _ parts: [Part], _ collected: [PackedTexts]
  ) -> PackedTexts {
    let all = PackedTexts(expecting: collected.reduce(0) { $0 + $1.count })
    var codeOf = collected.map { [UInt32](repeating: 0, count: $0.count) }
    for part in parts {
      // A collector meets parts in the order of the file, so that all its texts of these rows have their codes now.
      all.merge(collected[part.collector], part.new, &codeOf[part.collector])
      replace(memory, part.rows, codeOf[part.collector])
    }
    all.adopt(collected)
    return all
  }

  private static func replace(_ memory: ColumnMemory<Int32>, _ rows: Range<Int>, _ codeOf: [UInt32]) {
    guard !rows.isEmpty, let codes = unsafe memory.part(rows) else { return }
    for row in 0..<rows.count {
      let code = unsafe codes[row]
      if code >= 0 { unsafe codes[row] = Int32(bitPattern: codeOf[Int(code)]) }
    }
  }

  /// Texts that Unicode holds to be the same get one code: é is one character or two.
  private static func joiningEqual(_ codes: [Int32], _ texts: PackedTexts) -> ([Int32], Levels) {
    var first: [String: Int] = [:]
    var codeOf: [Int32] = []
    var isJoined = false
    for code in 0..<texts.count {
      let isASCII = texts.withBytes(code) { bytes in (0..<bytes.count).allSatisfy { bytes[$0] < 0x80 } }
      let other = isASCII ? nil : first.updateValue(code, forKey: texts.text(code))
      if let other { first[texts.text(code)] = other }
      isJoined = isJoined || other != nil
      codeOf.append(Int32(other ?? code))
    }
    guard isJoined else { return (codes, Levels(texts)) }
    var kept: [String] = []
    var place = [Int32](repeating: -1, count: texts.count)
    for code in 0..<texts.count where Int(codeOf[code]) == code {
      place[code] = Int32(kept.count)
      kept.append(texts.text(code))
    }
    return (codes.map { $0 < 0 ? $0 : place[Int(codeOf[Int($0)])] }, Levels(kept))
  }
}
