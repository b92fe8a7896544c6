internal import Linalg

/// The split of a node with the largest decrease of the squared error, over all thresholds and sets of levels of the
/// features that are drawn: exact, no bins.
///
/// A numeric column with many values keeps its rows in order, partitioned along with the nodes, so that a node reads
/// its sums in one pass; a node of few rows sorts them itself. Columns with few values and categories are summed by
/// code in a table. Levels are put in order of their mean target, after which the best set is a prefix of them:
/// Fisher, "On grouping for maximum homogeneity", JASA 53(284), 1958, doi:10.1080/01621459.1958.10501479.
internal struct BestSplitter: NodeSplitter, ~Copyable {
  /// Nodes with no more rows sort what they have and need no ordered columns.
  private static var smallNode: Int { 24 }

  private let ranked: RankedFeatures
  private let minSamplesLeaf: Int
  private var draw: FeatureDraw
  private let purpose: RandomPurpose
  private let seed: UInt64
  /// For each column that keeps its order, the rows of the bag in that order: lists of `rowCount` each.
  private let lists: Scratch<UInt32>
  private let rowCount: Int
  private let grouper: CodeGrouper
  internal private(set) var leftLevels: [UInt64] = []

  internal init(
    _ ranked: RankedFeatures, state: borrowing GrowthState, minSamplesLeaf: Int, maxFeatures: Double,
    purpose: RandomPurpose, seed: UInt64
  ) {
    self.ranked = ranked
    self.minSamplesLeaf = minSamplesLeaf
    self.purpose = purpose
    self.seed = seed
    draw = FeatureDraw(featureCount: ranked.columns.count, fraction: maxFeatures)
    let rowCount = state.rows.count
    let ordered = ranked.columns.filter(\.keepsOrder)
    lists = Scratch(count: ordered.count * rowCount, repeating: 0)
    for (list, column) in ordered.enumerated() {
      unsafe Self.select(column.order, inBagOf: state, to: lists.pointer + list * rowCount)
    }
    self.rowCount = rowCount
    let widest = ranked.columns.reduce(RankedColumn.tableLimit) { $1.keepsOrder ? $0 : max($0, $1.codeCount) }
    grouper = CodeGrouper(rowCount: rowCount, codeCount: widest)
  }

  /// The rows of `order` that are in the bag, which have a weight.
  @unsafe private static func select(
    _ order: [UInt32], inBagOf state: borrowing GrowthState, to list: UnsafeMutablePointer<UInt32>
  ) {
    let centred = unsafe state.centred.pointer
    unsafe order.withUnsafeBufferPointer { order in
      var count = 0
      for index in order.indices {
        let row = unsafe order[index]
        guard unsafe centred[Int(row)].weight > 0 else { continue }
        unsafe list[count] = row
        count += 1
      }
    }
  }

  internal mutating func split(_ node: GrowingNode, of state: borrowing GrowthState) -> NodeSplit? {
    var random = RandomStream(seed: seed, purpose: purpose, index: node.key)
    draw.begin(&random)
    var best = CodeCut()
    for place in 0..<draw.featureCount {
      if place >= draw.count && best.gain >= 0 { break }
      let feature = draw.feature(at: place, &random)
      improve(&best, node, of: state, on: feature)
    }
    guard best.gain >= 0 else { return nil }
    return NodeSplit(
      feature: best.feature, gain: best.gain, threshold: best.isSet ? nil : threshold(best),
      missingGoesLeft: best.missingGoesLeft)
  }

  /// A cut between two codes, or by the set `leftLevels`.
  private struct CodeCut {
    var feature = 0
    var gain = -1.0
    var last: UInt32 = 0
    var next: UInt32 = 0
    var isSet = false
    var missingGoesLeft = false
  }

  private func threshold(_ cut: CodeCut) -> Double {
    if unsafe ranked.infos.pointer[cut.feature].isCategorical { return Double(cut.last) }
    return ranked.columns[cut.feature].threshold(after: cut.last, before: cut.next)
  }

  /// Takes the best cut on one feature, if it is better.
  private mutating func improve(
    _ best: inout CodeCut, _ node: GrowingNode, of state: borrowing GrowthState, on feature: Int
  ) {
    let column = unsafe ranked.infos.pointer[feature]
    let count = node.rows.count
    let (groupCount, missing): (Int, LevelSums)
    if count > Self.smallNode, let list = column.list {
      if !column.hasMissing { return scan(list, node, of: state, on: feature, &best) }
      (groupCount, missing) = unsafe groupList(list, node, of: state, on: feature)
    } else {
      let rows = unsafe UnsafeBufferPointer(start: state.rows.pointer + node.rows.lowerBound, count: count)
      let codes = unsafe ranked.codes.pointer + feature
      let stride = ranked.infos.count
      (groupCount, missing) = unsafe grouper.group(
        rows, codeCount: column.codeCount, hasTable: column.list == nil, targets: state.centred.pointer
      ) { row in unsafe codes[row * stride] }
    }
    guard groupCount > (missing.count > 0 ? 0 : 1) else { return }
    unsafe improve(
      &best, UnsafeMutableBufferPointer(start: grouper.groups.pointer, count: groupCount), missing, node, on: feature)
  }

  /// Takes the best cut of the groups, if it is better.
  @unsafe private mutating func improve(
    _ best: inout CodeCut, _ groups: UnsafeMutableBufferPointer<LevelSums>, _ missing: LevelSums, _ node: GrowingNode,
    on feature: Int
  ) {
    let column = unsafe ranked.infos.pointer[feature]
    let isSet = column.isCategorical && LevelSet.isWorthwhile(levels: column.codeCount, rows: node.rows.count)
    if isSet { unsafe LevelSums.sortByMean(groups) }
    let groups = UnsafeBufferPointer(groups)
    let cut = unsafe GroupCut.best(
      of: groups, missing: missing, count: node.rows.count, weight: node.weight, minSamplesLeaf: minSamplesLeaf)
    guard let cut, cut.gain > best.gain else { return }
    if isSet { unsafe leftLevels = LevelSet.left(cut, of: groups, levels: column.codeCount) }
    best = unsafe CodeCut(
      feature: feature, gain: cut.gain, last: groups[cut.left - 1].code,
      next: cut.left < groups.count ? groups[cut.left].code : column.missingCode, isSet: isSet,
      missingGoesLeft: cut.missingGoesLeft)
  }

  internal mutating func divide(_ node: GrowingNode, leftCount: Int, of state: borrowing GrowthState) {
    guard max(leftCount, node.rows.count - leftCount) > Self.smallNode else { return }
    for list in 0..<(rowCount > 0 ? lists.count / rowCount : 0) {
      state.partition(lists, offset: list * rowCount, node.rows)
    }
  }
}

// The passes over the rows of a node.
extension BestSplitter {
  /// All cuts of an ordered column without missing values. Whether neighbours differ is only asked of a cut that would
  /// be the best so far, which is rare.
  private func scan(
    _ list: Int, _ node: GrowingNode, of state: borrowing GrowthState, on feature: Int, _ best: inout CodeCut
  ) {
    let rows = unsafe lists.pointer + list * rowCount + node.rows.lowerBound
    let centred = unsafe state.centred.pointer
    let codes = unsafe ranked.codes.pointer + feature
    let stride = ranked.infos.count
    let count = node.rows.count
    guard unsafe codes[Int(rows[0]) * stride] != codes[Int(rows[count - 1]) * stride] else { return }
    var (residual, weight) = (0.0, 0.0)
    var (bestGain, bestLeft, bestWeight) = (best.gain, 0, 0.0)
    for index in 0..<count - minSamplesLeaf {
      let target = unsafe centred[Int(rows[index])]
      residual += target.residual
      weight += target.weight
      let gain = residual * residual / (weight * (node.weight - weight))
      guard gain > bestGain, index + 1 >= minSamplesLeaf else { continue }
      guard unsafe codes[Int(rows[index]) * stride] != codes[Int(rows[index + 1]) * stride] else { continue }
      (bestGain, bestLeft, bestWeight) = (gain, index + 1, weight)
    }
    guard bestLeft > 0 else { return }
    best = unsafe CodeCut(
      feature: feature, gain: bestGain, last: codes[Int(rows[bestLeft - 1]) * stride],
      next: codes[Int(rows[bestLeft]) * stride], missingGoesLeft: bestWeight >= node.weight - bestWeight)
  }

  /// The sums of each value, in order, of an ordered column; the missing rows are its last.
  @unsafe private func groupList(
    _ list: Int, _ node: GrowingNode, of state: borrowing GrowthState, on feature: Int
  ) -> (groups: Int, missing: LevelSums) {
    let rows = unsafe lists.pointer + list * rowCount
    let codes = unsafe ranked.codes.pointer + feature
    return unsafe grouper.collect(count: node.rows.count, missingCode: ranked.infos.pointer[feature].missingCode) {
      index in
      let row = unsafe Int(rows[node.rows.lowerBound + index])
      return unsafe (codes[row * ranked.infos.count], state.centred.pointer[row])
    }
  }
}
