internal import CKernels

/// A row's number and its weight: y and w, or w (y - mean of a node) and w.
internal typealias GrowthTarget = KernelsTarget

/// The rows of one tree while it grows, in the order of its nodes: those of a node lie together, in ascending order.
internal struct GrowthState: ~Copyable {
  internal let data: GrowthRows
  internal let codes: RowCodes
  /// The rows in the bag.
  internal let rows: Scratch<UInt32>
  /// By place in `rows`: w (z - mean of the node) and w, z being the target's position (`GrowthRows`).
  internal let centred: Scratch<GrowthTarget>
  /// By place in `rows`: z and w.
  private let targets: Scratch<GrowthTarget>
  private let sides: Scratch<UInt8>
  private let spareRows: Scratch<UInt32>
  private let spareTargets: Scratch<GrowthTarget>

  /// - Parameter draws: how often each row is in the bag; nil: once.
  internal init(_ data: GrowthRows, codes: RowCodes, draws: [UInt32]?) {
    self.data = data
    self.codes = codes
    let inBag = (0..<UInt32(data.rowCount)).filter { (draws?[Int($0)] ?? 1) > 0 }
    rows = Scratch(inBag)
    targets = Scratch(
      inBag.map { row in
        let times = Double(draws?[Int(row)] ?? 1)
        return unsafe GrowthTarget(
          value: data.positions.pointer[Int(row)], weight: data.weights.pointer[Int(row)] * times)
      })
    centred = Scratch(count: inBag.count)
    sides = Scratch(count: inBag.count)
    spareRows = Scratch(count: inBag.count)
    spareTargets = Scratch(count: inBag.count)
  }

  /// Sum of weights, and whether all targets are the same; else centres their positions on the mean.
  internal func centre(_ range: Range<Int>) -> (weight: Double, isPure: Bool) {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows.count && !range.isEmpty, "GrowthState: \(range)")
    let targets = unsafe targets.pointer
    let first = unsafe targets[range.lowerBound].value
    guard range.count > 1 else { return unsafe (targets[range.lowerBound].weight, true) }
    var (lowest, highest, weight, sum) = (first, first, 0.0, 0.0)
    for index in range {
      let target = unsafe targets[index]
      lowest = target.value < lowest ? target.value : lowest
      highest = target.value > highest ? target.value : highest
      weight += target.weight
      sum += target.weight * target.value
    }
    guard lowest < highest else { return (weight, isPureToTheBit(range)) }
    let mean = min(max(sum / weight, lowest), highest)
    let centred = unsafe centred.pointer
    for index in range {
      let target = unsafe targets[index]
      unsafe centred[index] = GrowthTarget(value: target.weight * (target.value - mean), weight: target.weight)
    }
    return (weight, false)
  }

  /// Of targets with one position: whether they are the same. If not, these are centred, so that they too are told apart.
  private func isPureToTheBit(_ range: Range<Int>) -> Bool {
    let (first, targets) = unsafe (target(at: range.lowerBound), targets.pointer)
    if range.allSatisfy({ target(at: $0) == first }) { return true }
    let mean = mean(of: range)
    for index in range {
      let weight = unsafe targets[index].weight
      unsafe centred.pointer[index] = GrowthTarget(
        value: weight * ((target(at: index) - mean) / data.positionUnit), weight: weight)
    }
    return false
  }

  /// What a leaf of these rows predicts: the mean of their targets, not of the positions; of equal ones to the bit.
  internal func mean(of range: Range<Int>) -> Double {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows.count && !range.isEmpty, "GrowthState: \(range)")
    let first = target(at: range.lowerBound)
    guard range.count > 1 else { return first }
    var (lowest, highest, weight, sum) = (first, first, 0.0, 0.0)
    for index in range {
      let (target, own) = unsafe (target(at: index), targets.pointer[index].weight)
      lowest = target < lowest ? target : lowest
      highest = target > highest ? target : highest
      weight += own
      sum += own * target
    }
    return lowest < highest ? min(max(sum / weight, lowest), highest) : first
  }

  @inline(__always)
  private func target(at place: Int) -> Double { unsafe data.targets.pointer[Int(rows.pointer[place])] }

  /// The rows of a node as the kernels take them.
  @unsafe internal func withRows<Result>(
    of node: GrowingNode, least: Int, _ body: (UnsafePointer<KernelsRows>) -> Result
  ) -> Result {
    var view = unsafe KernelsRows(
      rows: rows.pointer + node.rows.lowerBound, targets: centred.pointer + node.rows.lowerBound,
      count: node.rows.count, weight: node.weight, least: least)
    return unsafe body(&view)
  }

  /// Moves the rows that go left to the front, all in their order. Returns how many they are.
  internal func divide(_ range: Range<Int>, by split: NodeSplit, leftLevels: [UInt64]) -> Int {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows.count, "GrowthState: \(range)")
    let items = unsafe rows.pointer + range.lowerBound
    switch split.rule {
    case .codes(let last):
      unsafe kernels_mark_sides(
        sides.pointer, codes.codes.pointer + split.feature, codes.stride, items, range.count, last,
        split.missingGoesLeft ? 1 : 0)
    case .values:
      unsafe mark(items, range.count, split) { $0 <= split.threshold }
    case .levels:
      unsafe mark(items, range.count, split) { level in
        leftLevels[Int(level) / 64] >> UInt64(Int(level) % 64) & 1 == 1
      }
    }
    return unsafe kernels_part_node(
      items, targets.pointer + range.lowerBound, sides.pointer, range.count, spareRows.pointer, spareTargets.pointer)
  }

  @unsafe private func mark(
    _ rows: UnsafePointer<UInt32>, _ count: Int, _ split: NodeSplit, _ goesLeft: (Double) -> Bool
  ) {
    let column = unsafe data.x.pointer + split.feature
    for index in 0..<count {
      let element = unsafe column[Int(rows[index]) * data.featureCount]
      unsafe sides.pointer[index] = (element.isNaN ? split.missingGoesLeft : goesLeft(element)) ? 1 : 0
    }
  }
}
