/// Numbers in ascending order, each counted as often as its weight says.
package struct SortedNumbers: Sendable {
  package let values: [Double]
  /// One a number; nil where each counts once.
  package let weights: [Double]?
  /// Of weights, those of all numbers before one and its own.
  private let sums: [Double]

  /// - Parameter numbers: missing ones, NaN, are left out.
  package init(_ numbers: [Double], weights: [Double]? = nil) {
    guard let weights else {
      values = sortedByDigits(numbers.filter { !$0.isNaN })
      (self.weights, sums) = (nil, [])
      return
    }
    let order = numbers.indices.filter { !numbers[$0].isNaN }
      .sorted { (numbers[$0], weights[$0]) < (numbers[$1], weights[$1]) }
    values = order.map { numbers[$0] }
    let sorted = order.map { weights[$0] }
    self.weights = sorted
    var sum = 0.0
    sums = sorted.map { weight in
      sum += weight
      return sum
    }
  }

  /// - Parameter values: none of them NaN; each counts once.
  package init(ascending values: [Double]) {
    self.values = values
    (weights, sums) = (nil, [])
  }

  /// How many they are, with copies.
  package var total: Double { weights == nil ? Double(values.count) : sums.last ?? 0 }

  /// The lower of the middle two; nil for none.
  package var median: Double? {
    guard weights != nil else { return values.isEmpty ? nil : values[(values.count - 1) / 2] }
    // To rounding: half of the weight at or below it.
    return values.isEmpty ? nil : number(behind: total / 2 * (1 - 1e-12))
  }

  /// The number at this share of the way from the first to the last, rounded down; nil for none.
  package func quantile(_ share: Double) -> Double? {
    guard !values.isEmpty else { return nil }
    guard weights != nil else { return values[Int(share * Double(values.count - 1))] }
    return number(behind: (share * max(0, total - 1)).rounded(.down))
  }

  /// The first number that, with all before it, counts more than this; the last where none does.
  package func number(behind count: Double) -> Double {
    guard weights != nil else { return values[min(Int(count), values.count - 1)] }
    var (low, high) = (0, values.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if sums[middle] > count { high = middle } else { low = middle + 1 }
    }
    return values[low]
  }
}
