/// w (y - mean) and w of a row.
internal struct CentredTarget: BitwiseCopyable {
  internal var residual: Double
  internal var weight: Double
}

/// The rows of one tree while it grows, in the order of its nodes.
internal struct GrowthState: ~Copyable {
  internal let data: GrowthRows
  /// The rows in the bag; those of a node lie together, in ascending order.
  internal let rows: Scratch<UInt32>
  /// By row of `data`.
  internal let centred: Scratch<CentredTarget>
  internal let goesLeft: Scratch<UInt8>
  internal let spare: Scratch<UInt32>

  /// - Parameter draws: how often each row is in the bag; nil: once.
  internal init(_ data: GrowthRows, draws: [UInt32]?) {
    self.data = data
    let inBag = (0..<UInt32(data.rowCount)).filter { (draws?[Int($0)] ?? 1) > 0 }
    rows = Scratch(inBag)
    centred = Scratch(count: data.rowCount, repeating: CentredTarget(residual: 0, weight: 0))
    goesLeft = Scratch(count: data.rowCount, repeating: 0)
    spare = Scratch(count: inBag.count, repeating: 0)
    for row in inBag {
      let row = Int(row)
      unsafe centred.pointer[row].weight = data.weights.pointer[row] * Double(draws?[row] ?? 1)
    }
  }

  /// Weight and mean target of the rows, and whether all targets are the same; centres their targets on the mean.
  internal func centre(_ range: Range<Int>) -> (weight: Double, mean: Double, isPure: Bool) {
    unsafe centre(range, rows.pointer, centred.pointer, data.targets.pointer)
  }

  @unsafe private func centre(
    _ range: Range<Int>, _ rows: UnsafePointer<UInt32>, _ centred: UnsafeMutablePointer<CentredTarget>,
    _ targets: UnsafePointer<Double>
  ) -> (weight: Double, mean: Double, isPure: Bool) {
    let first = unsafe targets[Int(rows[range.lowerBound])]
    var (lowest, highest, weight, sum) = (first, first, 0.0, 0.0)
    for index in range {
      let row = unsafe Int(rows[index])
      let target = unsafe targets[row]
      lowest = min(lowest, target)
      highest = max(highest, target)
      weight += unsafe centred[row].weight
      sum += unsafe centred[row].weight * target
    }
    guard lowest < highest else { return (weight, first, true) }
    let mean = min(max(sum / weight, lowest), highest)
    for index in range {
      let row = unsafe Int(rows[index])
      unsafe centred[row].residual = unsafe centred[row].weight * (targets[row] - mean)
    }
    return (weight, mean, false)
  }

  /// Sets `goesLeft` of the rows by the words of a tree's node, then moves those that go left to the front.
  /// Returns how many they are.
  internal func divide(_ range: Range<Int>, by split: NodeSplit, leftLevels: [UInt64]) -> Int {
    unsafe leftLevels.withUnsafeBufferPointer { levels in
      unsafe mark(range, split, rows.pointer, data.x.pointer + split.feature, levels)
    }
    return partition(rows, range)
  }

  @unsafe private func mark(
    _ range: Range<Int>, _ split: NodeSplit, _ rows: UnsafePointer<UInt32>, _ column: UnsafePointer<Double>,
    _ levels: UnsafeBufferPointer<UInt64>
  ) {
    let side = unsafe goesLeft.pointer
    let threshold = split.threshold ?? 0
    let isNumeric = split.threshold != nil
    for index in range {
      let row = unsafe Int(rows[index])
      let element = unsafe column[row * data.featureCount]
      let left: Bool
      if element.isNaN {
        left = split.missingGoesLeft
      } else if isNumeric {
        left = element <= threshold
      } else {
        let level = Int(element)
        left = unsafe levels[level / 64] >> UInt64(level % 64) & 1 == 1
      }
      unsafe side[row] = left ? 1 : 0
    }
  }

  /// Moves the rows of `range` in `list` that go left before those that do not, each in their order.
  @discardableResult
  internal func partition(_ list: borrowing Scratch<UInt32>, offset: Int = 0, _ range: Range<Int>) -> Int {
    let items = unsafe list.pointer + offset
    let side = unsafe goesLeft.pointer
    let right = unsafe spare.pointer
    var left = range.lowerBound
    var rightCount = 0
    for index in range {
      let row = unsafe items[index]
      let goes = unsafe Int(side[Int(row)])
      unsafe items[left] = row
      unsafe right[rightCount] = row
      left += goes
      rightCount += 1 - goes
    }
    unsafe (items + left).update(from: right, count: rightCount)
    return left - range.lowerBound
  }
}
