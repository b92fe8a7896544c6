internal import Linalg

/// Derivatives of the loss in fixed point, so that their sums are exact: the same in any order, on any number of threads.
///
/// A row has one word, its gradient in the upper bits and a 1 in the lower ones, which adds up to the number of rows.
/// Where second derivatives differ from row to row there is a second word. The scale is a power of two such that
/// the sum of the absolute values of all rows fits, so no sum of any rows can overflow.
internal struct QuantizedGradients: Sendable {
  /// Words a row: 1, or 2 with second derivatives.
  let width: Int
  private(set) var words: [UInt64]
  /// Lower bits of the first word: enough to count all rows.
  let countBits: UInt64
  private(set) var gradientScale = 1.0
  private(set) var hessianScale = 1.0
  private var gradients: [Double]
  private var hessians: [Double]

  /// - Parameter rows: all rows that will ever be summed.
  init(rows: Int, hasUnitHessian: Bool) {
    width = hasUnitHessian ? 1 : 2
    words = Array(repeating: 0, count: rows * width)
    countBits = UInt64(Int.bitWidth - rows.leadingZeroBitCount)
    gradients = Array(repeating: 0, count: rows)
    hessians = Array(repeating: 0, count: hasUnitHessian ? 0 : rows)
  }

  /// Takes the derivatives at these scores. False where all gradients are zero: nothing is left to learn.
  mutating func update(_ objective: Objective, scores: [Double]) -> Bool {
    fillDerivatives(objective, scores: scores)
    let total = Self.sumOfAbsolutes(gradients)
    guard total > 0 else { return false }
    let count = Double(gradients.count)
    gradientScale = Self.scale(limit: Double(1 << (63 - countBits)) - count, total: total)
    if width == 2 { hessianScale = Self.scale(limit: 0x1p62 - count, total: Self.sumOfAbsolutes(hessians)) }
    fillWords()
    return true
  }

  private mutating func fillDerivatives(_ objective: Objective, scores: [Double]) {
    let cost = objective.loss == .poisson ? 12.0 : 2.0
    Parallel.fill(&gradients, cost: cost) { range, part in
      for row in range {
        part[row - range.lowerBound] = objective.gradient(
          target: objective.targets[row], score: scores[row], weight: objective.weights?[row] ?? 1)
      }
    }
    guard width == 2 else { return }
    Parallel.fill(&hessians, cost: cost) { range, part in
      for row in range {
        part[row - range.lowerBound] = objective.hessian(score: scores[row], weight: objective.weights?[row] ?? 1)
      }
    }
  }

  private mutating func fillWords() {
    let (gradients, hessians, width, countBits) = (gradients, hessians, width, countBits)
    let (gradientScale, hessianScale) = (gradientScale, hessianScale)
    Parallel.fill(&words, stride: width, cost: 2) { range, part in
      for row in range {
        let place = (row - range.lowerBound) * width
        let scaled = gradients[row] * gradientScale
        let fixed = Int64(scaled + (scaled < 0 ? -0.5 : 0.5))
        part[place] = UInt64(bitPattern: fixed << Int64(countBits)) &+ 1
        if width == 2 { part[place + 1] = UInt64(Int64(hessians[row] * hessianScale + 0.5)) }
      }
    }
  }

  /// In blocks of a fixed size, so that the sum does not depend on the number of threads.
  private static func sumOfAbsolutes(_ numbers: [Double]) -> Double {
    var sums = [Double](repeating: 0, count: (numbers.count + 4095) / 4096)
    Parallel.fill(&sums, cost: 4096) { range, part in
      for block in range {
        let rows = block * 4096..<min((block + 1) * 4096, numbers.count)
        part[block - range.lowerBound] = rows.reduce(0) { $0 + abs(numbers[$1]) }
      }
    }
    return sums.reduce(0, +)
  }

  /// The largest power of two that is no more than limit / total, within the range of normal numbers.
  private static func scale(limit: Double, total: Double) -> Double {
    guard total > 0 else { return 1 }
    let ratio = min(max(limit / total, 0x1p-1000), 0x1p1000)
    return Double(sign: .plus, exponent: Int(ratio.exponent), significand: 1)
  }
}

/// The sum of some rows' words.
internal struct WordSum: Sendable, Equatable {
  var first: UInt64 = 0
  var second: UInt64 = 0

  static func + (left: WordSum, right: WordSum) -> WordSum {
    WordSum(first: left.first &+ right.first, second: left.second &+ right.second)
  }

  static func - (left: WordSum, right: WordSum) -> WordSum {
    WordSum(first: left.first &- right.first, second: left.second &- right.second)
  }
}

/// How to read word sums.
internal struct WordFormat: Sendable {
  let width: Int
  let countBits: UInt64
  let gradientScale: Double
  let hessianScale: Double

  @inline(__always)
  func count(_ sum: WordSum) -> Int { Int(sum.first & ((1 << countBits) &- 1)) }

  /// Σ gradients in fixed point.
  @inline(__always)
  func gradient(_ sum: WordSum) -> Double { Double(Int64(bitPattern: sum.first) >> Int64(countBits)) }

  /// Σ second derivatives in fixed point.
  @inline(__always)
  func hessian(_ sum: WordSum) -> Double { width == 1 ? Double(count(sum)) : Double(sum.second) }
}

extension QuantizedGradients {
  var format: WordFormat {
    WordFormat(width: width, countBits: countBits, gradientScale: gradientScale, hessianScale: hessianScale)
  }

  /// The sum over some rows.
  func sum(_ rows: [UInt32]) -> WordSum {
    rows.reduce(into: WordSum()) { sum, row in
      let place = Int(row) * width
      sum = sum + WordSum(first: words[place], second: width == 1 ? 0 : words[place + 1])
    }
  }
}
