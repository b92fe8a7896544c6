internal import CKernels
internal import Linalg

/// The split of a node with the largest decrease of the squared error, over thresholds and sets of levels of the
/// features that are drawn.
///
/// Numeric features without missing values in the node are searched by the kernels, many at once. For others the rows are
/// summed by code. Levels are put in order of their mean target, after which the best set is a prefix of them:
/// Fisher, "On grouping for maximum homogeneity", JASA 53(284), 1958, doi:10.1080/01621459.1958.10501479.
internal struct BestSplitter: NodeSplitter, ~Copyable {
  private let ranked: RankCodes
  private let minSamplesLeaf: Int
  private let draw: FeatureDraw
  private let purpose: RandomPurpose
  private let seed: UInt64
  /// The numeric features of a node and their places in the order of the draw; whether values are missing in the node.
  private let numeric: Scratch<UInt32>
  private let numericPlaces: Scratch<UInt32>
  private let hasMissing: Scratch<UInt8>
  private let copies: Scratch<UInt16>
  private let grouper: RowGrouping
  internal private(set) var leftLevels: [UInt64] = []

  internal init(
    _ ranked: RankCodes, state: borrowing GrowthState, minSamplesLeaf: Int, maxFeatures: Double,
    purpose: RandomPurpose, seed: UInt64
  ) {
    self.ranked = ranked
    self.minSamplesLeaf = minSamplesLeaf
    self.purpose = purpose
    self.seed = seed
    draw = FeatureDraw(featureCount: ranked.columnCount, fraction: maxFeatures)
    numeric = Scratch(count: ranked.columnCount, repeating: 0)
    numericPlaces = Scratch(count: ranked.columnCount, repeating: 0)
    hasMissing = Scratch(count: ranked.columnCount, repeating: 0)
    copies = Scratch(count: kernels_cut_scratch(state.rows.count))
    grouper = RowGrouping(rowCount: state.rows.count, levels: ranked.widestCategory)
  }

  internal mutating func split(_ node: GrowingNode, of state: borrowing GrowthState) -> NodeSplit? {
    if node.rows.count == 2, let split = splitPair(node, of: state) { return split }
    var random = RandomStream(seed: seed, purpose: purpose, index: node.key)
    draw.begin(&random)
    var best = CodeCut()
    search(&best, node, of: state, places: 0..<draw.count, &random)
    for place in draw.count..<draw.featureCount where best.gain < 0 {
      search(&best, node, of: state, places: place..<place + 1, &random)
    }
    guard best.gain >= 0 else { return nil }
    return NodeSplit(
      feature: best.feature, gain: best.gain, threshold: threshold(best),
      rule: best.isSet ? .levels : isCategorical(best.feature) ? .values : .codes(last: best.last),
      missingGoesLeft: best.missingGoesLeft)
  }

  /// A cut between two codes, or by the set `leftLevels`.
  private struct CodeCut {
    var feature = 0
    /// In the order of the draw.
    var place = 0
    var gain = -1.0
    var last: UInt32 = 0
    var next: UInt32 = 0
    var isSet = false
    var missingGoesLeft = false

    /// Of equal ones that whose feature was drawn first.
    func isBetter(than other: CodeCut) -> Bool { gain > other.gain || (gain == other.gain && place < other.place) }
  }

  private func isCategorical(_ feature: Int) -> Bool { unsafe ranked.infos.pointer[feature].levels != nil }

  private func threshold(_ cut: CodeCut) -> Double {
    if cut.isSet { return 0 }
    if isCategorical(cut.feature) { return Double(cut.last) }
    return ranked.threshold(cut.feature, after: cut.last, before: cut.next)
  }

  /// Takes the best cut of the features in these places of the order, if it is better.
  private mutating func search(
    _ best: inout CodeCut, _ node: GrowingNode, of state: borrowing GrowthState, places: Range<Int>,
    _ random: inout RandomStream
  ) {
    var numericCount = 0
    for place in places {
      let feature = draw.feature(at: place, &random)
      if isCategorical(feature) {
        improve(&best, node, of: state, on: feature, place: place)
      } else {
        unsafe numeric.pointer[numericCount] = UInt32(feature)
        unsafe numericPlaces.pointer[numericCount] = UInt32(place)
        numericCount += 1
      }
    }
    guard numericCount > 0 else { return }
    let cut = cutNumeric(numericCount, node, of: state)
    if cut.isBetter(than: best) { best = cut }
    for index in 0..<numericCount where unsafe hasMissing.pointer[index] != 0 {
      unsafe improve(
        &best, node, of: state, on: Int(numeric.pointer[index]), place: Int(numericPlaces.pointer[index]))
    }
  }

  /// The best cut of the numeric features without missing values; marks the others.
  private func cutNumeric(_ count: Int, _ node: GrowingNode, of state: borrowing GrowthState) -> CodeCut {
    let found = unsafe state.withRows(of: node, least: minSamplesLeaf) { rows in
      if node.rows.count <= kernels_few_rows {
        return unsafe kernels_cut_of_few(ranked.rows.view, rows, numeric.pointer, count, hasMissing.pointer)
      }
      return unsafe kernels_cut_of_many(
        ranked.rows.view, rows, numeric.pointer, count, hasMissing.pointer, copies.pointer)
    }
    guard found.gain >= 0 else { return CodeCut() }
    return unsafe CodeCut(
      feature: Int(numeric.pointer[Int(found.place)]), place: Int(numericPlaces.pointer[Int(found.place)]),
      gain: found.gain, last: found.last, next: found.next,
      missingGoesLeft: found.left_weight >= node.weight - found.left_weight)
  }

  /// Two rows can only be parted, by whichever feature first tells them apart: all gain the same. nil where that is
  /// left to the general search.
  private func splitPair(_ node: GrowingNode, of state: borrowing GrowthState) -> NodeSplit? {
    var random = RandomStream(seed: seed, purpose: purpose, index: node.key)
    draw.begin(&random)
    let codes = ranked.rows
    let (first, second) = unsafe (
      codes.codes.pointer + Int(state.rows.pointer[node.rows.lowerBound]) * codes.stride,
      codes.codes.pointer + Int(state.rows.pointer[node.rows.lowerBound + 1]) * codes.stride
    )
    for place in 0..<draw.featureCount {
      let feature = draw.feature(at: place, &random)
      let (one, other) = unsafe (UInt32(first[feature]), UInt32(second[feature]))
      if isCategorical(feature) || max(one, other) == RowCodes.missing { return nil }
      if one == other { continue }
      let left = unsafe state.centred.pointer[node.rows.lowerBound + (one < other ? 0 : 1)]
      let rest = node.weight - left.weight
      return NodeSplit(
        feature: feature, gain: left.value * left.value / (left.weight * rest),
        threshold: ranked.threshold(feature, after: min(one, other), before: max(one, other)),
        rule: .codes(last: min(one, other)), missingGoesLeft: left.weight >= rest)
    }
    return nil
  }
}

// Features of which the rows are summed by code: categories, and numbers of which some are missing in the node.
extension BestSplitter {
  private mutating func improve(
    _ best: inout CodeCut, _ node: GrowingNode, of state: borrowing GrowthState, on feature: Int, place: Int
  ) {
    let levels = unsafe ranked.infos.pointer[feature].levels
    let rows = unsafe UnsafeBufferPointer(start: state.rows.pointer + node.rows.lowerBound, count: node.rows.count)
    let targets = unsafe state.centred.pointer + node.rows.lowerBound
    let (groupCount, missing): (Int, GroupSums)
    if let levels {
      let column = unsafe state.data.x.pointer + feature
      let stride = state.data.featureCount
      (groupCount, missing) = unsafe grouper.group(rows, targets, levels: levels) { row in
        let element = unsafe column[row * stride]
        return element.isNaN ? UInt32(levels) : UInt32(element)
      }
    } else {
      (groupCount, missing) = unsafe grouper.group(rows, targets, codes: ranked.rows, column: feature)
    }
    guard groupCount > (missing.count > 0 ? 0 : 1) else { return }
    let groups = unsafe UnsafeMutableBufferPointer(start: grouper.groups.pointer, count: groupCount)
    unsafe improve(&best, groups, missing, node, on: feature, levels: levels, place: place)
  }

  /// Takes the best cut of the groups, if it is better.
  @unsafe private mutating func improve(
    _ best: inout CodeCut, _ groups: UnsafeMutableBufferPointer<GroupSums>, _ missing: GroupSums, _ node: GrowingNode,
    on feature: Int, levels: Int?, place: Int
  ) {
    let setLevels = levels.flatMap { LevelSet.isWorthwhile(levels: $0, rows: node.rows.count) ? $0 : nil }
    if setLevels != nil { unsafe GroupSums.sortByMean(groups) }
    let groups = UnsafeBufferPointer(groups)
    let cut = unsafe GroupCut.best(
      of: groups, missing: missing, count: node.rows.count, weight: node.weight, minSamplesLeaf: minSamplesLeaf)
    guard let cut else { return }
    let found = unsafe CodeCut(
      feature: feature, place: place, gain: cut.gain, last: groups[cut.left - 1].code,
      next: cut.left < groups.count ? groups[cut.left].code : RowCodes.missing, isSet: setLevels != nil,
      missingGoesLeft: cut.missingGoesLeft)
    guard found.isBetter(than: best) else { return }
    if let setLevels { unsafe leftLevels = LevelSet.left(cut, of: groups, levels: setLevels) }
    best = found
  }
}
