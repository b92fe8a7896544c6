internal import CKernels
internal import Linalg

/// The columns of `GrowthRows` in steps that are even on the scale of their thresholds: what random thresholds are drawn
/// from. A threshold drawn among the steps between two values is uniform between them, to a step.
internal final class StepCodes: Sendable {
  internal let rows: RowCodes
  /// Meaningless for categorical columns.
  internal let columns: Scratch<SteppedColumn>

  internal init(_ rows: GrowthRows) {
    let columns = Parallel.map(rows.featureCount) { column -> (SteppedColumn, [UInt16]) in
      let numbers = rows.column(column)
      let steps = SteppedColumn(of: numbers)
      guard case .numeric = rows.kinds[column] else { return (steps, Array(repeating: 0, count: rows.rowCount)) }
      let codes = numbers.map { $0.isNaN ? UInt16(RowCodes.missing) : steps.code(of: $0) }
      return (steps.knowing(whether: Self.hasOneValueAStep(numbers, codes)), codes)
    }
    self.rows = RowCodes(rowCount: rows.rowCount, columns: columns.map { $0.1 })
    self.columns = Scratch(columns.map { $0.0 })
  }

  private static func hasOneValueAStep(_ numbers: [Double], _ codes: [UInt16]) -> Bool {
    var values = [Double](repeating: .nan, count: RowCodes.limit)
    for (number, code) in zip(numbers, codes) where !number.isNaN {
      if values[Int(code)].isNaN { values[Int(code)] = number }
      if values[Int(code)] != number { return false }
    }
    return true
  }
}

/// Steps from the smallest to the largest number of a column.
internal struct SteppedColumn: BitwiseCopyable, Sendable {
  internal let scale: ThresholdScale
  /// Whether numbers with the same code are the same.
  internal let hasOneValueAStep: Bool
  private let lowest: Double
  private let highest: Double
  /// A power of two that keeps differences within the range of a Double.
  private let factor: Double
  private let start: Double
  /// What numbers on a grid lie beyond the ends of steps, in steps: rounding does not decide on which side one is.
  private static let lean = 0x1p-20
  /// Steps a unit of position; 0 where all numbers are the same.
  private let density: Double

  internal init(of numbers: [Double]) {
    scale = ThresholdScale(of: numbers)
    let present = numbers.filter { !$0.isNaN }
    lowest = present.min() ?? 0
    highest = present.max() ?? 0
    let halfSpan = highest / 2 - lowest / 2
    factor = !scale.isLinear ? 1 : halfSpan > 0x1p1000 ? 0x1p-2 : halfSpan < 0x1p-900 ? 0x1p600 : 1
    start = scale.position(of: lowest) * factor
    let span = scale.position(of: highest) * factor - start
    density = span > 0 ? Double(RowCodes.limit) / span : 0
    hasOneValueAStep = false
  }

  private init(_ other: SteppedColumn, hasOneValueAStep: Bool) {
    scale = other.scale
    self.hasOneValueAStep = hasOneValueAStep
    lowest = other.lowest
    highest = other.highest
    factor = other.factor
    start = other.start
    density = other.density
  }

  fileprivate func knowing(whether hasOneValueAStep: Bool) -> SteppedColumn {
    SteppedColumn(self, hasOneValueAStep: hasOneValueAStep)
  }

  /// Never falls with the number: all operations are rounded, but none of them turns an order round.
  internal func code(of number: Double) -> UInt16 {
    guard density > 0 else { return 0 }
    let steps = (scale.position(of: number) * factor - start) * density + Self.lean
    return steps > 0 ? UInt16(min(steps, Double(RowCodes.limit - 1))) : 0
  }

  /// The largest number with this code or less; the column must have numbers of a higher code.
  ///
  /// Rounding puts it next to the end of the step: from there a search in strides that double, then halve.
  internal func threshold(upTo code: UInt16) -> Double {
    let end = scale.number(at: (start + (Double(code) + 1 - Self.lean) / density) / factor)
    let guess = min(max(end, lowest), highest).ordinal
    var (inside, outside) = (lowest.ordinal, highest.ordinal)
    var stride: Int64 = 1
    if self.code(of: Double(ordinal: guess)) <= code {
      inside = guess
      while inside < outside - stride, self.code(of: Double(ordinal: inside + stride)) <= code {
        inside += stride
        stride *= 2
      }
      outside = min(outside, inside + stride)
    } else {
      outside = guess
      while outside - stride > inside, self.code(of: Double(ordinal: outside - stride)) > code {
        outside -= stride
        stride *= 2
      }
      inside = max(inside, outside - stride)
    }
    while outside - inside > 1 {
      let middle = inside + (outside - inside) / 2
      if self.code(of: Double(ordinal: middle)) <= code { inside = middle } else { outside = middle }
    }
    return Double(ordinal: inside)
  }
}

extension Double {
  /// Neighbouring numbers have neighbouring ordinals; both zeros have 0.
  fileprivate var ordinal: Int64 {
    let bits = Int64(bitPattern: bitPattern)
    return bits >= 0 ? bits : .min - bits
  }

  fileprivate init(ordinal: Int64) {
    self.init(bitPattern: UInt64(bitPattern: ordinal >= 0 ? ordinal : .min - ordinal))
  }
}
