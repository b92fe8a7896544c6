internal import CKernels

/// Derivatives of the loss in fixed point, so that their sums are exact: the same in any order, on any number of threads.
///
/// A row has one word, its gradient in the upper bits and a 1 in the lower ones, which adds up to the number of rows.
/// Where second derivatives differ from row to row there is a second word. The scale is a power of two such that
/// the sum of the absolute values of all rows fits, so no sum of any rows can overflow.
internal struct QuantizedGradients {
  /// Words a row: 1, or 2 with second derivatives.
  let width: Int
  let words: SharedScratch<UInt64>
  /// Lower bits of the first word: enough to count all rows.
  let countBits: UInt64
  private(set) var gradientScale = 1.0
  private(set) var hessianScale = 1.0
  private let rows: Int
  /// Derivatives; none where residuals do, see `isPlain`.
  private let gradients: SharedScratch<Double>
  private let hessians: SharedScratch<Double>
  /// Σ |derivative| of each block of rows.
  private let gradientSums: SharedScratch<Double>
  private let hessianSums: SharedScratch<Double>

  /// Sums of blocks of a fixed size do not depend on the number of threads.
  private static let blockSize = 4096

  /// - Parameter rows: all rows that will ever be summed.
  init(rows: Int, objective: Objective) {
    self.rows = rows
    width = objective.hasUnitHessian ? 1 : 2
    words = SharedScratch(repeating: 0, count: rows * width)
    countBits = UInt64(Int.bitWidth - rows.leadingZeroBitCount)
    let blocks = (rows + Self.blockSize - 1) / Self.blockSize
    gradients = SharedScratch(repeating: 0, count: Self.isPlain(objective) ? 0 : rows)
    hessians = SharedScratch(repeating: 0, count: width == 1 ? 0 : rows)
    gradientSums = SharedScratch(repeating: 0, count: blocks)
    hessianSums = SharedScratch(repeating: 0, count: width == 1 ? 0 : blocks)
  }

  /// Whether the gradients are the residuals score − target.
  private static func isPlain(_ objective: Objective) -> Bool { objective.loss == .squared && objective.weights == nil }

  /// Takes the derivatives at these scores. False where all gradients are zero: nothing is left to learn.
  mutating func update(_ objective: Objective, scores: SharedScratch<Double>, _ team: Team) -> Bool {
    let blocks = gradientSums.count
    let cost = Double(Self.blockSize) * (objective.loss.isLogarithmic ? 30 : Self.isPlain(objective) ? 0.6 : 3)
    team.forEach(blocks, cost: cost) { range in
      for block in range { sumAbsolutes(block, objective, scores) }
    }
    let total = (0..<blocks).reduce(0) { $0 + gradientSums[$1] }
    guard total > 0 else { return false }
    gradientScale = Self.scale(limit: Double(1 << (63 - countBits)) - Double(rows), total: total)
    if width == 2 {
      hessianScale = Self.scale(
        limit: 0x1p62 - Double(rows), total: (0..<blocks).reduce(0) { $0 + hessianSums[$1] })
    }
    team.forEach(blocks, cost: Double(Self.blockSize)) { range in
      for block in range { fillWords(block, objective, scores) }
    }
    return true
  }

  private func places(_ block: Int) -> Range<Int> {
    block * Self.blockSize..<min((block + 1) * Self.blockSize, rows)
  }

  private func sumAbsolutes(_ block: Int, _ objective: Objective, _ scores: SharedScratch<Double>) {
    let places = places(block)
    guard !Self.isPlain(objective) else {
      gradientSums[block] = unsafe objective.targets.withUnsafeBufferPointer { targets in
        unsafe kernels_sum_of_residuals(
          scores.start + places.lowerBound, targets.baseAddress! + places.lowerBound, places.count)
      }
      return
    }
    var (gradientSum, hessianSum) = (0.0, 0.0)
    for row in places {
      let weight = objective.weights?[row] ?? 1
      let gradient = objective.gradient(target: objective.targets[row], score: scores[row], weight: weight)
      gradients[row] = gradient
      gradientSum += abs(gradient)
      guard width == 2 else { continue }
      let hessian = objective.hessian(
        target: objective.targets[row], score: scores[row], weight: weight)
      hessians[row] = hessian
      hessianSum += hessian
    }
    gradientSums[block] = gradientSum
    if width == 2 { hessianSums[block] = hessianSum }
  }

  private func fillWords(_ block: Int, _ objective: Objective, _ scores: SharedScratch<Double>) {
    let places = places(block)
    guard !Self.isPlain(objective) else {
      return unsafe objective.targets.withUnsafeBufferPointer { targets in
        unsafe kernels_residual_words(
          words.start + places.lowerBound, scores.start + places.lowerBound,
          targets.baseAddress! + places.lowerBound, places.count, gradientScale, Int64(countBits))
      }
    }
    for row in places {
      let scaled = gradients[row] * gradientScale
      let fixed = Int64(scaled + (scaled < 0 ? -0.5 : 0.5))
      words[row * width] = UInt64(bitPattern: fixed << Int64(countBits)) &+ 1
      if width == 2 { words[row * width + 1] = UInt64(Int64(hessians[row] * hessianScale + 0.5)) }
    }
  }

  /// The largest power of two that is no more than limit / total, within the range of normal numbers.
  private static func scale(limit: Double, total: Double) -> Double {
    guard total > 0 else { return 1 }
    let ratio = min(max(limit / total, 0x1p-1000), 0x1p1000)
    return Double(sign: .plus, exponent: Int(ratio.exponent), significand: 1)
  }

  /// The sum of the words of some rows.
  func sum(of rows: [UInt32]) -> WordSum {
    var sum = WordSum()
    for row in rows {
      sum.first &+= words[Int(row) * width]
      if width == 2 { sum.second &+= words[Int(row) * 2 + 1] }
    }
    return sum
  }

  var format: WordFormat {
    WordFormat(width: width, countBits: countBits, gradientScale: gradientScale, hessianScale: hessianScale)
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
