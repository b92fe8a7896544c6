/// A kind of file that holds a table, known by how its name ends.
public enum TableFormat: String, CaseIterable, Sendable {
  case csv = ".csv"
  case tsv = ".tsv"
  case gzippedCSV = ".csv.gz"
  case gzippedTSV = ".tsv.gz"
  case jsonLines = ".jsonl"
  case newlineJSON = ".ndjson"
  case gzippedJSONLines = ".jsonl.gz"
  case gzippedNewlineJSON = ".ndjson.gz"
  case npy = ".npy"

  /// What is in files of this kind, packed or not.
  public enum Content: Sendable { case cells, jsonLines, array }

  public init?(fileName: String) {
    let name = fileName.lowercased()
    guard let format = Self.allCases.first(where: { name.hasSuffix($0.rawValue) }) else { return nil }
    self = format
  }

  public var content: Content {
    switch self {
    case .csv, .tsv, .gzippedCSV, .gzippedTSV: .cells
    case .jsonLines, .newlineJSON, .gzippedJSONLines, .gzippedNewlineJSON: .jsonLines
    case .npy: .array
    }
  }

  public var isGzipped: Bool { rawValue.hasSuffix(".gz") }

  /// What content without a name looks like: what comes on standard input, once it is unpacked.
  public init(of bytes: [UInt8]) {
    let first = bytes.first { ![0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf].contains($0) }
    self = bytes.starts(with: [0x93] + Array("NUMPY".utf8)) ? .npy : first == UInt8(ascii: "{") ? .jsonLines : .csv
  }
}

/// Reads tables from files; docs/data-formats.md says what means what.
public enum TableReader {
  /// Reads the files, which are of one kind, as one table: the rows of the first, then those of the second, …
  ///
  /// What a column is follows from all rows of all files, or from the options. Names of columns come from the first file; CSV
  /// files may have them in another order, but not others.
  /// - Throws: `DataError` with file, line, field and column where they are known.
  public static func read(_ paths: [String], options: ReadingOptions = .init()) throws(DataError) -> Table {
    var files: [InputFile] = []
    for path in paths { files.append(try InputFile(opening: path)) }
    return try read(files, options: options)
  }

  /// The same for files that are open or in memory; the names say of which kind they are.
  public static func read(_ files: [InputFile], options: ReadingOptions = .init()) throws(DataError) -> Table {
    try read(files, options: options, partSize: 1 << 20)
  }

  /// - Parameter partSize: bytes of CSV that are read as one piece of work. No table depends on it.
  package static func read(
    _ files: [InputFile], options: ReadingOptions, partSize: Int
  ) throws(DataError) -> Table {
    try InputFile.refuseRepetition(files)
    var unpacked: [InputFile] = []
    for file in files { unpacked.append(try Self.unpacked(file)) }
    switch try format(of: unpacked).content {
    case .cells: return try CSVReader.read(unpacked, options: options, partSize: partSize)
    case .jsonLines: return try JSONLinesReader.read(try inMemory(unpacked), options: options)
    case .array: return try NPYReader.read(try inMemory(unpacked), options: options)
    }
  }

  /// Reads JSON lines that were made of the records of a list: errors name the record, counted from 1, and no line.
  public static func read(
    records files: [InputFile], options: ReadingOptions = .init()
  ) throws(DataError) -> Table {
    do throws(DataError) {
      let table = try JSONLinesReader.read(files, options: options)
      return Table(
        columns: table.columns.map { column in
          Column(
            name: column.name, values: column.values, unit: column.unit,
            notNumeric: column.notNumeric.map(\.ofRecord), reading: column.reading)
        }, notes: table.notes)
    } catch {
      throw error.ofRecord
    }
  }

  private static func inMemory(_ files: [InputFile]) throws(DataError) -> [InputFile] {
    var read: [InputFile] = []
    for file in files { read.append(try InputFile(file)) }
    return read
  }

  /// Files with names that say so, and what comes packed on standard input.
  private static func unpacked(_ file: InputFile) throws(DataError) -> InputFile {
    let isPacked =
      TableFormat(fileName: file.name)?.isGzipped
      ?? (file.name == InputFile.nameOfStandardInput && file.bytes.starts(with: [0x1f, 0x8b]))
    return isPacked ? InputFile(name: file.name, bytes: try Gzip.decompress(try InputFile(file))) : file
  }

  private static func format(of files: [InputFile]) throws(DataError) -> TableFormat {
    if files.count == 1 && files[0].name == InputFile.nameOfStandardInput { return TableFormat(of: files[0].bytes) }
    return try format(of: files.map(\.name))
  }

  /// The kind of the first of these files; the others hold the same.
  public static func format(of names: [String]) throws(DataError) -> TableFormat {
    let all = TableFormat.allCases.map(\.rawValue).joined(separator: ", ")
    guard let first = names.first else { throw DataError(.noInput, "no file is given", advice: "name one of \(all)") }
    var common: TableFormat?
    for name in names {
      guard let format = TableFormat(fileName: name) else {
        throw DataError(
          .invalid, "files of this kind cannot be read", at: .init(file: name),
          advice: "use a file whose name ends in one of \(all)")
      }
      if let common, common.content != format.content {
        throw DataError(
          .invalid, "the file is \(format.rawValue), but \(first) is \(common.rawValue)", at: .init(file: name),
          advice: "give files of one kind at a time")
      }
      common = common ?? format
    }
    return common!
  }
}

extension DataError {
  /// The same where each line is a record.
  fileprivate var ofRecord: DataError {
    guard let line = location.line else { return self }
    var location = location
    location.line = nil
    return DataError(code, "record \(line): \(what)", at: location, advice: advice)
  }
}
