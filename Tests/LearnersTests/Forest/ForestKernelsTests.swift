import CKernels
import Linalg
import Testing

/// The kernels against the plain search of every cut.
@Suite struct ForestKernelsTests {
  /// Sums of up to 1,000 numbers of size 1 in another order.
  static let roundingTolerance = 1e-10

  /// Rows with codes below `codes`, of which the last column has a missing one in every tenth row.
  struct Node {
    var codes: [UInt16]
    let stride: Int
    let rows: [UInt32]
    let targets: [KernelsTarget]
    let least: Int
    var weight: Double { targets.reduce(0) { $0 + $1.weight } }

    init(rows count: Int, stride: Int, codes: Int, least: Int, seed: UInt64) {
      var random = RandomStream(seed: seed, purpose: RandomPurpose("test.kernels"))
      self.codes = (0..<2 * count * stride).map { _ in UInt16(random.uniform(below: codes)) }
      for row in 0..<2 * count where row % 10 < 2 { self.codes[row * stride + stride - 1] = 0xFFFF }
      self.stride = stride
      self.least = least
      rows = (0..<count).map { UInt32(2 * $0 + random.uniform(below: 2)) }
      let weights = (0..<count).map { _ in Double(1 + random.uniform(below: 3)) * 0.7 }
      let values = (0..<count).map { _ in random.normal() }
      let mean = zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
      targets = zip(weights, values).map { KernelsTarget(value: $0 * ($1 - mean), weight: $0) }
    }

    func code(_ row: Int, _ column: Int) -> UInt16 { codes[Int(rows[row]) * stride + column] }

    /// Calls a kernel with the node; traps where it writes beyond `columns`.
    func cut(
      columns: [UInt32],
      _ kernel: (KernelsCodes, UnsafePointer<KernelsRows>, UnsafeMutablePointer<UInt8>) -> KernelsCodeCut
    ) -> (cut: KernelsCodeCut, hasMissing: [Bool]) {
      var marks = [UInt8](repeating: 7, count: columns.count)
      let cut = unsafe withView { view, rows in
        unsafe marks.withUnsafeMutableBufferPointer { unsafe kernel(view, rows, $0.baseAddress!) }
      }
      return (cut, marks.map { $0 != 0 })
    }

    func withView<Result>(_ body: (KernelsCodes, UnsafePointer<KernelsRows>) -> Result) -> Result {
      unsafe codes.withUnsafeBufferPointer { codes in
        unsafe rows.withUnsafeBufferPointer { rows in
          unsafe targets.withUnsafeBufferPointer { targets in
            var view = unsafe KernelsRows(
              rows: rows.baseAddress, targets: targets.baseAddress, count: rows.count, weight: weight, least: least)
            return unsafe body(KernelsCodes(codes: codes.baseAddress, stride: stride), &view)
          }
        }
      }
    }

    /// Gain of the cut after a code; nil where it is none.
    func gain(column: Int, last: UInt32) -> Double? {
      let left = rows.indices.filter { code($0, column) <= last }
      guard left.count >= least, rows.count - left.count >= least else { return nil }
      let (sum, part) = left.reduce((0.0, 0.0)) { ($0.0 + targets[$1].value, $0.1 + targets[$1].weight) }
      return sum * sum / (part * (weight - part))
    }

    func bestGain(columns: [UInt32]) -> Double? {
      columns.flatMap { column in
        Set(rows.indices.map { code($0, Int(column)) }).sorted().dropLast().compactMap {
          gain(column: Int(column), last: UInt32($0))
        }
      }.max()
    }
  }

  /// Checks that a cut is one, with the gain that it says.
  private func expectHonest(_ cut: KernelsCodeCut, _ node: Node, _ columns: [UInt32]) throws {
    let column = Int(columns[Int(cut.place)])
    let gain = try #require(node.gain(column: column, last: cut.last))
    #expect(abs(gain - cut.gain) < Self.roundingTolerance)
    let codes = node.rows.indices.map { UInt32(node.code($0, column)) }
    #expect(codes.contains(cut.last))
    #expect(codes.filter { $0 > cut.last }.min() == cut.next)
    let left = node.rows.indices.filter { codes[$0] <= cut.last }.reduce(0) { $0 + node.targets[$1].weight }
    #expect(abs(left - cut.left_weight) < Self.roundingTolerance)
  }

  @Test(arguments: [2, 3, 5, 8, 9, 17, 40, 64], [1, 3])
  func fewRowsAreSearchedCompletely(rows: Int, least: Int) throws {
    for (seed, columnCount, codes) in [(1, 3, 4), (2, 8, 65_535), (3, 21, 30), (4, 33, 65_535)] {
      let node = Node(rows: rows, stride: 64, codes: codes, least: least, seed: UInt64(seed))
      let columns = (0..<UInt32(columnCount)).map { $0 * 62 / UInt32(columnCount) }
      let (cut, hasMissing) = unsafe node.cut(columns: columns) {
        unsafe kernels_cut_of_few($0, $1, columns, columns.count, $2)
      }
      #expect(!hasMissing.contains(true))
      guard rows >= 2 * least, let best = node.bestGain(columns: columns) else {
        #expect(rows < 2 * least || cut.gain < 0)
        continue
      }
      #expect(abs(cut.gain - best) < Self.roundingTolerance)
      try expectHonest(cut, node, columns)
    }
  }

  /// With up to 256 codes there is a bin for each.
  @Test(arguments: [65, 300, 1000], [1, 20])
  func manyRowsAreSearchedCompletelyWhereBinsAreCodes(rows: Int, least: Int) throws {
    for codes in [2, 250] {
      let node = Node(rows: rows, stride: 32, codes: codes, least: least, seed: UInt64(codes))
      let columns = (0..<18 as Range<UInt32>).map { $0 }
      let cut = many(node, columns).cut
      #expect(abs(cut.gain - (try #require(node.bestGain(columns: columns)))) < Self.roundingTolerance)
      try expectHonest(cut, node, columns)
    }
  }

  /// Beyond, at least as good as the best of the cuts between bins, of all columns.
  @Test(arguments: [65, 300, 1000], [1, 20])
  func manyRowsAreNarrowedToOneCode(rows: Int, least: Int) throws {
    for codes in [1000, 65_535] {
      let node = Node(rows: rows, stride: 32, codes: codes, least: least, seed: UInt64(codes + rows))
      let columns = (0..<18 as Range<UInt32>).map { $0 }
      let cut = many(node, columns).cut
      try expectHonest(cut, node, columns)
      let coarse = columns.flatMap { column in
        let own = node.rows.indices.map { UInt32(node.code($0, Int(column))) }
        let (low, high) = (own.min()!, own.max()!)
        let shift = (0..<16).first { (high - low) >> $0 < 256 }!
        return (1...((high - low) >> shift)).compactMap { node.gain(column: Int(column), last: low + $0 << shift - 1) }
      }
      #expect(cut.gain > (try #require(coarse.max())) - Self.roundingTolerance)
    }
  }

  private func many(_ node: Node, _ columns: [UInt32]) -> (cut: KernelsCodeCut, hasMissing: [Bool]) {
    var scratch = [UInt16](repeating: 0, count: kernels_cut_scratch(node.rows.count))
    return unsafe node.cut(columns: columns) {
      unsafe kernels_cut_of_many($0, $1, columns, columns.count, $2, &scratch)
    }
  }

  @Test(arguments: [12, 40, 200])
  func columnsWithMissingRowsAreLeftOut(rows: Int) {
    let node = Node(rows: rows, stride: 8, codes: 50, least: 1, seed: 9)
    let columns: [UInt32] = [7, 2, 7]
    let (cut, hasMissing) =
      rows > 64
      ? many(node, columns)
      : unsafe node.cut(columns: columns) { unsafe kernels_cut_of_few($0, $1, columns, columns.count, $2) }
    #expect(hasMissing == [true, false, true])
    #expect(cut.place == 1 && cut.gain >= 0)
  }

  /// Columns of all kinds: as usual, constant, of few steps, with missing rows.
  @Test(arguments: [8, 16, 32, 64], [3, 77])
  func randomCutsAreThoseOfOneColumnAfterTheOther(stride: Int, rows: Int) throws {
    var node = Node(rows: rows, stride: stride, codes: 1000, least: 1, seed: 4)
    for row in 0..<2 * rows {
      node.codes[row * stride + 1] = 17
      node.codes[row * stride + 2] %= 5
      node.codes[row * stride + 3] %= 5
    }
    var random = RandomStream(seed: 4, purpose: RandomPurpose("test.kernels"))
    let words = (0..<stride).map { _ in random.nextWord() }
    let enough = (0..<stride).map { UInt16($0 == 2 ? 16 : 0) }
    var limits = [UInt16](repeating: 0, count: stride)
    var (weights, gains) = ([Double](repeating: 0, count: stride), [Double](repeating: 0, count: stride))
    cutAtRandom(node, words, enough, &limits, &weights, &gains)
    for column in 0..<stride {
      let codes = node.rows.indices.map { node.code($0, column) }
      let (low, high) = (try #require(codes.min()), try #require(codes.max()))
      if high == 0xFFFF || high - low < enough[column] {
        #expect(gains[column] == kernels_cut_by_values)
        continue
      }
      guard low < high else {
        #expect(gains[column] == kernels_no_cut)
        continue
      }
      #expect(limits[column] == low + UInt16((UInt64(words[column]) * UInt64(high - low)) >> 32))
      let left = codes.indices.filter { codes[$0] <= limits[column] }.reduce(0) { $0 + node.targets[$1].weight }
      #expect(abs(weights[column] - left) < Self.roundingTolerance)
      let gain = try #require(node.gain(column: column, last: UInt32(limits[column])))
      #expect(abs(gains[column] - gain) < Self.roundingTolerance)
    }
    #expect(gains.contains(kernels_no_cut) && gains.contains(kernels_cut_by_values) && gains.contains { $0 >= 0 })
  }

  private func cutAtRandom(
    _ node: Node, _ words: [UInt32], _ enough: [UInt16], _ limits: inout [UInt16], _ weights: inout [Double],
    _ gains: inout [Double]
  ) {
    unsafe words.withUnsafeBufferPointer { words in
      unsafe enough.withUnsafeBufferPointer { enough in
        unsafe limits.withUnsafeMutableBufferPointer { limits in
          unsafe weights.withUnsafeMutableBufferPointer { weights in
            unsafe gains.withUnsafeMutableBufferPointer { gains in
              var cuts = unsafe KernelsRandomCuts(
                words: words.baseAddress, enough: enough.baseAddress, limits: limits.baseAddress,
                weights: weights.baseAddress, gains: gains.baseAddress)
              unsafe node.withView { codes, rows in unsafe kernels_cut_at_random(&cuts, codes, rows, words.count) }
            }
          }
        }
      }
    }
  }

  @Test(arguments: [1, 30, 300], [1, 200, 65_535])
  func codesAreSortedWithTheirIndices(count: Int, codes: Int) {
    let node = Node(rows: count, stride: 8, codes: codes, least: 1, seed: 5)
    var keys = [UInt64](repeating: 0, count: 2 * count)
    let sorted = unsafe node.withView { view, rows in
      unsafe keys.withUnsafeMutableBufferPointer { keys in
        let sorted = unsafe kernels_sort_codes(keys.baseAddress, view.codes, 8, rows.pointee.rows, count)
        return unsafe Array(UnsafeBufferPointer(start: sorted, count: count))
      }
    }
    #expect(sorted == node.rows.indices.map { UInt64(node.code($0, 0)) << 32 | UInt64($0) }.sorted())
  }
}
