import Learners

/// Fold numbers that somebody else used: a text file with one whole number a line, a header line allowed.
enum FoldsFile {
  /// - Throws: `Failure` for an unreadable file, `Folds.Problem` for numbers that are no folds.
  static func read(_ path: String, for dataset: Dataset, tableRows: Int) throws -> Folds {
    let bytes = try InputFile(reading: path).bytes
    let mark: [UInt8] = [0xef, 0xbb, 0xbf]
    let text = String(decoding: bytes.starts(with: mark) ? bytes.dropFirst(3) : bytes[...], as: UTF8.self)
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map {
      $0.trimmed
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    if let first = lines.first, !first.contains(where: \.isNumber) { lines.removeFirst() }
    var numbers: [Int] = []
    for (index, line) in lines.enumerated() {
      guard let number = Int(line) else {
        throw Failure(
          .badData, "\(path): “\(line)”, number \(index + 1), is not a whole number: give one fold number a row")
      }
      numbers.append(number)
    }
    guard numbers.count == tableRows else {
      throw Folds.Problem.rowMismatch(rows: tableRows, assignments: numbers.count)
    }
    return try Folds(ofTableRows: numbers, for: dataset)
  }
}
