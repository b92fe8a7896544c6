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

  /// - Parameter sorted: finite, missing ones left out, in ascending order.
  package init(ofSorted sorted: [Double]) {
    let sizes = sortedSizes(sorted)
    func quantile(_ share: Double, of sorted: [Double]) -> Double {
      sorted.isEmpty ? 0 : sorted[Int(share * Double(sorted.count - 1))]
    }
    // Of counts that begin small the step, 1: the shape is ln(1 + x) then.
    let size = quantile(0.05, of: sizes)
    let step = commonStep(ofSorted: sizes).flatMap { $0 >= size / 100 ? $0 : nil }
    logarithm = .logarithm(unit: step ?? (size > 0 ? size : 1))
    let center = quantile(0.5, of: sorted)
    let widths = [(0.25, 0.75), (0.05, 0.95), (0, 1)].lazy.map { low, high in
      quantile(high, of: sorted) / 2 - quantile(low, of: sorted) / 2
    }
    let width = widths.first { $0 > 0 } ?? 1
    clipped = .clipped(center: center, width: min(2 * width, .greatestFiniteMagnitude))
    let skew = abs(skewness(sorted))
    let isFlag = sorted.allSatisfy { $0 == sorted[0] || $0 == sorted[sorted.count - 1] }
    isHeavy = !isFlag && (skew > 1 || excessKurtosis(sorted) > 3)
    let shape = logarithm
    isShortenedByLogarithm = skew > 1 && abs(skewness(sorted.lazy.map { shape($0) })) < skew / 2
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

/// The absolute values of the numbers that are not 0, in ascending order: two sorted runs become one.
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
