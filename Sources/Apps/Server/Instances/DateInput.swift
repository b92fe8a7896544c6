internal import Learners

/// A column of dates as a request gives it: the features that are made of it are filled with one value.
struct DateInput: Sendable {
  let name: String
  let parts: [(feature: Int, part: DatePart)]
  /// Texts that stood for missing dates where the model was fitted.
  private let missing: Set<String>

  /// The columns of dates of a model, but for one that is called as a feature is.
  static func all(of features: [Feature]) -> [DateInput] {
    var known = Set(features.map(\.name))
    return features.compactMap(\.date?.column).filter { known.insert($0).inserted }.map { column in
      let parts = features.indices.compactMap { place in
        features[place].date.flatMap { $0.column == column ? (place, $0) : nil }
      }
      return DateInput(
        name: column, parts: parts, missing: Set(parts.flatMap { features[$0.0].cells?.missing ?? [] }))
    }
  }

  /// Seconds since 1970, as reading a table gives them; NaN for a text that stands for no value, nil where it is no date.
  func moment(_ text: String) -> Double? {
    if MissingText.matches(text) || missing.contains(text) { return .nan }
    return parts[0].part.form.moment(Array(text.utf8).span)
  }

  /// The same for a number.
  func moment(_ number: Double) -> Double? { number.isNaN ? .nan : parts[0].part.form.moment(number) }

  /// The value that comes next in JSON.
  /// - Throws: `JSONFlaw` for what is no date as those of the model are.
  func moment(_ bytes: Span<UInt8>, _ cursor: inout JSONCursor) throws(JSONFlaw) -> Double {
    let start = cursor.position
    if cursor.take(word: "null", bytes) { return .nan }
    var found: Double?
    if start < cursor.end, bytes[start] == UInt8(ascii: "\"") {
      let (range, hasEscapes) = try cursor.string(bytes)
      found = moment(try cursor.text(bytes, range, hasEscapes: hasEscapes))
    } else if let number = try cursor.number(bytes) {
      found = moment(number)
    } else {
      try cursor.skipValue(bytes)
    }
    guard let found else {
      let given = JSONCursor.plainText(bytes, start..<min(cursor.position, start + 100))
      throw JSONFlaw(kind: .value, what: "must be \(wanted), \(given) is given", offset: start)
    }
    return found
  }

  /// What a request has to give, for messages.
  var wanted: String {
    switch parts[0].part.form {
    case .plain: "a date such as 2024-01-31 or null"
    case .dayFirst: "a date such as 31/1/2024 or null"
    case .monthFirst: "a date such as 1/31/2024 or null"
    case .seconds: "seconds since 1970, a date such as 2024-01-31, or null"
    case .milliseconds: "milliseconds since 1970, a date such as 2024-01-31, or null"
    case .digits: "a date such as 20240131 or null"
    }
  }

  /// Names of features with their counts; those of a date that have one count are named once, as their column.
  static func joined(_ counts: [(Feature, Int)]) -> [(String, Int)] {
    let countsOfColumn = Dictionary(
      counts.compactMap { feature, count in feature.date.map { ($0.column, Set([count])) } },
      uniquingKeysWith: { $0.union($1) })
    var named: Set<String> = []
    return counts.compactMap { feature, count in
      guard let column = feature.date?.column, countsOfColumn[column]?.count == 1 else { return (feature.name, count) }
      return named.insert(column).inserted ? (column, count) : nil
    }
  }

  /// What each of the features gets.
  func values(_ moment: Double) -> [(feature: Int, value: Double)] {
    parts.map { ($0.feature, moment.isNaN ? .nan : $0.part.value(moment)) }
  }
}

extension InstanceReader {
  /// What a client is told to give: the features, in place of those that are made of a date its column.
  var inputs: [(name: String, isNumber: Bool, feature: Feature?)] {
    features.indices.compactMap { place in
      let feature = features[place]
      guard let date = dates.first(where: { $0.name == feature.date?.column }) else {
        return (feature.name, feature.levels == nil, feature)
      }
      return date.parts[0].feature == place ? (date.name, false, nil) : nil
    }
  }

  /// Reads a date into its features of the row that begins at `base`. Returns the feature that is likely to come next.
  func takeDate(
    _ date: DateInput, base: Int, _ row: Int32, _ bytes: Span<UInt8>, _ reading: inout Reading
  ) throws(JSONFlaw) -> Int {
    reading.unknown = date.name
    guard !date.parts.contains(where: { reading.seen[$0.feature] == row }) else {
      throw JSONFlaw(kind: .value, what: "is given twice", offset: reading.cursor.position)
    }
    let moment = try date.moment(bytes, &reading.cursor)
    for (feature, value) in date.values(moment) {
      reading.instances.values[base + feature] = value
      reading.seen[feature] = row
      reading.seenCount += 1
    }
    reading.unknown = nil
    return date.parts.last!.feature + 1
  }
}
