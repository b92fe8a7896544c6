/// Leaves that can be split, the best on top: a binary heap. Of equal gains the older leaf is first.
internal struct LeafQueue {
  struct Leaf {
    let node: Int
    let split: Split
    let slot: Int?

    fileprivate func isBetter(than other: Leaf) -> Bool { (split.gain, other.node) > (other.split.gain, node) }
  }

  private(set) var leaves: [Leaf] = []

  mutating func push(_ leaf: Leaf) {
    leaves.append(leaf)
    var child = leaves.count - 1
    while child > 0, leaves[child].isBetter(than: leaves[(child - 1) / 2]) {
      leaves.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func popBest() -> Leaf? {
    guard let best = leaves.first else { return nil }
    let last = leaves.removeLast()
    guard !leaves.isEmpty else { return best }
    leaves[0] = last
    var parent = 0
    while true {
      var top = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < leaves.count {
        if leaves[child].isBetter(than: leaves[top]) { top = child }
      }
      guard top != parent else { return best }
      leaves.swapAt(parent, top)
      parent = top
    }
  }
}
