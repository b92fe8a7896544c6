/// Makes a table of arrays that NumPy saved: columns x0, x1, …
///
/// A column of integers with one that a double cannot hold is categorical, as in any other file, unless a model knows it
/// as numbers; a column that a model knows as texts is one, whatever the type of the array.
enum NPYReader {
  static func read(_ files: [InputFile], options: ReadingOptions) throws(DataError) -> Table {
    var headers: [NPYHeader] = []
    for file in files {
      let header = try NPYHeader(file)
      if let first = headers.first, first.columns != header.columns {
        throw DataError(
          .invalid, "the array has \(header.columns) columns, the file before it \(first.columns)",
          at: .init(file: file.name), advice: "give arrays with the same number of columns")
      }
      headers.append(header)
    }
    guard headers.allSatisfy({ $0.rows <= Int32.max }), headers.reduce(0, { $0 + $1.rows }) <= Int32.max else {
      throw DataError(
        .invalid, "there are more than \(Int32.max) rows", at: .init(file: files[0].name), advice: "use fewer rows")
    }
    let rules = options.rules(for: (0..<headers[0].columns).map { "x\($0)" })
    var columns: [Column] = []
    for index in 0..<headers[0].columns {
      let column = try column(index, rules["x\(index)"], files, headers)
      let judged = judge(column, rules[column.name], options)
      columns.append(
        Column(name: column.name, values: judged.values, notNumeric: column.notNumeric, reading: judged.reading))
    }
    return Table(columns: columns)
  }

  private static func judge(_ column: Column, _ rule: ColumnRule?, _ options: ReadingOptions) -> JudgedColumn {
    switch column.values {
    case .numeric(let numbers):
      return JudgedColumn(numbers, name: column.name, rule: rule, missing: options.missing)
    case .categorical(let codes, let levels):
      let judge = ColumnJudge(
        name: column.name, codes: codes, levels: levels, rule: rule, decimalMark: nil, missing: options.missing)
      return rule == nil ? judge.judgeDates() : judge.judge()
    }
  }

  /// - Parameter rule: whether the column has to be numbers, or texts.
  private static func column(
    _ index: Int, _ rule: ColumnRule?, _ files: [InputFile], _ headers: [NPYHeader]
  ) throws(DataError) -> Column {
    let name = "x\(index)"
    let needsTexts = rule.map { $0.kind != .number } ?? false
    var numbers: [Double] = []
    numbers.reserveCapacity(headers.reduce(0) { $0 + $1.rows })
    var longInteger: DataError?
    for (file, header) in zip(files, headers) {
      let firstRow = numbers.count
      appendNumbers(header, index, file.bytes.span, to: &numbers)
      let location = DataError.Location(file: file.name, column: name)
      if let row = numbers[firstRow...].firstIndex(where: \.isInfinite) {
        throw DataError(
          .invalid, "row \(row - firstRow), counted from 0, holds no finite number", at: location,
          advice: "put nan there if the value is missing, or a finite number")
      }
      if longInteger == nil, let row = firstLongInteger(header, index, file.bytes.span) {
        longInteger = DataError(
          .invalid,
          "row \(row), counted from 0, has more digits than a number can hold, so the column is read as names",
          at: location, advice: "drop the column if it is an identifier, or save it as float64")
      }
    }
    let areNames = rule == nil && longInteger != nil && headers.allSatisfy { !$0.element.isFloat }
    guard needsTexts || areNames else { return Column(name: name, values: .numeric(numbers)) }
    var levels = LevelCollector()
    for (file, header) in zip(files, headers) { appendTexts(header, index, file.bytes.span, to: &levels) }
    return Column(
      name: name, values: .categorical(codes: levels.codes, levels: levels.levels), notNumeric: longInteger)
  }

  /// Appends a column of an array; a truth value that is neither 0 nor 1 is infinite, for the caller to refuse.
  private static func appendNumbers(
    _ header: NPYHeader, _ column: Int, _ bytes: Span<UInt8>, to numbers: inout [Double]
  ) {
    switch header.element {
    case .float32: forEach(UInt32.self, header, column, bytes) { numbers.append(Double(Float(bitPattern: $0))) }
    case .float64: forEach(UInt64.self, header, column, bytes) { numbers.append(Double(bitPattern: $0)) }
    case .boolean: forEach(UInt8.self, header, column, bytes) { numbers.append($0 <= 1 ? Double($0) : .infinity) }
    case .int8: forEach(Int8.self, header, column, bytes) { numbers.append(Double($0)) }
    case .int16: forEach(Int16.self, header, column, bytes) { numbers.append(Double($0)) }
    case .int32: forEach(Int32.self, header, column, bytes) { numbers.append(Double($0)) }
    case .int64: forEach(Int64.self, header, column, bytes) { numbers.append(Double($0)) }
    case .uint8: forEach(UInt8.self, header, column, bytes) { numbers.append(Double($0)) }
    case .uint16: forEach(UInt16.self, header, column, bytes) { numbers.append(Double($0)) }
    case .uint32: forEach(UInt32.self, header, column, bytes) { numbers.append(Double($0)) }
    case .uint64: forEach(UInt64.self, header, column, bytes) { numbers.append(Double($0)) }
    }
  }

  /// The first row whose integer a double cannot hold.
  private static func firstLongInteger(_ header: NPYHeader, _ column: Int, _ bytes: Span<UInt8>) -> Int? {
    var first: Int?
    var row = 0
    func check(_ isExact: Bool) {
      if !isExact && first == nil { first = row }
      row += 1
    }
    switch header.element {
    case .int64: forEach(Int64.self, header, column, bytes) { check(Double(exactly: $0) != nil) }
    case .uint64: forEach(UInt64.self, header, column, bytes) { check(Double(exactly: $0) != nil) }
    default: break
    }
    return first
  }

  /// Appends a column as texts, as short as can be.
  private static func appendTexts(
    _ header: NPYHeader, _ column: Int, _ bytes: Span<UInt8>, to levels: inout LevelCollector
  ) {
    switch header.element {
    case .int64: forEach(Int64.self, header, column, bytes) { levels.append(String($0)) }
    case .uint64: forEach(UInt64.self, header, column, bytes) { levels.append(String($0)) }
    default:
      // A double holds all others.
      var numbers: [Double] = []
      appendNumbers(header, column, bytes, to: &numbers)
      for number in numbers {
        levels.append(number.isNaN ? nil : Int(exactly: number).map(String.init) ?? number.shortText)
      }
    }
  }

  /// Calls `body` for the elements of a column, row by row.
  @inline(__always)
  private static func forEach<Element: FixedWidthInteger & BitwiseCopyable>(
    _ type: Element.Type, _ header: NPYHeader, _ column: Int, _ bytes: Span<UInt8>, _ body: (Element) -> Void
  ) {
    let size = MemoryLayout<Element>.size
    let stride = header.isFortranOrder ? size : size * header.columns
    var offset = header.start + size * (header.isFortranOrder ? column * header.rows : column)
    for _ in 0..<header.rows {
      body(Element(littleEndian: unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: Element.self)))
      offset += stride
    }
  }
}
