internal import Glibc

/// What a model predicted for rows that it was not fitted on, and what was true.
public struct OutOfFold: Sendable {
  /// Whether errors are judged as factors, of 1 and more, or as differences.
  public let isLogarithmic: Bool
  /// What factors are counted from, so that 0 has one: 1 for counts, else as the model was fitted.
  package let unit: Double
  public let predicted: [Double]
  public let actual: [Double]
  /// What each row counts in shares and medians; nil where each counts once.
  private let weights: [Double]?
  /// By prediction, the lowest first: groups of equal size.
  private let groups: [Group]

  private struct Group: Sendable {
    /// The largest prediction in it.
    let limit: Double
    /// Tenth and ninetieth percentile of log10 of (unit + actual) / (unit + predicted), or of actual - predicted.
    let low: Double
    let high: Double
  }

  /// The rows of which both numbers are finite; nil where there are none.
  ///
  /// Cost: O(n log n).
  public init?(
    predicted: [Double], actual: [Double], isLogarithmic: Bool = true, unit: Double = 1, weights: [Double]? = nil
  ) {
    precondition(predicted.count == actual.count, "OutOfFold: \(predicted.count) predictions, \(actual.count) rows")
    let rows = predicted.indices.filter { predicted[$0].isFinite && actual[$0].isFinite }
      .sorted { (predicted[$0], $0) < (predicted[$1], $1) }
    guard !rows.isEmpty else { return nil }
    self.isLogarithmic = isLogarithmic
    self.unit = unit
    self.weights = weights.map { weights in rows.map { weights[$0] } }
    let lowest = isLogarithmic ? 0 : -Double.infinity
    self.predicted = rows.map { max(lowest, predicted[$0]) }
    self.actual = rows.map { max(lowest, actual[$0]) }
    let ratios = zip(self.predicted, self.actual).map { isLogarithmic ? log10(unit + $1) - log10(unit + $0) : $1 - $0 }
    let count = min(20, max(1, rows.count / 50))
    let ordered = self.predicted
    groups = (0..<count).map { group in
      let part = rows.count * group / count..<rows.count * (group + 1) / count
      let sorted = ratios[part].sorted()
      return Group(limit: ordered[part.upperBound - 1], low: sorted.quantile(0.1), high: sorted.quantile(0.9))
    }
  }

  public var count: Int { predicted.count }

  /// Between what eight of ten rows with such a prediction had.
  package func usualRange(of prediction: Double) -> ClosedRange<Double> {
    let group = groups.first { prediction <= $0.limit } ?? groups[groups.count - 1]
    guard isLogarithmic else { return prediction + group.low...prediction + group.high }
    let level = log10(unit + max(0, prediction))
    let low = max(0, pow(10, level + group.low) - unit)
    return low...max(low, pow(10, level + group.high) - unit)
  }

  /// The groups for the script: "limit low high;…".
  internal var groupsText: String {
    groups.map { [$0.limit, $0.low, $0.high].map(\.fieldText).joined(separator: " ") }.joined(separator: ";")
  }

  /// 0 to 1: rows whose true number is at most `factor` times off, one unit taken for granted.
  package func shareWithin(factor: Double, of rows: Range<Int>? = nil) -> Double {
    let rows = rows ?? predicted.indices
    guard !rows.isEmpty else { return 0 }
    let limit = log10(factor)
    let near = rows.filter { abs(log10(unit + actual[$0]) - log10(unit + predicted[$0])) <= limit }
    guard let weights else { return Double(near.count) / Double(rows.count) }
    return near.reduce(0) { $0 + weights[$1] } / rows.reduce(0) { $0 + weights[$1] }
  }

  /// The factor that half of the rows are within.
  package var typicalFactor: Double {
    pow(10, median(of: predicted.indices) { abs(log10(unit + actual[$0]) - log10(unit + predicted[$0])) })
  }

  /// The difference that half of the rows are within.
  package var typicalError: Double { medianError(of: predicted.indices) }

  private func medianError(of rows: Range<Int>) -> Double {
    median(of: rows) { abs(actual[$0] - predicted[$0]) }
  }

  /// Half of what the rows count is at or below it.
  private func median(of rows: Range<Int>, _ value: (Int) -> Double) -> Double {
    guard let weights else { return rows.map(value).sorted().quantile(0.5) }
    let sorted = rows.map { (value: value($0), weight: weights[$0]) }.sorted {
      ($0.value, $0.weight) < ($1.value, $1.weight)
    }
    var left = sorted.reduce(0) { $0 + $1.weight } / 2
    for (value, weight) in sorted {
      left -= weight
      if left <= 0 { return value }
    }
    return sorted.last?.value ?? .nan
  }

  /// Smallest, median and largest true number.
  internal var actualRange: (lowest: Double, median: Double, highest: Double) {
    let sorted = actual.sorted()
    return (sorted[0], sorted.quantile(0.5), sorted[sorted.count - 1])
  }

  /// For the table beside the chart: rows by power of ten of the prediction, or in parts of the same size.
  package struct Decade {
    let from: Double
    let to: Double
    package let count: Int
    let median: Double
    let within2: Double
    let medianError: Double
  }

  package var decades: [Decade] {
    guard isLogarithmic else { return parts }
    let first = Int(log10(unit).rounded()) + 1
    let limits = [0.0] + (first...first + 15).map { $0 < 0 ? 1 / pow(10, Double(-$0)) : pow(10, Double($0)) }
    return zip(limits, limits.dropFirst()).compactMap { from, to in
      let start = predicted.firstIndex { $0 >= from } ?? count
      let end = predicted.firstIndex { $0 >= to } ?? count
      guard end > start else { return nil }
      return decade(from, to, start..<end)
    }
  }

  private var parts: [Decade] {
    let number = min(8, count)
    return (0..<number).map { part in
      let rows = count * part / number..<count * (part + 1) / number
      return decade(predicted[rows.lowerBound], predicted[rows.upperBound - 1], rows)
    }
  }

  private func decade(_ from: Double, _ to: Double, _ rows: Range<Int>) -> Decade {
    Decade(
      from: from, to: to, count: rows.count, median: actual[rows].sorted().quantile(0.5),
      within2: isLogarithmic ? shareWithin(factor: 2, of: rows) : 0, medianError: medianError(of: rows))
  }
}

extension PageModel {
  /// Where eight of ten with such a prediction are; nil where it is not known, and where the model knows it of the row.
  internal func usualRange(of prediction: Double) -> ClosedRange<Double>? {
    rangeShare == nil ? outOfFold?.usualRange(of: prediction) : nil
  }
}

extension Array<Double> {
  /// Of sorted numbers: the one below which a share of them lies.
  fileprivate func quantile(_ share: Double) -> Double { self[Int(share * Double(count - 1))] }
}
