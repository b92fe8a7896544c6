public import Learners

/// Repositories as a learner sees them: a column for each feature, in the order of `RepositoryFeature.all`, then
/// columns that are not GitHub's, then the target.
public struct RepositoryTable: Sendable {
  public let table: Table
  /// The name of the target's column; nil where no stars are given.
  public let target: String?
  /// The moment to which days are counted; nil when it was not given and the data has no timestamp.
  public let collectedAt: Timestamp?
  /// What a person should know about how the data became this table.
  public let notes: [String]

  /// The features of records, and their stars when any record has them.
  ///
  /// The columns are the same for all answers of GitHub's: every feature, where those of fields that searches do not
  /// tell are there only if a record tells them. Cost: linear in the records.
  /// - Parameter collectedAt: when the data was collected; by default the latest timestamp of any record.
  public init(records: [RepositoryRecord], notes: [String] = [], collectedAt: Timestamp? = nil) {
    let moment = collectedAt ?? records.lazy.compactMap(\.repository.latestTimestamp).max()
    let known = Set(RepositoryField.allCases.filter { $0.isInSearchAnswers || $0.isKnown(in: records) })
    var rows = FeatureRows(
      of: RepositoryFeature.all.filter { known.isSuperset(of: $0.fields) },
      collectedAt: moment)
    for record in records { rows.append(record.repository) }
    var columns = rows.columns
    let hasStars = records.contains { $0.stars != nil }
    if hasStars {
      columns.append(Column(name: RepositoryFeature.target, values: .numeric(records.map { $0.stars ?? .nan })))
    }
    let dropped = "never features: " + ExcludedField.all.map(\.name).joined(separator: ", ")
    self.init(
      table: Table(columns: columns), target: hasStars ? RepositoryFeature.target : nil, collectedAt: moment,
      notes: notes + [dropped] + Self.note(about: moment, isGiven: collectedAt != nil))
  }

  internal init(table: Table, target: String?, collectedAt: Timestamp?, notes: [String]) {
    self.table = table
    self.target = target
    self.collectedAt = collectedAt
    self.notes = notes
  }

  internal static func note(about moment: Timestamp?, isGiven: Bool) -> [String] {
    moment.map { ["days are counted to \($0)" + (isGiven ? "" : ", the latest timestamp in the data")] } ?? []
  }
}

extension RepositoryField {
  /// Whether any record tells this number.
  fileprivate func isKnown(in records: [RepositoryRecord]) -> Bool {
    guard case .number(let path) = form else { return true }
    return records.contains { $0.repository[keyPath: path] != nil }
  }
}
