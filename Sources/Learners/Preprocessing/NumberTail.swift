internal import Glibc

/// What the training values of a number look like, on scale-free measures.
package struct NumberTail: Sendable {
  /// Whether other shapes than the number as it is are worth trying: a skewness beyond ±1 or an excess kurtosis above 3.
  /// Numbers of two values have none: any shape of a flag is the same flag.
  package let isHeavy: Bool
  /// Whether the logarithm brings the skewness under half of what it is.
  let isShortenedByLogarithm: Bool
  private let logarithm: NumberShape
  private let clipped: NumberShape

  /// - Parameter numbers: finite.
  package init(of numbers: SortedNumbers) {
    let sizes = numbers.sizes
    func quantile(_ share: Double) -> Double { numbers.quantile(share) ?? 0 }
    // Of counts that begin small the step, 1: the shape is ln(1 + x) then.
    let size = sizes.quantile(0.05) ?? 0
    let step = commonStep(ofSorted: sizes.values).flatMap { $0 >= size / 100 ? $0 : nil }
    logarithm = .logarithm(unit: step ?? (size > 0 ? size : 1))
    let center = quantile(0.5)
    let widths = [(0.25, 0.75), (0.05, 0.95), (0, 1)].lazy.map { low, high in
      quantile(high) / 2 - quantile(low) / 2
    }
    let width = widths.first { $0 > 0 } ?? 1
    clipped = .clipped(center: center, width: min(2 * width, .greatestFiniteMagnitude))
    let (sorted, weights) = (numbers.values, numbers.weights)
    let skew = abs(skewness(sorted, weights: weights))
    let isFlag = sorted.allSatisfy { $0 == sorted[0] || $0 == sorted[sorted.count - 1] }
    isHeavy = !isFlag && (skew > 1 || excessKurtosis(sorted, weights: weights) > 3)
    let shape = logarithm
    isShortenedByLogarithm = skew > 1 && abs(skewness(sorted.lazy.map { shape($0) }, weights: weights)) < skew / 2
  }

  internal func shapes(_ form: NumberForm) -> [NumberShape] {
    switch form {
    case .raw: [.raw]
    case .log: [logarithm]
    case .clipped: [clipped]
    case .both: [clipped, logarithm]
    }
  }

  /// The form without looking at the target: for learners that see distances, the logarithm where it shortens the tail.
  package var plainForm: NumberForm { isShortenedByLogarithm ? .log : .raw }
}

extension SortedNumbers {
  /// The absolute values of the numbers that are not 0.
  fileprivate var sizes: SortedNumbers {
    guard let weights else { return SortedNumbers(ascending: sortedSizes(values)) }
    return SortedNumbers(values.map { $0 == 0 ? .nan : abs($0) }, weights: weights)
  }
}

/// Two sorted runs become one.
private func sortedSizes(_ sorted: [Double]) -> [Double] {
  let firstPositive = sorted.firstIndex { $0 > 0 } ?? sorted.count
  let negative = sorted[..<firstPositive].lazy.filter { $0 < 0 }
  guard !negative.isEmpty else { return Array(sorted[firstPositive...]) }
  var (sizes, next) = ([Double](), firstPositive)
  sizes.reserveCapacity(sorted.count)
  for size in negative.reversed().map({ -$0 }) {
    while next < sorted.count, sorted[next] < size {
      sizes.append(sorted[next])
      next += 1
    }
    sizes.append(size)
  }
  return sizes + sorted[next...]
}
