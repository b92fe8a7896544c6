/// Rows of features as a request gives them, row by row, and what of it was remarkable.
struct Instances: Sendable {
  /// Row r's feature f is `values[r * featureCount + f]`: a number or the index of a level, NaN where it is missing.
  var values: [Double] = []
  var rowCount = 0
  /// Rows in which a feature was not given, by feature; empty where every row has all.
  var missingCounts: [Int] = []
  /// Rows in which a name was given that is no feature; so many names at most.
  var unknownCounts: [String: Int] = [:]

  static let mostUnknownNames = 100

  mutating func removeAll() {
    values.removeAll(keepingCapacity: true)
    rowCount = 0
    missingCounts = []
    unknownCounts = [:]
  }

  mutating func noteUnknown(_ name: String) {
    guard unknownCounts[name] != nil || unknownCounts.count < Self.mostUnknownNames else { return }
    unknownCounts[name, default: 0] += 1
  }
}
