/// The variables that the next round works on.
internal enum WorkingSet {
  /// Up to `size` variables that violate optimality, ascending: first those of `previous` (at most half of the set),
  /// then by turns those with the largest up and with the lowest down. The largest violating pair is always in it.
  static func choose(
    size: Int, state: DualState, extremes: (up: Double, down: Double), previous: [Int]
  ) -> [Int] {
    let ups = (0..<state.count).map { state.up($0) > extremes.down ? state.up($0) : -Double.infinity }
    let downs = (0..<state.count).map { state.down($0) < extremes.up ? -state.down($0) : -Double.infinity }
    let risers = largest(size, of: ups)
    let fallers = largest(size, of: downs)
    var chosen = Array(repeating: false, count: state.count)
    var count = 0
    func take(_ variable: Int) {
      guard !chosen[variable] && count < size else { return }
      chosen[variable] = true
      count += 1
    }
    take(risers[0])
    take(fallers[0])
    let violating = previous.filter { ups[$0] > -.infinity || downs[$0] > -.infinity }
    for variable in violating.prefix(size / 2) { take(variable) }
    for turn in 0..<max(risers.count, fallers.count) {
      if turn < risers.count { take(risers[turn]) }
      if turn < fallers.count { take(fallers[turn]) }
    }
    return chosen.indices.filter { chosen[$0] }
  }

  /// The indices of the `count` largest finite keys, largest first; of equal keys the lower index comes first.
  static func largest(_ count: Int, of keys: [Double]) -> [Int] {
    var candidates = keys.indices.filter { keys[$0] > -.infinity }
    if candidates.count > count {
      let threshold = selecting(count, of: candidates.map { keys[$0] })
      var ties = count - candidates.count { keys[$0] > threshold }
      candidates = candidates.filter { candidate in
        guard keys[candidate] == threshold else { return keys[candidate] > threshold }
        ties -= 1
        return ties >= 0
      }
    }
    return candidates.sorted { keys[$0] != keys[$1] ? keys[$0] > keys[$1] : $0 < $1 }
  }

  /// The `rank`-th largest of `values` (1 is the largest), by quickselect with a median of three.
  private static func selecting(_ rank: Int, of values: [Double]) -> Double {
    var values = values
    var (low, high) = (0, values.count - 1)
    let target = rank - 1
    while low < high {
      let (first, middle, last) = (values[low], values[(low + high) / 2], values[high])
      let pivot = max(min(first, middle), min(max(first, middle), last))
      var (left, right) = (low, high)
      while left <= right {
        while values[left] > pivot { left += 1 }
        while values[right] < pivot { right -= 1 }
        if left <= right {
          values.swapAt(left, right)
          left += 1
          right -= 1
        }
      }
      if target <= right { high = right } else if target >= left { low = left } else { break }
    }
    return values[target]
  }
}
