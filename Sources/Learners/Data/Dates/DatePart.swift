/// A number that is made of a date.
public struct DatePart: Sendable, Hashable, Codable {
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    case year, month, day, weekday, hour
    /// Days from the date to `reference`, with their fraction.
    case age = "age_days"
  }

  /// The table's column of dates.
  public let column: String
  public let kind: Kind
  public let form: DateForm
  /// Seconds since 1970, of the latest date when the model was fitted: ages are counted to it.
  public let reference: Double

  public init(column: String, kind: Kind, form: DateForm, reference: Double) {
    self.column = column
    self.kind = kind
    self.form = form
    self.reference = reference
  }

  /// The name of the feature.
  internal var name: String { "\(column).\(kind.rawValue)" }

  /// Months and days from 1, weekdays from 1 for Monday, hours from 0, all in UTC.
  package func value(_ moment: Double) -> Double {
    if kind == .age { return (reference - moment) / 86_400 }
    let days = (moment / 86_400).rounded(.down)
    if kind == .hour { return ((moment - days * 86_400) / 3600).rounded(.down) }
    let day = Int(days)
    // 1970-01-01 was a Thursday.
    if kind == .weekday { return Double((day % 7 + 10) % 7 + 1) }
    let date = CivilDate(daysSince1970: day)
    return Double(kind == .year ? date.year : kind == .month ? date.month : date.day)
  }

  /// What is wrong with a part that was decoded from a file; nil where nothing is.
  internal var flaw: String? {
    column.isEmpty || !reference.isFinite || abs(reference) > 1e12
      ? "column or reference of its date is out of range" : nil
  }
}

extension Column {
  /// Seconds since 1970 of each row, NaN where it is missing.
  /// - Throws: `DataError` for the first text that is no date of this form.
  internal func moments(_ form: DateForm) throws(DataError) -> [Double] {
    switch values {
    case .numeric(let numbers):
      var moments: [Double] = []
      moments.reserveCapacity(numbers.count)
      for (row, number) in numbers.enumerated() {
        guard !number.isNaN else { moments.append(.nan); continue }
        guard let moment = form.moment(number) else { throw notDate(number.shortText, row: row) }
        moments.append(moment)
      }
      return moments
    case .categorical(let codes, let levels):
      let read = levels.map { text in form.moment(Array(text.utf8).span) ?? .nan }
      if let code = read.firstIndex(where: \.isNaN), let row = codes.firstIndex(of: Int32(code)) {
        throw notDate(levels[code], row: row)
      }
      return codes.map { $0 < 0 ? .nan : read[Int($0)] }
    }
  }

  private func notDate(_ text: String, row: Int) -> DataError {
    DataError(
      .invalid, "\(quoted(text)) in row \(row + 1) is not a date as the others of its column", at: .init(column: name),
      advice: "write it as 2024-01-31 or leave the cell empty")
  }
}
