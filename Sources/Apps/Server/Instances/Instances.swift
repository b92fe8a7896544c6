/// Rows of features as a request gives them, row by row, and what of it was remarkable.
struct Instances: Sendable {
  /// Row r's feature f is `values[r * featureCount + f]`: a number or the index of a level, NaN where it is missing.
  var values: [Double] = []
  var rowCount = 0
  /// Rows in which a feature was not given, by feature; empty where every row has all.
  var missingCounts: [Int] = []
  /// Rows in which a name was given that is no feature; so many names at most.
  var unknownCounts: [String: Int] = [:]
  /// Rows in which a feature has a text that the model has not seen, by feature, and the first such texts.
  var unseenLevels: [Int: (rows: Int, texts: [String])] = [:]

  static let mostUnknownNames = 100
  static let mostUnseenLevels = 10

  var isRemarkable: Bool { !(missingCounts.isEmpty && unknownCounts.isEmpty && unseenLevels.isEmpty) }

  mutating func removeAll() {
    values.removeAll(keepingCapacity: true)
    rowCount = 0
    forgetRemarks()
  }

  mutating func forgetRemarks() {
    missingCounts = []
    unknownCounts = [:]
    unseenLevels = [:]
  }

  mutating func noteUnknown(_ name: String) {
    guard unknownCounts[name] != nil || unknownCounts.count < Self.mostUnknownNames else { return }
    unknownCounts[name, default: 0] += 1
  }

  mutating func noteUnseen(_ level: String, of feature: Int) {
    unseenLevels[feature, default: (0, [])].rows += 1
    let texts = unseenLevels[feature]?.texts ?? []
    guard texts.count < Self.mostUnseenLevels else { return }
    let text = String(level.prefix(100))
    if !texts.contains(text) { unseenLevels[feature]?.texts.append(text) }
  }
}
