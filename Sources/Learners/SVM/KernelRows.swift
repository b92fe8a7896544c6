internal import Linalg

/// Rows of the kernel matrix of the active points, computed when they are asked for and kept within a budget of bytes.
///
/// Rows are computed many at a time, by matrix products, on all threads that are free. Where the whole matrix fits the
/// budget nothing is ever dropped; else the rows that were not asked for the longest go first. Memory that no row has
/// come to use is never touched.
internal struct KernelRows: ~Copyable {
  let kernel: Kernel
  private var points: KernelPoints
  /// Elements from a row to the next; those past the points are 0.
  private var stride: Int
  private let memory: Scratch<Float>
  /// Where each active point's row is, -1 where it is not.
  private var slotOfRow: [Int]
  private var rowOfSlot: [Int] = []
  private var lastUse: [Int] = []
  private var clock = 0

  /// - Parameter bytes: the budget; two rows are kept even where it is too small for them.
  init(kernel: Kernel, points: KernelPoints, bytes: Int) {
    self.kernel = kernel
    self.points = points
    stride = DualState.padded(points.count)
    let rows = max(min(2, points.count), min(points.count, bytes / (stride * MemoryLayout<Float>.stride)))
    memory = Scratch(count: rows * stride)
    slotOfRow = Array(repeating: -1, count: points.count)
  }

  /// Rows that fit at the same time.
  private var capacity: Int { min(points.count, memory.count / stride) }

  /// k(row, all points), valid until the next but one call.
  ///
  /// While there is free memory, a row that is not held is computed together with some others that `isWanted`: one
  /// row alone costs almost as much as a few, for all points have to pass through the processor.
  mutating func row(_ row: Int, isWanted: (Int) -> Bool) -> UnsafePointer<Float> {
    if slotOfRow[row] < 0 { load(row, isWanted: isWanted) }
    clock += 1
    lastUse[slotOfRow[row]] = clock
    return unsafe UnsafePointer(memory.pointer + slotOfRow[row] * stride)
  }

  private mutating func load(_ row: Int, isWanted: (Int) -> Bool) {
    let free = capacity - rowOfSlot.count
    var wanted = [row]
    for step in 1..<max(1, points.count) {
      guard wanted.count < min(32, free) else { break }
      let other = (row + step) % points.count
      if slotOfRow[other] < 0 && isWanted(other) { wanted.append(other) }
    }
    let slots = free > 0 ? freshSlots(wanted.count) : [dropOldest()]
    assign(wanted, slots)
    compute(wanted, into: slots)
  }

  /// Computes all rows at once, by large products, if none ever has to be dropped.
  mutating func loadAllIfTheyFit() {
    guard capacity == points.count else { return }
    let missing = slotOfRow.indices.filter { slotOfRow[$0] < 0 }
    let slots = freshSlots(missing.count)
    assign(missing, slots)
    compute(missing, into: slots)
  }

  private mutating func freshSlots(_ count: Int) -> [Int] {
    let slots = Array(rowOfSlot.count..<rowOfSlot.count + count)
    rowOfSlot += Array(repeating: -1, count: count)
    lastUse += Array(repeating: 0, count: count)
    return slots
  }

  /// Forgets the row that was not asked for the longest.
  private mutating func dropOldest() -> Int {
    var oldest = 0
    for slot in lastUse.indices where lastUse[slot] < lastUse[oldest] { oldest = slot }
    slotOfRow[rowOfSlot[oldest]] = -1
    return oldest
  }

  private mutating func assign(_ rows: [Int], _ slots: [Int]) {
    for (row, slot) in zip(rows, slots) {
      slotOfRow[row] = slot
      rowOfSlot[slot] = row
    }
  }

  private func compute(_ rows: [Int], into slots: [Int]) {
    let count = points.count
    let left = points.gathering(rows)
    let target = unsafe SharedPointer(memory.pointer)
    let stride = stride
    let tiles = (count + KernelTile.columns - 1) / KernelTile.columns
    let nanosecondsPerValue = 2.0
    let cost = Double(rows.count * min(count, KernelTile.columns)) * nanosecondsPerValue
    Parallel.forEach(tiles, cost: cost) { [points, kernel] range in
      var tile = KernelTile()
      for index in range {
        let columns = index * KernelTile.columns..<min(count, (index + 1) * KernelTile.columns)
        for first in Swift.stride(from: 0, to: rows.count, by: KernelTile.rows) {
          let block = first..<min(rows.count, first + KernelTile.rows)
          tile.evaluate(kernel, left, block, points, columns)
          tile.values.withSpan { values in
            unsafe values.withUnsafeBufferPointer { values in
              for row in block {
                let destination = unsafe target.pointer + slots[row] * stride + columns.lowerBound
                unsafe destination.update(
                  from: values.baseAddress! + (row - first) * columns.count, count: columns.count)
              }
            }
          }
        }
      }
    }
    for (row, slot) in zip(rows, slots) {
      for padding in count..<stride { memory[slot * stride + padding] = 0 }
      // The product form leaves a rounding on the diagonal.
      memory[slot * stride + row] = Float(kernel.diagonal(squaredNorm: points.squaredNorms[row]))
    }
  }

  /// Goes over to the points `kept`, ascending indices into the active ones; their rows stay, narrowed to them.
  mutating func keep(_ kept: [Int]) {
    let (before, after) = (stride, DualState.padded(kept.count))
    var owners: [Int] = []
    var uses: [Int] = []
    var newIndex = Array(repeating: -1, count: points.count)
    for (index, old) in kept.enumerated() { newIndex[old] = index }
    slotOfRow = Array(repeating: -1, count: kept.count)
    let base = unsafe memory.pointer
    // Both slots and columns move towards the start only, so nothing is overwritten before it has been moved.
    for (slot, old) in rowOfSlot.enumerated() where old >= 0 && newIndex[old] >= 0 {
      let source = unsafe base + slot * before
      let destination = unsafe base + owners.count * after
      for (index, column) in kept.enumerated() { unsafe destination[index] = source[column] }
      for padding in kept.count..<after { unsafe destination[padding] = 0 }
      slotOfRow[newIndex[old]] = owners.count
      owners.append(newIndex[old])
      uses.append(lastUse[slot])
    }
    rowOfSlot = owners
    lastUse = uses
    points = points.gathering(kept)
    stride = after
  }

  /// Goes over to other points and drops all rows.
  mutating func restart(with points: KernelPoints) {
    self.points = points
    stride = DualState.padded(points.count)
    slotOfRow = Array(repeating: -1, count: points.count)
    rowOfSlot = []
    lastUse = []
  }
}

/// A pointer to memory of which each thread writes its own part.
@safe internal struct SharedPointer<Element>: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<Element>
  @unsafe init(_ pointer: UnsafeMutablePointer<Element>) { unsafe self.pointer = pointer }
}
