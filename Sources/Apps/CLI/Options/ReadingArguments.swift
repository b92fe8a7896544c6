import ArgumentParser
import Learners
import Repositories

/// How tables are to be read, where that is not to be found out.
struct ReadingArguments: ParsableArguments {
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Texts that are missing values, beside the usual ones such as NA and empty cells. May be repeated.",
      valueName: "token,…"))
  var missing: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "What columns are: number (cells that are none are missing), category, date, or text (no feature). May be repeated.",
      valueName: "column=kind,…"))
  var types: [String] = []

  @Option(
    help: ArgumentHelp(
      "What is between the cells of a row: a character, or tab. (default: found out)", valueName: "character"))
  var delimiter: String?

  @Option(help: ArgumentHelp("The decimal mark of all numbers. (default: found out)", valueName: "point|comma"))
  var decimal: String?

  @Flag(inversion: .prefixedNo, help: "Whether the first row holds names. (default: found out)")
  var header: Bool?

  func validate() throws {
    if let delimiter, delimiterByte == nil {
      throw ValidationError(
        "--delimiter \(delimiter): must be one character of ASCII that no cell needs, such as ';', or tab")
    }
    if let decimal, decimalMark == nil { throw ValidationError("--decimal \(decimal): must be point or comma") }
    if decimalMark == .comma && delimiterByte == UInt8(ascii: ",") {
      throw ValidationError(
        "--decimal comma: cells that are separated by commas have to quote such numbers: leave out --delimiter")
    }
    _ = try rules()
  }

  private var decimalMark: DecimalMark? {
    switch decimal {
    case "point", ".": .point
    case "comma", ",": .comma
    default: nil
    }
  }

  private var delimiterByte: UInt8? {
    switch delimiter {
    case "tab", "\\t", "\t": return 9
    case "comma": return UInt8(ascii: ",")
    case "semicolon": return UInt8(ascii: ";")
    case "space": return UInt8(ascii: " ")
    default: break
    }
    guard let byte = delimiter?.utf8.first, delimiter?.utf8.count == 1, byte >= 0x20, byte < 0x7f,
      !"\"0123456789.-+".utf8.contains(byte), (byte | 0x20) &- UInt8(ascii: "a") >= 26
    else { return nil }
    return byte
  }

  /// What is asked for columns, by name. A name may hold commas and equals signs: it ends at the last one before a kind.
  private func rules() throws -> [String: ColumnRule] {
    var rules: [String: ColumnRule] = [:]
    let kinds = ColumnRule.Kind.allCases.map(\.rawValue).joined(separator: ", ")
    for option in types {
      var name = ""
      for piece in option.split(separator: ",", omittingEmptySubsequences: false) {
        name += name.isEmpty ? String(piece) : ",\(piece)"
        guard let equals = name.lastIndex(of: "="),
          let kind = ColumnRule.Kind(rawValue: String(name[name.index(after: equals)...].trimmed))
        else { continue }
        let column = String(name[..<equals].trimmed)
        guard !column.isEmpty else { throw ValidationError("--types \(option): a column has no name") }
        guard rules.updateValue(ColumnRule(kind, origin: .asked), forKey: column) == nil else {
          throw ValidationError("--types: the column \(column) is there twice")
        }
        name = ""
      }
      guard name.isEmpty else {
        throw ValidationError("--types \(option): “\(name)” does not end in =KIND, with KIND one of \(kinds)")
      }
    }
    return rules
  }

  /// - Parameter features: those of the model that the rows are for, which knows what they are.
  func options(for features: [Feature]) throws -> ReadingOptions {
    var options = ReadingOptions(for: features)
    options.rules.merge(try rules()) { known, _ in known }
    options.missing = Set(
      missing.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }.map(String.init))
    options.delimiter = delimiterByte
    options.decimalMark = decimalMark
    options.hasHeader = header
    options.rulesOfNames = RepositoryTable.columnRules
    return options
  }

  /// Throws where a column that is asked for is not there.
  func check(_ table: Table) throws {
    for name in try rules().keys.sorted() where table[name] == nil {
      throw DataError(
        .invalid, "there is no column \(printable(name)) as --types names it",
        advice: "the columns are \(table.columns.map { printable($0.name) }.joined(separator: ", "))")
    }
  }
}
