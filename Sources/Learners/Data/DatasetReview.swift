/// What makes the scores of a dataset look better than they are: columns that tell the target, and copies of rows.
public struct DatasetReview: Sendable {
  public let duplicates: DuplicateRows
  /// Columns that tell the target, each with what it does and what to do about it.
  public let warnings: [String]

  /// - Parameter allowed: columns that may tell the target.
  public init(_ dataset: Dataset, allowed: Set<String> = []) {
    duplicates = DuplicateRows(dataset.features, target: dataset.target)
    let features = dataset.schema.features
    let looked = features.indices.filter { index in
      !allowed.contains(features[index].name) && !allowed.contains(features[index].columnName)
    }
    let columns = TellingColumns(target: dataset.target, rows: duplicates.distinctRows(of: dataset.rowCount))
    let kinds = columns.kinds(
      of: looked.map { dataset.features.columns[$0] }, isNumber: looked.map { features[$0].levels == nil })
    // Several features may be made of one column, such as the parts of a date.
    var told: Set<String> = []
    warnings = zip(looked, kinds).compactMap { index, kind in
      guard let kind, told.insert(features[index].columnName).inserted else { return nil }
      return Self.warning(features[index].columnName, kind, target: dataset.schema.target)
    }
  }

  private static func warning(_ name: String, _ kind: TellingColumns.Kind, target: String) -> String {
    let (column, target) = (shortened(name), shortened(target))
    let what =
      switch kind {
      case .orders: "puts the rows in the order of the target \(target), as a copy or a rank of it does"
      case .decides: "has a value of its own for each value of the target \(target), as a code of it has"
      }
    return "column \(column) looks like a leak: alone it \(what): scores are too good unless it is known before the "
      + "target is: drop it (--drop \(shellQuoted(name))), or say that it is meant (--allow-leak \(shellQuoted(name)))"
  }
}

/// A name as an argument in a shell.
package func shellQuoted(_ name: String) -> String {
  let isPlain = name.utf8.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"),
      UInt8(ascii: "/"), 0x80...:
      true
    default: false
    }
  }
  let shown = shortened(name)
  return isPlain && !name.isEmpty ? shown : "'" + shown.replacing("'", with: "'\\''") + "'"
}
