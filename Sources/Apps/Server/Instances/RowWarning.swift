package import Learners
internal import NIOCore

/// Something about given rows that the model answers all the same, and that somebody may not have meant. Every way in
/// finds the same ones: requests, streams, tensors, rankings, the page.
package struct RowWarning: Sendable, Hashable, Encodable {
  package enum Code: String, Sendable, Encodable {
    /// A feature of the model was not given.
    case missingFeature = "missing-feature"
    /// A name was given that is no feature of the model.
    case unknownFeature = "unknown-feature"
    /// A text was given that the model has not seen in this feature.
    case unknownLevel = "unknown-level"
    /// A number was given that is far beyond those of all training rows: there a model only guesses.
    case beyondTraining = "beyond-training"
  }

  package let code: Code
  package let feature: String
  /// Rows that it is about.
  package let instances: Int
  /// The first such texts, each once; nil for what is about no texts.
  package var levels: [String]?
  /// What training rows had; nil for what is about no numbers.
  package var range: TrainingRanges.Range?

  private init(code: Code, feature: String, instances: Int, levels: [String]? = nil) {
    (self.code, self.feature, self.instances, self.levels) = (code, feature, instances, levels)
  }

  init(beyond range: TrainingRanges.Range, _ feature: String, rows: Int) {
    self.init(code: .beyondTraining, feature: feature, instances: rows)
    self.range = range
  }

  /// What the list is called beside a prediction, whose member is called as the target is.
  static func member(beside target: String) -> String { target == "warnings" ? "row_warnings" : "warnings" }

  /// What is remarkable about instances, in the order of the codes and, within each, of the features.
  static func all(of instances: Instances, _ features: [Feature]) -> [RowWarning] {
    let missing = DateInput.joined(zip(features, instances.missingCounts).filter { $1 > 0 }.map { ($0, $1) })
    let unknown = instances.unknownCounts.sorted { $0.key < $1.key }
    let unseen = instances.unseenLevels.sorted { $0.key < $1.key }
    return missing.map { RowWarning(code: .missingFeature, feature: $0, instances: $1) }
      + unknown.map { RowWarning(code: .unknownFeature, feature: $0.key, instances: $0.value) }
      + unseen.map {
        RowWarning(
          code: .unknownLevel, feature: features[$0.key].name, instances: $0.value.rows, levels: $0.value.texts)
      }
  }

  /// What is remarkable about a table, beside the columns that are read for another purpose.
  /// - Parameters:
  ///   - data: what the model gets of it.
  ///   - ranges: of the training rows, where they are known.
  static func all(
    of table: Table, _ data: FeatureColumns, ranges: TrainingRanges?, ignoring known: Set<String>
  ) -> [RowWarning] {
    let features = data.features
    let names = Set(features.map(\.columnName))
    let rows = table.rowCount
    let missing = FeatureColumns.missing(features, among: Set(table.columns.map(\.name)))
    let unknown = table.columns.map(\.name).filter { !names.contains($0) && !known.contains($0) }
    return missing.map { RowWarning(code: .missingFeature, feature: $0, instances: rows) }
      + unknown.prefix(Instances.mostUnknownNames).map {
        RowWarning(code: .unknownFeature, feature: String($0.prefix(100)), instances: rows)
      }
      + features.indices.compactMap { unseenLevel($0, of: data, in: table) }
      + (ranges?.strays(in: data) ?? []).map { RowWarning(beyond: $0.range, $0.feature.name, rows: $0.rows) }
  }

  /// What the model makes of a text says whether it has seen it: spelling and words for nothing are its matter.
  private static func unseenLevel(_ place: Int, of data: FeatureColumns, in table: Table) -> RowWarning? {
    let feature = data.features[place]
    guard let levels = feature.levels, let column = table[feature.name] else { return nil }
    let rows = data.columns[place].indices.filter { data.columns[place][$0] == Double(levels.count) }
    var texts: [String] = []
    for row in rows where texts.count < Instances.mostUnseenLevels {
      guard let text = text(of: column, row).map({ String($0.prefix(100)) }), !texts.contains(text) else { continue }
      texts.append(text)
    }
    guard !texts.isEmpty else { return nil }
    return RowWarning(code: .unknownLevel, feature: feature.name, instances: rows.count, levels: texts)
  }

  /// Levels may look like numbers: a table has them as numbers then.
  private static func text(of column: Column, _ row: Int) -> String? {
    guard case .numeric(let numbers) = column.values else { return column.text(row) }
    return numbers[row].isNaN ? nil : numbers[row].shortText
  }

  /// For people, one for each kind.
  static func sentences(_ warnings: [RowWarning]) -> [String] {
    let names = { (code: Code) in warnings.filter { $0.code == code }.map(\.feature).joined(separator: ", ") }
    var sentences: [String] = []
    let (missing, unknown) = (names(.missingFeature), names(.unknownFeature))
    if !missing.isEmpty { sentences.append("not given, taken as missing values: \(missing)") }
    if !unknown.isEmpty { sentences.append("the model knows no such feature, so it is not used: \(unknown)") }
    for warning in warnings where warning.code == .unknownLevel {
      let rows = warning.instances == 1 ? "1 row" : "\(warning.instances) rows"
      let texts = (warning.levels ?? []).map { "“\($0)”" }.joined(separator: ", ")
      sentences.append(
        "the model has not seen \(texts) as \(warning.feature) and takes that as any other unknown text (\(rows))")
    }
    for warning in warnings {
      guard let range = warning.range else { continue }
      let rows = warning.instances == 1 ? "1 row" : "\(warning.instances) rows"
      sentences.append(
        "\(warning.feature) is far beyond what the model has learned from, \(range.low.shortText) to \(range.high.shortText): "
          + "there it only guesses (\(rows))")
    }
    return sentences
  }
}

extension ByteBuffer {
  /// `,"warnings":[…]`; nothing where there are none.
  mutating func writeWarnings(_ warnings: [RowWarning], as member: String = RowWarning.member(beside: "")) {
    guard !warnings.isEmpty else { return }
    writeString(",\"\(member)\":[")
    for (index, warning) in warnings.enumerated() {
      if index > 0 { writeStaticString(",") }
      writeString("{\"code\":\"\(warning.code.rawValue)\",\"feature\":")
      writeJSON(warning.feature)
      writeString(",\"instances\":\(warning.instances)")
      if let levels = warning.levels {
        writeStaticString(",\"levels\":[")
        for (place, level) in levels.enumerated() {
          if place > 0 { writeStaticString(",") }
          writeJSON(level)
        }
        writeStaticString("]")
      }
      if let range = warning.range {
        writeStaticString(",\"range\":{\"low\":")
        writeJSON(range.low)
        writeStaticString(",\"high\":")
        writeJSON(range.high)
        writeStaticString("}")
      }
      writeStaticString("}")
    }
    writeStaticString("]")
  }
}
