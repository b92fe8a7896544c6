internal import Linalg

/// The columns of `GrowthRows` as ranks: what a search for the best threshold compares.
///
/// The code of a number is the rank of its value among the distinct values of its column. Where these are more than there
/// are codes, 65,535, neighbouring values share one, about as many each. Cost: O(rows) a column by radix sort; memory: 2
/// bytes an element, and 16 a distinct value.
internal final class RankCodes: Sendable {
  internal let rows: RowCodes
  /// What a splitter asks of a column; no array in it, so that no inner loop counts references.
  internal let infos: Scratch<ColumnInfo>
  /// The largest and the smallest value with each code, column after column.
  private let largest: Scratch<Double>
  private let smallest: Scratch<Double>

  internal init(_ rows: GrowthRows) {
    let columns = Parallel.map(rows.featureCount) { RankedColumn(rows, column: $0) }
    self.rows = RowCodes(rowCount: rows.rowCount, columns: columns.map(\.codes))
    largest = Scratch(columns.flatMap(\.largest))
    smallest = Scratch(columns.flatMap(\.smallest))
    var first = 0
    infos = Scratch(
      columns.indices.map { column in
        defer { first += columns[column].largest.count }
        let codeCount = columns[column].largest.count
        if case .categorical(let levels) = rows.kinds[column] {
          return ColumnInfo(levels: levels, first: first, codeCount: codeCount)
        }
        return ColumnInfo(levels: nil, first: first, codeCount: codeCount)
      })
  }

  internal var columnCount: Int { infos.count }
  internal var widestCategory: Int { (0..<infos.count).reduce(0) { max($0, infos[$1].levels ?? 0) } }

  /// A number t so that values of code `last` are ≤ t and those of `next` above: halfway, unless rounding would reach
  /// the upper one.
  internal func threshold(_ column: Int, after last: UInt32, before next: UInt32) -> Double {
    guard next < RowCodes.missing else { return .greatestFiniteMagnitude }
    let info = infos[column]
    precondition(
      Int(next) < info.codeCount && last < next, "RankCodes: codes \(last), \(next) of \(info.codeCount)")
    let lower = unsafe largest.pointer[info.first + Int(last)]
    let upper = unsafe smallest.pointer[info.first + Int(next)]
    return UnitFree.threshold(between: lower, and: upper)
  }
}

internal struct ColumnInfo: BitwiseCopyable {
  /// Of a categorical column.
  internal let levels: Int?
  /// Where the values of its codes begin, and how many they are.
  internal let first: Int
  internal let codeCount: Int
}

/// The values of one column by code.
private struct RankedColumn: Sendable {
  /// The largest and the smallest value with each code; both empty for a categorical column.
  private(set) var largest: [Double] = []
  private(set) var smallest: [Double] = []
  private(set) var codes: [UInt16]

  init(_ rows: GrowthRows, column: Int) {
    codes = [UInt16](repeating: 0, count: rows.rowCount)
    guard case .numeric = rows.kinds[column] else { return }
    let numbers = rows.column(column)
    let order = RadixSort.order(of: numbers.map(\.sortKey))
    var values: [Double] = []
    var ranks = [UInt32](repeating: 0, count: numbers.count)
    for row in order {
      let number = numbers[Int(row)]
      if !number.isNaN && number != values.last { values.append(number) }
      ranks[Int(row)] = number.isNaN ? .max : UInt32(values.count - 1)
    }
    let distinct = values.count
    let codeCount = min(distinct, RowCodes.limit)
    for row in ranks.indices {
      let rank = ranks[row]
      codes[row] = UInt16(rank == .max ? Int(RowCodes.missing) : Int(rank) * codeCount / distinct)
    }
    largest = values
    smallest = values
    guard codeCount < distinct else { return }
    // Code c has the ranks r with r codeCount / distinct = c, rounded down.
    let starts = (0...codeCount).map { ($0 * distinct + codeCount - 1) / codeCount }
    smallest = starts.dropLast().map { values[$0] }
    largest = starts.dropFirst().map { values[$0 - 1] }
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
