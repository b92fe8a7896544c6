internal import Learners

/// Reads instances out of JSON straight into the rows that a model predicts.
///
/// A key is first compared with the feature that the model names next: clients nearly always write features in the same
/// order, and then no key is hashed. One pass, no tree, no string but those of unknown names.
struct InstanceReader: Sendable {
  let features: [Feature]
  /// Columns of dates that features are made of.
  let dates: [DateInput]
  /// Those of the features, then those of the columns of dates.
  private let names: NameTable
  /// The levels of a text, nil for a number.
  private let levels: [NameTable?]
  /// For texts that are spelt otherwise than a level.
  private let alikes: [LevelIndex?]

  init(_ features: [Feature]) {
    self.features = features
    dates = DateInput.all(of: features)
    names = NameTable(features.map(\.name) + dates.map(\.name))
    levels = features.map { $0.levels.map(NameTable.init) }
    alikes = features.map { $0.levels.map(LevelIndex.init) }
  }

  /// Reads `{"instances": [{…}, …]}`.
  /// - Throws: `Problem` 400 for what is no JSON, 413 for too many rows, 422 for what is not of the form or type.
  func read(_ bytes: Span<UInt8>, limit: Int) throws(Problem) -> Instances {
    try checkEncoding(bytes)
    var reading = Reading(cursor: JSONCursor(bytes), featureCount: features.count, limit: limit)
    do throws(JSONFlaw) { try body(bytes, &reading) } catch { throw error.problem(at: path(reading)) }
    return reading.instances
  }

  /// Rows that are collected line by line.
  struct Rows {
    fileprivate var reading: Reading
    var instances: Instances { reading.instances }

    /// What is remarkable about the rows since the last call, and forgets it.
    mutating func takeWarnings(_ features: [Feature]) -> [RowWarning] {
      guard reading.instances.isRemarkable else { return [] }
      defer { reading.instances.forgetRemarks() }
      return RowWarning.all(of: reading.instances, features)
    }
  }

  func rows() -> Rows {
    Rows(reading: Reading(cursor: JSONCursor([UInt8]().span), featureCount: features.count, limit: .max))
  }

  func clear(_ rows: inout Rows) {
    rows.reading.instances.removeAll()
    for feature in rows.reading.seen.indices { rows.reading.seen[feature] = -1 }
  }

  /// Reads one object, such as a line of a stream holds. The rows are as they were where it throws.
  func append(_ bytes: Span<UInt8>, to rows: inout Rows) throws(Problem) {
    try checkEncoding(bytes)
    let count = rows.reading.instances.values.count
    rows.reading.begin(JSONCursor(bytes))
    do throws(JSONFlaw) {
      rows.reading.cursor.skipSpace(bytes)
      try instance(bytes, &rows.reading)
      try rows.reading.cursor.expectEnd(bytes)
    } catch {
      // What follows an object on its line makes the row that was read void.
      rows.reading.instances.rowCount = count / max(1, features.count)
      rows.reading.instances.values.removeLast(rows.reading.instances.values.count - count)
      for feature in rows.reading.seen.indices { rows.reading.seen[feature] = -1 }
      rows.reading.instances.forgetRemarks()
      throw error.problem(at: rows.reading.feature.map { features[$0].name } ?? rows.reading.unknown ?? "")
    }
  }

  /// Where the reader is.
  struct Reading {
    var cursor: JSONCursor
    var instances = Instances()
    let limit: Int
    /// Row in which each feature was seen last.
    var seen: [Int32]
    var seenCount = 0
    /// The member that is being read.
    var isInInstances = false
    var feature: Int?
    var unknown: String?

    init(cursor: JSONCursor, featureCount: Int, limit: Int) {
      self.cursor = cursor
      self.limit = limit
      seen = [Int32](repeating: -1, count: featureCount)
      instances.values.reserveCapacity(featureCount * min(limit, 1 + cursor.end / (8 * max(1, featureCount))))
    }

    mutating func begin(_ cursor: JSONCursor) {
      self.cursor = cursor
      feature = nil
      unknown = nil
    }
  }

  private func path(_ reading: Reading) -> String {
    guard reading.isInInstances else { return reading.unknown ?? "" }
    let row = "instances[\(reading.instances.rowCount)]"
    return (reading.feature.map { features[$0].name } ?? reading.unknown).map { "\(row).\($0)" } ?? row
  }

  private func body(_ bytes: Span<UInt8>, _ reading: inout Reading) throws(JSONFlaw) {
    var hasInstances = false
    reading.cursor.skipSpace(bytes)
    try open(UInt8(ascii: "{"), "an object with “instances”", bytes, &reading)
    if !reading.cursor.take(UInt8(ascii: "}"), bytes) {
      repeat {
        let offset = reading.cursor.position
        let key = try reading.cursor.key(bytes)
        guard key == "instances", !hasInstances else {
          reading.unknown = key
          let what = key == "instances" ? "is given twice" : "is no member of a request: only “instances” is"
          throw JSONFlaw(kind: .value, what: what, offset: offset)
        }
        hasInstances = true
        try rows(bytes, &reading)
      } while try reading.cursor.hasNext(before: UInt8(ascii: "}"), bytes)
    }
    try reading.cursor.expectEnd(bytes)
    guard hasInstances else {
      reading.unknown = "instances"
      throw JSONFlaw(kind: .value, what: "is missing: an array of objects", offset: 0)
    }
  }

  private func rows(_ bytes: Span<UInt8>, _ reading: inout Reading) throws(JSONFlaw) {
    reading.unknown = "instances"
    try open(UInt8(ascii: "["), "an array of objects", bytes, &reading)
    reading.unknown = nil
    reading.isInInstances = true
    if !reading.cursor.take(UInt8(ascii: "]"), bytes) {
      repeat {
        guard reading.instances.rowCount < reading.limit else {
          throw JSONFlaw(
            kind: .excess, what: "there are more than \(reading.limit) instances: send several requests, or a stream",
            offset: reading.cursor.position)
        }
        try instance(bytes, &reading)
      } while try reading.cursor.hasNext(before: UInt8(ascii: "]"), bytes)
    }
    reading.isInInstances = false
  }

  /// Steps over the opening bracket and space, or says what has to be there.
  private func open(
    _ bracket: UInt8, _ wanted: String, _ bytes: Span<UInt8>, _ reading: inout Reading
  ) throws(JSONFlaw) {
    guard reading.cursor.take(bracket, bytes) else { throw try wrong(wanted, bytes, &reading.cursor) }
    reading.cursor.skipSpace(bytes)
  }

  /// The flaw that the value which comes next is of another kind; throws where it is no JSON.
  private func wrong(_ wanted: String, _ bytes: Span<UInt8>, _ cursor: inout JSONCursor) throws(JSONFlaw) -> JSONFlaw {
    let offset = cursor.position
    let found = cursor.found(bytes)
    try cursor.skipValue(bytes)
    return JSONFlaw(kind: .value, what: "must be \(wanted), \(found) is given", offset: offset)
  }

  private func instance(_ bytes: Span<UInt8>, _ reading: inout Reading) throws(JSONFlaw) {
    let base = reading.instances.values.count
    let row = Int32(truncatingIfNeeded: reading.instances.rowCount)
    reading.instances.values.append(contentsOf: repeatElement(.nan, count: features.count))
    reading.seenCount = 0
    try open(UInt8(ascii: "{"), "an object of features", bytes, &reading)
    if !reading.cursor.take(UInt8(ascii: "}"), bytes) {
      var expected = 0
      repeat {
        guard let feature = try key(bytes, expected: expected, &reading) else {
          try reading.cursor.skipValue(bytes)
          reading.unknown = nil
          continue
        }
        if feature >= features.count {
          expected = try takeDate(dates[feature - features.count], base: base, row, bytes, &reading)
          continue
        }
        reading.feature = feature
        guard reading.seen[feature] != row else {
          throw JSONFlaw(kind: .value, what: "is given twice", offset: reading.cursor.position)
        }
        reading.seen[feature] = row
        reading.seenCount += 1
        reading.instances.values[base + feature] = try value(of: feature, bytes, &reading.cursor, &reading.instances)
        reading.feature = nil
        expected = feature + 1
      } while try reading.cursor.hasNext(before: UInt8(ascii: "}"), bytes)
    }
    if reading.seenCount < features.count { noteMissing(row, &reading) }
    reading.instances.rowCount += 1
  }

  private func noteMissing(_ row: Int32, _ reading: inout Reading) {
    if reading.instances.missingCounts.isEmpty {
      reading.instances.missingCounts = [Int](repeating: 0, count: features.count)
    }
    for feature in features.indices where reading.seen[feature] != row {
      reading.instances.missingCounts[feature] += 1
    }
  }

  /// Reads a key and its colon. Returns the feature, nil for a name that is none.
  @inline(__always)
  private func key(_ bytes: Span<UInt8>, expected: Int, _ reading: inout Reading) throws(JSONFlaw) -> Int? {
    if expected < features.count, reading.cursor.position < reading.cursor.end,
      bytes[reading.cursor.position] == UInt8(ascii: "\""),
      let length = names.match(expected, at: reading.cursor.position + 1, bytes)
    {
      reading.cursor.position += length + 2
      try reading.cursor.colon(bytes)
      return expected
    }
    let (range, hasEscapes) = try reading.cursor.string(bytes)
    let found: Int?
    if hasEscapes {
      found = names.index(try reading.cursor.text(bytes, range, hasEscapes: true))
    } else {
      found = names.index(bytes, range)
    }
    if found == nil {
      let name = try reading.cursor.text(bytes, range, hasEscapes: hasEscapes)
      reading.unknown = String(name.prefix(100))
      reading.instances.noteUnknown(String(name.prefix(100)))
    }
    try reading.cursor.colon(bytes)
    return found
  }

  /// What a name means that a request may give.
  enum Input {
    case feature(Int)
    case date(DateInput)
  }

  /// Nil for a name that is none.
  func input(named name: String) -> Input? {
    names.index(name).map { $0 < features.count ? .feature($0) : .date(dates[$0 - features.count]) }
  }

  /// A number or the index of a level; NaN for null, and for a text that is empty.
  @inline(__always)
  func value(
    of feature: Int, _ bytes: Span<UInt8>, _ cursor: inout JSONCursor, _ instances: inout Instances
  ) throws(JSONFlaw) -> Double {
    guard let levels = levels[feature] else {
      if let number = try cursor.number(bytes) { return number }
      if cursor.take(word: "null", bytes) { return .nan }
      if cursor.take(word: "true", bytes) { return 1 }
      if cursor.take(word: "false", bytes) { return 0 }
      throw try wrong("a number or null", bytes, &cursor)
    }
    if cursor.position < cursor.end, bytes[cursor.position] == UInt8(ascii: "\"") {
      let (range, hasEscapes) = try cursor.string(bytes)
      guard !range.isEmpty else { return .nan }
      let level =
        hasEscapes ? levels.index(try cursor.text(bytes, range, hasEscapes: true)) : levels.index(bytes, range)
      if let level { return Double(level) }
      return strangeLevel(of: feature, try cursor.text(bytes, range, hasEscapes: hasEscapes), in: &instances)
    }
    if cursor.take(word: "null", bytes) { return .nan }
    throw try wrong("a text or null", bytes, &cursor)
  }
}

extension InstanceReader {
  /// The index of a level that stands as plain bytes; NaN for an empty text.
  func level(_ range: Range<Int>, of feature: Int, _ bytes: Span<UInt8>, _ instances: inout Instances) -> Double {
    guard !range.isEmpty, let levels = levels[feature] else { return .nan }
    if let level = levels.index(bytes, range) { return Double(level) }
    return strangeLevel(of: feature, JSONCursor.plainText(bytes, range), in: &instances)
  }

  /// What a text stands for that no level is spelt as: nothing, a level that is plainly the same, or an unknown one.
  private func strangeLevel(of feature: Int, _ text: String, in instances: inout Instances) -> Double {
    if MissingText.matches(text) { return .nan }
    if case .alike(let level)? = alikes[feature]?.match(text) { return Double(level) }
    instances.noteUnseen(text, of: feature)
    return Double(levels[feature]?.count ?? 0)
  }
}

/// Throws unless all bytes are UTF-8, without the mark that some programs put before a text.
func checkEncoding(_ bytes: Span<UInt8>) throws(Problem) {
  if bytes.count >= 3, bytes[0] == 0xef, bytes[1] == 0xbb, bytes[2] == 0xbf {
    throw Problem(
      400, "invalid-json", "the body begins with a byte order mark, which JSON has not: leave its first 3 bytes away")
  }
  do { _ = try UTF8Span(validating: bytes) } catch {
    throw Problem(400, "invalid-json", "the body is not UTF-8: encode it as RFC 8259 asks")
  }
}
