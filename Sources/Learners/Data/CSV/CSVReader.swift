internal import Linalg

/// Makes a table of CSV files.
///
/// The files are cut into parts that are read at the same time, each from its file into the memory of the columns. A
/// column whose first rows are numbers is read as numbers; where a later cell is none, the column is read once more as
/// texts. Texts get their codes as they are met, and what they are but texts, numbers with units or dates, is judged by each
/// text once. Time is linear in the number of bytes; memory is that of the columns and of a part for each thread.
enum CSVReader {
  /// - Parameter partSize: in bytes. The table does not depend on it.
  static func read(
    _ files: [InputFile], options: ReadingOptions, partSize: Int
  ) throws(DataError) -> Table {
    var headers: [CSVHeader] = []
    for file in files { headers.append(try CSVHeader(file, columns: headers.first?.names, options: options)) }
    var plans: [CSVPlan] = []
    for header in headers { plans.append(try CSVPlan(header, partSize: partSize)) }
    let rowCount = plans.reduce(0) { $0 + $1.rowCount }
    guard rowCount > 0 else { throw .noRows(files[0].name) }
    guard rowCount <= Int32.max else {
      throw DataError(
        .invalid, "there are more than \(Int32.max) rows", at: .init(file: files[0].name), advice: "use fewer rows")
    }
    var reading = CSVTableReading(plans, rowCount: rowCount, options: options)
    try reading.readNumbersAndTexts()
    let judged = try reading.judge()
    let table = try CSVTable(plans, reading, judged).table()
    for file in files { try file.content.checkUnchanged() }
    return table
  }
}

/// The columns of a table while they are read.
struct CSVTableReading {
  let plans: [CSVPlan]
  let names: [String]
  let options: ReadingOptions
  let rules: [ColumnRule?]
  private let rowCount: Int
  private(set) var facts: [ColumnFacts]
  private var modes: [CSVFieldMode]
  /// By column: numbers, or texts with what they may be.
  private var numbers: [[Double]?]
  private var judges: [ColumnJudge?]

  init(_ plans: [CSVPlan], rowCount: Int, options: ReadingOptions) {
    self.plans = plans
    self.options = options
    self.rowCount = rowCount
    let names = plans[0].header.names
    let known = options.rules(for: names)
    let rules = names.map { known[$0] }
    self.names = names
    self.rules = rules
    let looksLikeText = plans[0].header.looksLikeText
    facts = names.map { _ in ColumnFacts() }
    modes = names.indices.map { column in
      switch rules[column]?.kind {
      case .number where rules[column]?.origin == .model: .ruled(rules[column]!)
      case .number, .category, .date, .text: .texts
      case nil: looksLikeText[column] || options.decimalMark == .comma ? .texts : .numbers
      }
    }
    numbers = names.map { _ in nil }
    judges = names.map { _ in nil }
  }

  /// Reads all columns, those a second time that turn out not to be numbers.
  mutating func readNumbersAndTexts() throws(DataError) {
    try pass()
    try readAsTexts(
      names.indices.filter { column in
        if case .numbers = modes[column] { facts[column].needsTexts } else { false }
      })
  }

  /// Reads some columns as texts, and nothing else.
  private mutating func readAsTexts(_ columns: [Int]) throws(DataError) {
    guard !columns.isEmpty else { return }
    let wanted = Set(columns)
    let kept = facts
    modes = names.indices.map { wanted.contains($0) ? .texts : .skipped }
    try pass()
    facts = kept
  }

  private mutating func pass() throws(DataError) {
    let (rowCount, modes, plans) = (rowCount, modes, plans)
    let memory = Parallel.map(names.count) { column -> CSVColumnMemory in
      switch modes[column] {
      case .skipped: CSVColumnMemory()
      case .numbers, .ruled: CSVColumnMemory(numbers: ColumnMemory(count: rowCount))
      case .texts: CSVColumnMemory(codes: ColumnMemory(count: rowCount))
      }
    }
    let firstRows = plans.reduce(into: [0]) { $0.append($0.last! + $1.rowCount) }
    let places = plans.indices.flatMap { file in plans[file].parts.indices.map { (file: file, part: $0) } }
    let collectors = CSVCollectors(modes: modes)
    let parts = try Parallel.map(places.count) { index throws(DataError) in
      let (file, part) = places[index]
      return try collectors.withCollector(for: index) { collector throws(DataError) in
        try CSVPart(plans[file], part, modes: modes, columns: memory, tableRow: firstRows[file], collector)
      }
    }
    var texts = names.map { _ in [CSVTexts.Part]() }
    for (place, part) in zip(places, parts) {
      let first = firstRows[place.file] + plans[place.file].parts[place.part].firstRow
      let rows = first..<first + plans[place.file].parts[place.part].rowCount
      for (field, column) in plans[place.file].header.columnOfField.enumerated() {
        facts[column].add(part.facts[field])
        if memory[column].codes != nil {
          texts[column].append(.init(rows: rows, collector: part.collector, new: part.newTexts[field]))
        }
      }
    }
    take(memory, texts, collectors)
  }

  private mutating func take(_ memory: [CSVColumnMemory], _ texts: [[CSVTexts.Part]], _ collectors: CSVCollectors) {
    let (modes, names, rules, options) = (modes, names, rules, options)
    let made = Parallel.map(names.count) { column -> ColumnJudge? in
      guard case .texts = modes[column], let codes = memory[column].codes else { return nil }
      let all = CSVTexts(codes, texts[column], collectors.takeTexts(of: column))
      return ColumnJudge(
        name: names[column], codes: all.codes, levels: all.levels, rule: rules[column],
        decimalMark: options.decimalMark, missing: options.missing)
    }
    for column in names.indices {
      if let judge = made[column] {
        judges[column] = judge
        numbers[column] = nil
      } else if let values = memory[column].numbers {
        numbers[column] = values.take()
      }
    }
  }
}

extension CSVTableReading {
  /// What each column is; nil for one that was read as numbers, and is.
  mutating func judge() throws(DataError) -> [JudgedColumn] {
    let mark = try decimalMark()
    let (judges, numbers) = (judges, numbers)
    let (names, options, rules) = (names, options, rules)
    return Parallel.map(names.count) { column in
      if let judge = judges[column] { return judge.knowing(mark).judge() }
      return JudgedColumn(
        numbers[column] ?? [], name: names[column], rule: rules[column], missing: options.missing)
    }
  }

  /// The decimal mark of the whole table, where cells are not separated by commas: a comma where some column has a comma
  /// that can be nothing else, and no column has such a point. Nil where columns decide for themselves.
  private mutating func decimalMark() throws(DataError) -> DecimalMark? {
    if let given = options.decimalMark { return given }
    guard plans.allSatisfy({ $0.header.delimiter != UInt8(ascii: ",") }), marks == (true, false) else { return nil }
    // Numbers that were read with points may be such with separators of thousands.
    try readAsTexts(names.indices.filter { rules[$0] == nil && numbers[$0] != nil && facts[$0].hasFraction })
    return marks == (true, false) ? .comma : nil
  }

  /// Whether any column has a decimal comma for certain, and whether any has a decimal point.
  private var marks: (comma: Bool, point: Bool) {
    let tallies = judges.compactMap(\.self).filter { $0.rule == nil && !$0.tally.isText }.map(\.tally)
    return (tallies.contains { $0.commas > 0 }, tallies.contains { $0.points > 0 })
  }
}

extension JudgedColumn {
  /// A column that was read as numbers.
  internal init(_ numbers: [Double], name: String, rule: ColumnRule?, missing: Set<String>) {
    var numbers = numbers
    let codes = missing.union(rule?.missing ?? []).compactMap { Double($0) }
    if !codes.isEmpty {
      for row in numbers.indices where codes.contains(numbers[row]) { numbers[row] = .nan }
    }
    self.init(.numeric(numbers))
    if !missing.isEmpty { reading.cells = CellStyle(missing: missing.sorted()) }
    if rule == nil, DateName(name).meansDate, let form = DateForm(of: numbers) {
      reading.dates = form
    }
  }
}
