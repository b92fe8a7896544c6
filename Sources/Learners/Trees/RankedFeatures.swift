internal import Linalg

/// The columns of `GrowthRows` as ranks: what a search for the best threshold compares.
///
/// The code of an element is the rank of its value among the distinct values of its column (numeric) or its level
/// (categorical); a missing one has the code after the last. Cost: O(rows) a column by radix sort; memory: 4 bytes an
/// element and again 4 for columns that are kept in order.
internal final class RankedFeatures: Sendable {
  /// rows x features, row-major: a node of few rows reads few cache lines.
  internal let codes: Scratch<UInt32>
  /// What a splitter asks of a column; no array in it, so that no inner loop counts references.
  internal let infos: Scratch<ColumnInfo>
  internal let columns: [RankedColumn]

  internal init(_ rows: GrowthRows) {
    let columns = Parallel.map(rows.featureCount) { RankedColumn(rows, column: $0) }
    codes = Scratch(count: rows.rowCount * rows.featureCount, repeating: 0)
    let target = unsafe Disjoint(pointer: codes.pointer)
    Parallel.forEach(rows.rowCount, cost: Double(rows.featureCount), minimum: 256) { range in
      for (column, ranked) in columns.enumerated() {
        for row in range { unsafe target.pointer[row * columns.count + column] = ranked.codes[row] }
      }
    }
    self.columns = columns.map { $0.withoutCodes() }
    var listCount = 0
    infos = Scratch(
      columns.enumerated().map { index, column in
        if column.keepsOrder { listCount += 1 }
        return ColumnInfo(
          codeCount: column.codeCount, list: column.keepsOrder ? listCount - 1 : nil,
          isCategorical: column.isCategorical, hasMissing: rows.hasMissing[index])
      })
  }

  /// Memory of which every thread writes its own rows.
  @safe private struct Disjoint: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<UInt32>
    @unsafe init(pointer: UnsafeMutablePointer<UInt32>) { unsafe self.pointer = pointer }
  }
}

internal struct ColumnInfo: BitwiseCopyable {
  /// Number of codes without that of the missing, which follows them.
  internal let codeCount: Int
  /// Which of the columns that keep their order it is.
  internal let list: Int?
  internal let isCategorical: Bool
  internal let hasMissing: Bool

  internal var missingCode: UInt32 { UInt32(codeCount) }
}

/// One ranked column.
internal struct RankedColumn: Sendable {
  /// Numeric columns with more distinct values keep their rows in order; fewer are counted in a table.
  internal static let tableLimit = 128

  /// Number of codes without that of the missing, which follows them.
  internal let codeCount: Int
  /// Ascending distinct values by code; empty for a categorical column.
  internal let values: [Double]
  /// Row numbers by ascending code, equal ones by row; empty where the column is counted in a table.
  internal let order: [UInt32]
  fileprivate let codes: [UInt32]

  internal var isCategorical: Bool { values.isEmpty && codeCount > 0 }
  internal var keepsOrder: Bool { !order.isEmpty }
  internal var missingCode: UInt32 { UInt32(codeCount) }

  private init(codeCount: Int, values: [Double], order: [UInt32], codes: [UInt32]) {
    self.codeCount = codeCount
    self.values = values
    self.order = order
    self.codes = codes
  }

  fileprivate init(_ rows: GrowthRows, column: Int) {
    let numbers = rows.column(column)
    if case .categorical(let levels) = rows.kinds[column] {
      let codes = numbers.map { $0.isNaN ? UInt32(levels) : UInt32($0) }
      self.init(codeCount: levels, values: [], order: [], codes: codes)
      return
    }
    let order = RadixSort.order(of: numbers.map(\.sortKey))
    var codes = [UInt32](repeating: 0, count: numbers.count)
    var values: [Double] = []
    for row in order {
      let number = numbers[Int(row)]
      if !number.isNaN && number != values.last { values.append(number) }
      codes[Int(row)] = number.isNaN ? UInt32(values.count) : UInt32(values.count - 1)
    }
    let isTable = values.count <= Self.tableLimit
    self.init(codeCount: values.count, values: values, order: isTable ? [] : order, codes: codes)
  }

  fileprivate func withoutCodes() -> RankedColumn {
    RankedColumn(codeCount: codeCount, values: values, order: order, codes: [])
  }

  /// A number t with values[code] ≤ t < values[next]: halfway, unless rounding would reach the upper one.
  internal func threshold(after code: UInt32, before next: UInt32) -> Double {
    guard next < missingCode else { return .greatestFiniteMagnitude }
    let lower = values[Int(code)]
    let upper = values[Int(next)]
    let middle = lower / 2 + upper / 2
    return middle >= lower && middle < upper ? middle : lower
  }
}

extension Double {
  /// Orders like the number, -0 like 0, NaN after all others.
  fileprivate var sortKey: UInt64 {
    guard !isNaN else { return .max }
    let bits = (self + 0).bitPattern
    return bits >> 63 == 1 ? ~bits : bits | 1 << 63
  }
}

/// Least-significant-digit radix sort; digits that all keys share are skipped.
internal enum RadixSort {
  private static let digitBits = 11

  /// The indices of the keys in ascending order, equal keys by index. O(keys).
  internal static func order(of keys: [UInt64]) -> [UInt32] {
    var order = (0..<UInt32(keys.count)).map { $0 }
    var next = order
    for shift in stride(from: 0, to: 64, by: digitBits) {
      var starts = [Int](repeating: 0, count: 1 << digitBits)
      for key in keys { starts[digit(key, shift)] += 1 }
      if starts.contains(keys.count) { continue }
      var sum = 0
      for index in starts.indices { (starts[index], sum) = (sum, sum + starts[index]) }
      for item in order {
        let digit = digit(keys[Int(item)], shift)
        next[starts[digit]] = item
        starts[digit] += 1
      }
      swap(&order, &next)
    }
    return order
  }

  private static func digit(_ key: UInt64, _ shift: Int) -> Int {
    Int(truncatingIfNeeded: key >> UInt64(shift)) & (1 << digitBits - 1)
  }
}
