/// Rows to learn from: features by name, a target that is a finite number in every row.
public struct Dataset: Sendable {
  public let schema: Schema
  public let features: FeatureColumns
  public let target: [Double]
  /// The table's row, from 0, of each row: rows without a target are left out.
  public let tableRows: [Int]
  /// Which rows belong together: the group of each, from 0 in the order in which they come; nil where it was not said.
  public let groups: [Int]?
  /// When each row was, in any unit; nil where it was not said.
  public let times: [Double]?
  /// What each row counts, on average at least 1: a weight of k is k copies of the row. Nil where each counts once.
  public let weights: [Double]?
  /// Of features, target and group: which rows are copies of others.
  internal let content: RowHashes
  /// What was left out of the table and why, for people.
  public let notes: [String]
  /// What speaks for groups or for a time that were not given, for people.
  public let kinWarnings: [String]

  public var rowCount: Int { target.count }

  /// What to make of a table.
  public struct Options: Sendable {
    /// Name of the target; nil for the last column that is none of groups, times or weights.
    public var target: String?
    public var dropped: Set<String> = []
    /// Columns that may equal the target.
    public var allowedLeaks: Set<String> = []
    /// A column that names what rows belong to, such as their owner: it is no feature.
    public var groups: String?
    /// Whether a target that is the same in every row is learned from: who fits many tables, as a search over parts of one does, has
    /// some such.
    public var allowsConstantTarget = false
    /// A column of numbers or dates that says when a row was: it stays a feature.
    public var time: String?
    /// A column of numbers from 0 on that says what a row counts: it is no feature.
    public var weights: String?

    public init(
      target: String? = nil, dropped: Set<String> = [], allowedLeaks: Set<String> = [], groups: String? = nil,
      time: String? = nil, weights: String? = nil
    ) {
      self.target = target
      self.dropped = dropped
      self.allowedLeaks = allowedLeaks
      self.groups = groups
      self.time = time
      self.weights = weights
    }
  }

  /// Chooses target and features among the columns of a table.
  ///
  /// Left out, with a note: rows without a target or of weight 0, columns without any value, and columns of texts that are nearly all
  /// distinct (identifiers and free text, which one-hot encoding would turn into noise).
  /// - Parameters:
  ///   - given: notes to begin with, of how the table was made.
  ///   - source: what the table was made of, row by row: a column that names groups or times may be only there.
  /// - Throws: `DataError` where the target is not there, not a number or constant; where fewer than two rows or no
  ///   features are left; where a column equals the target in nearly all rows.
  public init(_ table: Table, options: Options = .init(), notes given: [String] = [], madeOf source: Table? = nil)
    throws(DataError)
  {
    for name in options.dropped.sorted() where table[name] == nil {
      throw DataError(
        .invalid, "there is no column \(name) to drop",
        advice: "the columns are \(listed(table.columns.map(\.name)))")
    }
    let kept = table.columns.filter { !options.dropped.contains($0.name) }
    let (named, withTarget, rowNote) = try Self.target(options, among: kept)
    let sides = SideColumns([table] + (source.map { [$0] } ?? []), target: named.name)
    let counted = try RowWeights(
      sides.column(options.weights, for: "--weights", rows: withTarget), tableRows: withTarget)
    let rows = counted.places.map { withTarget[$0] }
    let target = (name: named.name, values: counted.places.map { named.values[$0] })
    let order = try RowOrder(options, sides, rows: rows)
    var notes = given + (rowNote.map { [$0] } ?? []) + counted.notes + order.notes
    var columns: [Column] = []
    var features: [Feature] = []
    var leftOut: [String] = []
    let names = Set(kept.map(\.name))
    let kin = KinRows(target: target.name, values: target.values)
    var kinWarnings: [String] = []
    for column in kept where ![target.name, options.groups, options.weights].contains(column.name) {
      let column = column.gathering(rows)
      if order.isUnknown, let warning = try kin.warning(of: column) { kinWarnings.append(warning) }
      if let reason = column.reasonToDrop {
        leftOut.append("column \(shortened(column.name)) is left out: \(reason)")
        continue
      }
      let parts = try column.dateParts(besides: names)
      if !parts.isEmpty {
        let names = parts.map { shortened($0.name) }.joined(separator: ", ")
        let form = column.reading.dates?.told ?? ""
        notes.append(
          "column \(shortened(column.name)) holds dates\(form): its features are \(names) "
            + "(--types \(shellQuoted(column.name))=category reads them as names)")
      }
      columns.append(column)
      features += parts.isEmpty ? [column.feature] : parts
    }
    if order.isUnknown {
      for column in source?.columns ?? [] where table[column.name] == nil && column.isOfTexts {
        if let warning = try kin.warning(of: column.gathering(rows)) { kinWarnings.append(warning) }
      }
    }
    notes += leftOut
    try Self.refuseLeaks(columns, target: target, allowed: options.allowedLeaks)
    guard !features.isEmpty else {
      let reasons = leftOut.isEmpty ? "" : " (\(leftOut.prefix(3).joined(separator: "; ")))"
      throw DataError(
        .invalid, "no features are left to learn from\(reasons)", advice: "check the columns, --target and --drop")
    }
    if let note = Self.note(ofConstant: columns) { notes.append(note) }
    schema = Schema(features: features, target: target.name)
    self.features = try FeatureColumns(Table(columns: columns), features: features)
    self.target = target.values
    tableRows = rows
    (groups, times, weights) = (order.groups, order.times, counted.values)
    content = RowHashes(
      self.features.columns + [target.values] + (order.groups.map { [$0.map(Double.init)] } ?? []), rows: rows.count)
    self.notes = notes
    self.kinWarnings = kinWarnings
  }

  /// Some rows of a dataset, in this order: its features, levels included.
  internal init(_ whole: Dataset, rows: [Int]) {
    schema = whole.schema
    features = FeatureColumns(
      features: whole.features.features, columns: whole.features.columns.map { column in rows.map { column[$0] } },
      rowCount: rows.count)
    target = rows.map { whole.target[$0] }
    tableRows = rows.map { whole.tableRows[$0] }
    groups = whole.groups.map { groups in rows.map { groups[$0] }.numbered }
    times = whole.times.map { times in rows.map { times[$0] } }
    weights = whole.weights(of: rows)
    content = RowHashes(whole.content, rows: rows)
    notes = []
    kinWarnings = []
  }

  /// What some rows count; nil where each counts once.
  package func weights(of rows: [Int]) -> [Double]? { weights.map { weights in rows.map { weights[$0] } } }

  private static func target(
    _ options: Options, among columns: [Column]
  ) throws(DataError) -> (target: (name: String, values: [Double]), rows: [Int], note: String?) {
    let (name, names) = (options.target, listed(columns.map(\.name)))
    // What says something of the rows is not what is to be predicted.
    let sides = [options.groups, options.time, options.weights]
    guard
      let column = name == nil
        ? columns.last(where: { !sides.contains($0.name) }) : columns.first(where: { $0.name == name })
    else {
      if let name, options.dropped.contains(name) {
        throw DataError(.invalid, "the target \(name) is dropped too", advice: "take it out of --drop")
      }
      throw DataError(
        .invalid, name.map { "there is no column \($0) to be the target" } ?? "there is no column to be the target",
        advice: names.isEmpty ? "check the file" : "the columns are \(names)")
    }
    let numbers = try column.requireNumeric(reason: "the target must be")
    let rows = numbers.indices.filter { !numbers[$0].isNaN }
    let values = rows.map { numbers[$0] }
    guard values.count >= 2 else {
      throw DataError(
        .invalid, "\(values.count == 0 ? "no row has" : "only one row has") a target", at: .init(column: column.name),
        advice: "at least two are needed")
    }
    if let row = values.firstIndex(where: { abs($0) > largestTarget || ($0 != 0 && abs($0) < 1 / largestTarget) }) {
      throw DataError(
        .invalid, "the target \(values[row]) is outside of what can be squared in double precision",
        at: .init(column: column.name), advice: "scale the target to sizes between 1e-100 and 1e100")
    }
    guard options.allowsConstantTarget || values.contains(where: { $0 != values[0] }) else {
      throw DataError(
        .invalid, "the target is \(values[0].shortText) in every row", at: .init(column: column.name),
        advice: "there is nothing to predict: choose another with --target")
    }
    let missing = numbers.count - rows.count
    let note =
      missing == 0
      ? nil : "\(missing) row\(missing == 1 ? " has" : "s have") no target and \(missing == 1 ? "is" : "are") left out"
    return ((column.name, values), rows, note)
  }

  private static let largestTarget = 1e100

  /// A column that is the same in every row is a feature all the same: other data may vary.
  private static func note(ofConstant columns: [Column]) -> String? {
    let constant = columns.filter(\.isConstant).map(\.name)
    guard !constant.isEmpty else { return nil }
    let what = constant.count == 1 ? "column \(listed(constant)) is" : "\(constant.count) columns are"
    return "\(what) the same in every row and tell\(constant.count == 1 ? "s" : "") nothing"
      + (constant.count == 1 ? "" : ": \(listed(constant))")
  }

  /// Throws for the first column that is a copy of the target.
  private static func refuseLeaks(
    _ columns: [Column], target: (name: String, values: [Double]), allowed: Set<String>
  ) throws(DataError) {
    for column in columns where !allowed.contains(column.name) {
      guard case .numeric(let numbers) = column.values, equalsNearlyEverywhere(numbers, target.values),
        !TellingColumns.isLag(numbers, of: target.values)
      else { continue }
      throw DataError(
        .invalid, "it equals the target \(target.name) in nearly all rows: a model would only copy it",
        at: .init(column: column.name),
        advice: "drop it (--drop \(shellQuoted(column.name))), or insist (--allow-leak \(shellQuoted(column.name)))")
    }
  }

  /// True where at least 99 % of the rows agree, and 95 % of those that do not hold the target's most frequent value:
  /// two rare flags that are both mostly 0 are no copies.
  private static func equalsNearlyEverywhere(_ numbers: [Double], _ target: [Double]) -> Bool {
    let equal = zip(numbers, target).count { $0 == $1 }
    guard Double(equal) >= 0.99 * Double(target.count) else { return false }
    let frequency = Dictionary(target.map { ($0, 1) }, uniquingKeysWith: +)
    let mode = frequency.max { ($0.value, $1.key) < ($1.value, $0.key) }!.key
    let others = target.indices.filter { target[$0] != mode }
    let equalOthers = others.count { numbers[$0] == target[$0] }
    return Double(equalOthers) >= 0.95 * Double(others.count)
  }
}

extension Column {
  /// The numbers of the column. A column without any value counts as numeric.
  internal func requireNumeric(reason: String) throws(DataError) -> [Double] {
    switch values {
    case .numeric(let numbers):
      // Features do without a few cells that are no numbers; a row without its target would be lost.
      if let notNumeric { throw notNumeric }
      return numbers
    case .categorical(let codes, let levels):
      if let notNumeric { throw notNumeric }
      guard let row = codes.firstIndex(where: { $0 >= 0 && Double(levels[Int($0)]) == nil }) else {
        throw DataError(
          .invalid, "it holds texts, \(reason) numbers", at: .init(column: name), advice: "choose another column")
      }
      throw DataError(
        .invalid, "\(quoted(levels[Int(codes[row])])) in row \(row + 1) is not a number, \(reason) one",
        at: .init(column: name),
        advice: "correct or empty the cell, or choose another column with --target")
    }
  }

  internal func gathering(_ rows: [Int]) -> Column {
    guard rows.count < count else { return self }
    switch values {
    case .numeric(let numbers):
      return Column(name: name, values: .numeric(rows.map { numbers[$0] }), unit: unit, reading: reading)
    case .categorical(let codes, let levels):
      return Column(
        name: name, values: .categorical(codes: rows.map { codes[$0] }, levels: levels), unit: unit,
        notNumeric: notNumeric, reading: reading)
    }
  }

  /// The column as a feature of its own.
  fileprivate var feature: Feature { Feature(name: name, unit: unit, levels: sortedLevels, cells: reading.cells) }

  /// The features that a column of dates becomes: those of its parts that vary, and its age. None for any other column.
  /// - Parameter names: those of all columns, which a feature must not take.
  fileprivate func dateParts(besides names: Set<String>) throws(DataError) -> [Feature] {
    guard let form = reading.dates else { return [] }
    let moments = try moments(form).filter { !$0.isNaN }
    guard let latest = moments.max() else { return [] }
    let parts = DatePart.Kind.allCases.map { DatePart(column: name, kind: $0, form: form, reference: latest) }
    return parts.filter { part in
      let first = part.value(moments[0])
      return !names.contains(part.name) && moments.contains { part.value($0) != first }
    }.map {
      Feature(name: $0.name, unit: $0.kind == .age ? "days" : nil, date: $0, cells: reading.cells)
    }
  }

  /// The levels that occur, sorted so that they do not depend on the order of rows; nil for numbers.
  internal var sortedLevels: [String]? {
    guard case .categorical(let codes, let levels) = values else { return nil }
    var isPresent = [Bool](repeating: false, count: levels.count)
    for code in codes where code >= 0 { isPresent[Int(code)] = true }
    return isPresent.indices.filter { isPresent[$0] }.map { levels[$0] }.sorted()
  }

  fileprivate var isOfTexts: Bool {
    if case .categorical = values, reading.dates == nil { true } else { false }
  }

  /// Whether no two cells differ, missing ones included.
  internal var isConstant: Bool {
    switch values {
    case .numeric(let numbers): return numbers.allSatisfy { $0 == numbers[0] }
    case .categorical(let codes, _): return codes.allSatisfy { $0 == codes[0] }
    }
  }

  internal var reasonToDrop: String? {
    if missingCount == count { return "it has no values" }
    if reading.asked == .text { return "it is free text" }
    guard case .categorical(let codes, let levels) = values, reading.dates == nil, reading.asked == nil else {
      return nil
    }
    var isPresent = [Bool](repeating: false, count: levels.count)
    for code in codes where code >= 0 { isPresent[Int(code)] = true }
    let present = codes.filter { $0 >= 0 }
    let distinct = isPresent.count { $0 }
    guard distinct >= 20 && 2 * distinct > present.count else { return nil }
    return "\(distinct) of its \(present.count) texts are distinct, as in identifiers or free text"
  }
}
