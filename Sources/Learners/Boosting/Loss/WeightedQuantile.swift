/// The number below which a share `level` of the weight lies: of two neighbours that both do, the middle.
///
/// It minimises Σ w · pinball(y − q). An entry of weight k counts as k entries. Cost O(n log n).
package func weightedQuantile(_ entries: [(value: Double, weight: Double)], level: Double) -> Double {
  let sorted = entries.sorted { $0.value < $1.value }
  let goal = level * sorted.reduce(0) { $0 + $1.weight }
  var below = 0.0
  for (index, entry) in sorted.enumerated() {
    below += entry.weight
    if below == goal && index + 1 < sorted.count { return entry.value / 2 + sorted[index + 1].value / 2 }
    if below >= goal { return entry.value }
  }
  return sorted[sorted.count - 1].value
}
