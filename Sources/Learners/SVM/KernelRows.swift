internal import Linalg

/// Rows of the kernel matrix of the active points, computed when they are asked for and kept within a budget of bytes.
///
/// Rows are computed many at a time, by matrix products, on all threads that are free. Where the whole matrix fits the
/// budget nothing is ever dropped; else the rows that were not asked for the longest go first. Memory that no row has
/// come to use is never touched.
internal struct KernelRows: ~Copyable {
  let kernel: Kernel
  private(set) var points: KernelPoints
  private let memory: ScratchBuffer<Float>
  /// Where each active point's row is, -1 where it is not.
  private var slotOfRow: [Int]
  private var rowOfSlot: [Int] = []
  private var lastUse: [Int] = []
  private var clock = 0

  /// - Parameter bytes: the budget; two rows are kept even where it is too small for them.
  init(kernel: Kernel, points: KernelPoints, bytes: Int) {
    self.kernel = kernel
    self.points = points
    let rows = max(min(2, points.count), min(points.count, bytes / (points.count * MemoryLayout<Float>.stride)))
    memory = ScratchBuffer(count: rows * points.count)
    slotOfRow = Array(repeating: -1, count: points.count)
  }

  /// Rows that fit at the same time.
  var capacity: Int { min(points.count, memory.count / points.count) }

  /// k(row, all active points), once `load` has been given the row and until the next call of it.
  func row(_ row: Int) -> UnsafePointer<Float> {
    precondition(slotOfRow[row] >= 0, "KernelRows: row \(row) is not loaded")
    return unsafe UnsafePointer(memory.pointer + slotOfRow[row] * points.count)
  }

  /// Makes sure that these rows, at most `capacity`, are there.
  mutating func load(_ rows: [Int]) {
    precondition(rows.count <= capacity, "KernelRows: \(rows.count) rows asked for, \(capacity) fit")
    clock += 1
    for row in rows where slotOfRow[row] >= 0 { lastUse[slotOfRow[row]] = clock }
    let missing = rows.filter { slotOfRow[$0] < 0 }
    guard !missing.isEmpty else { return }
    let slots = freeSlots(missing.count)
    for (row, slot) in zip(missing, slots) {
      slotOfRow[row] = slot
      rowOfSlot[slot] = row
      lastUse[slot] = clock
    }
    compute(missing, into: slots)
  }

  private mutating func freeSlots(_ wanted: Int) -> [Int] {
    let fresh = min(wanted, capacity - rowOfSlot.count)
    var slots = Array(rowOfSlot.count..<rowOfSlot.count + fresh)
    rowOfSlot += Array(repeating: -1, count: fresh)
    lastUse += Array(repeating: 0, count: fresh)
    guard fresh < wanted else { return slots }
    let stale = rowOfSlot.indices.filter { lastUse[$0] < clock && rowOfSlot[$0] >= 0 }
      .sorted { (lastUse[$0], $0) < (lastUse[$1], $1) }
    for slot in stale.prefix(wanted - fresh) {
      slotOfRow[rowOfSlot[slot]] = -1
      slots.append(slot)
    }
    return slots
  }

  private func compute(_ rows: [Int], into slots: [Int]) {
    let count = points.count
    let left = points.gathering(rows)
    let target = unsafe SharedPointer(memory.pointer)
    let tiles = (count + KernelTile.columns - 1) / KernelTile.columns
    let nanosecondsPerValue = 2.0
    let cost = Double(rows.count * min(count, KernelTile.columns)) * nanosecondsPerValue
    Parallel.forEach(tiles, cost: cost) { [points, kernel] range in
      var tile = KernelTile()
      for index in range {
        let columns = index * KernelTile.columns..<min(count, (index + 1) * KernelTile.columns)
        for first in stride(from: 0, to: rows.count, by: KernelTile.rows) {
          let block = first..<min(rows.count, first + KernelTile.rows)
          tile.evaluate(kernel, left, block, points, columns)
          tile.values.withSpan { values in
            unsafe values.withUnsafeBufferPointer { values in
              for row in block {
                let destination = unsafe target.pointer + slots[row] * count + columns.lowerBound
                unsafe destination.update(
                  from: values.baseAddress! + (row - first) * columns.count, count: columns.count)
              }
            }
          }
        }
      }
    }
    // The product form leaves a rounding on the diagonal.
    for (row, slot) in zip(rows, slots) {
      memory[slot * count + row] = Float(kernel.diagonal(squaredNorm: points.squaredNorms[row]))
    }
  }

  /// Goes over to the points `kept`, ascending indices into the active ones; their rows stay, narrowed to them.
  mutating func keep(_ kept: [Int]) {
    let (before, after) = (points.count, kept.count)
    var owners: [Int] = []
    var uses: [Int] = []
    var newIndex = Array(repeating: -1, count: before)
    for (index, old) in kept.enumerated() { newIndex[old] = index }
    slotOfRow = Array(repeating: -1, count: after)
    let base = unsafe memory.pointer
    // Both slots and columns move towards the start only, so nothing is overwritten before it has been moved.
    for (slot, old) in rowOfSlot.enumerated() where old >= 0 && newIndex[old] >= 0 {
      let source = unsafe base + slot * before
      let destination = unsafe base + owners.count * after
      for (index, column) in kept.enumerated() { unsafe destination[index] = source[column] }
      slotOfRow[newIndex[old]] = owners.count
      owners.append(newIndex[old])
      uses.append(lastUse[slot])
    }
    rowOfSlot = owners
    lastUse = uses
    points = points.gathering(kept)
  }

  /// Goes over to other points and drops all rows.
  mutating func restart(with points: KernelPoints) {
    self.points = points
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
