/// A kind of file that holds a table, known by how its name ends.
public enum TableFormat: String, CaseIterable, Sendable {
  case csv = ".csv"
  case gzippedCSV = ".csv.gz"
  case jsonLines = ".jsonl"
  case npy = ".npy"

  public init?(fileName: String) {
    let name = fileName.lowercased()
    guard let format = Self.allCases.first(where: { name.hasSuffix($0.rawValue) }) else { return nil }
    self = format
  }
}

/// Reads tables from files; docs/data-formats.md says what means what.
public enum TableReader {
  /// Reads the files, which are of one kind, as one table: the rows of the first, then those of the second, …
  ///
  /// The type of a column is inferred from all rows of all files. Names of columns come from the first file; CSV files
  /// may have them in another order, but not others.
  /// - Parameter kinds: what columns have to be, by name: a table for a model is read as the model's was.
  /// - Throws: `DataError` with file, line, field and column where they are known.
  public static func read(_ paths: [String], expecting kinds: [String: ExpectedKind] = [:]) throws(DataError) -> Table {
    var files: [InputFile] = []
    for path in paths { files.append(try InputFile(reading: path)) }
    return try read(files, expecting: kinds)
  }

  /// The same for content that is in memory; the names say of which kind it is.
  public static func read(
    _ files: [InputFile], expecting kinds: [String: ExpectedKind] = [:]
  ) throws(DataError) -> Table {
    try InputFile.refuseRepetition(files)
    switch try format(of: files.map(\.name)) {
    case .csv: return try CSVReader.read(files, expecting: kinds)
    case .gzippedCSV:
      var unpacked: [InputFile] = []
      for file in files { unpacked.append(InputFile(name: file.name, bytes: try Gzip.decompress(file))) }
      return try CSVReader.read(unpacked, expecting: kinds)
    case .jsonLines: return try JSONLinesReader.read(files, expecting: kinds)
    case .npy: return try NPYReader.read(files)
    }
  }

  /// Reads JSON lines that were made of the records of a list: errors name the record, counted from 1, and no line.
  public static func read(
    records files: [InputFile], expecting kinds: [String: ExpectedKind] = [:]
  ) throws(DataError) -> Table {
    do throws(DataError) {
      let table = try JSONLinesReader.read(files, expecting: kinds)
      return Table(
        columns: table.columns.map { column in
          Column(
            name: column.name, values: column.values, unit: column.unit,
            notNumeric: column.notNumeric.map(\.ofRecord))
        })
    } catch {
      throw error.ofRecord
    }
  }

  /// The one kind that all these files are of.
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
      if let common, common != format {
        throw DataError(
          .invalid, "the file is \(format.rawValue), but \(first) is \(common.rawValue)", at: .init(file: name),
          advice: "give files of one kind at a time")
      }
      common = format
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
