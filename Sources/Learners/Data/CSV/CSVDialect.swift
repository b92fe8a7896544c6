/// How a CSV file is written, given or found out from its first rows.
struct CSVDialect {
  let delimiter: UInt8
  let hasHeader: Bool
  /// Index of the first byte of the first row.
  let start: Int
  let notes: [ReadingNote]

  /// Those that are looked for: the first one where several would do.
  private static let delimiters = [UInt8(ascii: ","), 9, UInt8(ascii: ";"), UInt8(ascii: "|")]

  /// - Parameter head: the first bytes of the file, with its first row whole.
  /// - Parameter isWhole: whether they are all of them.
  init(_ file: InputFile, _ head: [UInt8], isWhole: Bool, options: ReadingOptions) {
    var start = head.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    let declared = Self.declaration(head, &start)
    let usual: UInt8 = file.name.lowercased().contains(".tsv") || file.name.lowercased().hasSuffix(".tab") ? 9 : 0x2c
    var notes: [ReadingNote] = []
    let sample: CSVSample
    if let given = options.delimiter ?? declared {
      sample = CSVSample(head, from: start, delimiter: given, isWhole: isWhole)
    } else {
      sample = Self.likeliest(head, start, isWhole: isWhole, usual: usual)
      if sample.delimiter != usual {
        notes.append(.delimiter(file: file.name, delimiter: Self.name(of: sample.delimiter)))
      }
    }
    delimiter = sample.delimiter
    self.start = start
    if let given = options.hasHeader {
      hasHeader = given
      if !given { notes.append(.noHeader(file: file.name, columns: sample.width, first: nil)) }
    } else {
      hasHeader = sample.hasNames(known: Set(options.rules.keys))
      if !hasHeader, let first = sample.rows.first {
        notes.append(.noHeader(file: file.name, columns: first.count, first: sample.text(first[0])))
      }
    }
    self.notes = notes
  }

  /// The delimiter that the first line declares, as Excel reads it: `sep=;`.
  private static func declaration(_ head: [UInt8], _ start: inout Int) -> UInt8? {
    let line = head[start...].prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    guard line.count == 5, line.prefix(4).map({ $0 | 0x20 }) == Array("sep=".utf8).map({ $0 | 0x20 }) else {
      return nil
    }
    start = line.endIndex
    if start < head.count && head[start] == UInt8(ascii: "\r") { start += 1 }
    if start < head.count && head[start] == UInt8(ascii: "\n") { start += 1 }
    return line.last
  }

  /// The delimiter that gives all rows the same number of cells, at least two; of several the one that leaves most cells
  /// numbers, dates or empty. Where none does, the one that does so for most rows.
  private static func likeliest(_ head: [UInt8], _ start: Int, isWhole: Bool, usual: UInt8) -> CSVSample {
    let order = [usual] + delimiters.filter { $0 != usual }
    let samples = order.map { CSVSample(head, from: start, delimiter: $0, isWhole: isWhole) }.filter { $0.width > 1 }
    let whole = samples.filter(\.isEven)
    if let best = whole.first {
      return whole.reduce(best) { $1.valueShare > $0.valueShare + 1e-9 ? $1 : $0 }
    }
    if let first = samples.first, first.delimiter == usual { return first }
    return samples.first { $0.evenShare >= 0.8 } ?? CSVSample(head, from: start, delimiter: usual, isWhole: isWhole)
  }

  static func name(of delimiter: UInt8) -> String {
    switch delimiter {
    case 9: "tabs"
    case UInt8(ascii: ";"): "semicolons"
    case UInt8(ascii: ","): "commas"
    case UInt8(ascii: "|"): "bars (|)"
    case UInt8(ascii: " "): "spaces"
    default: "“\(Unicode.Scalar(delimiter))”"
    }
  }
}
