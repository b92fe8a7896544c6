import Learners
import Linalg
import Testing

@Suite struct BlendWeightsTests {
  private static func errors(_ models: Int, rows: Int, seed: UInt64) -> [[Double]] {
    var random = RandomStream(seed: seed, purpose: RandomPurpose("test.blend"))
    let common = (0..<rows).map { _ in random.normal() }
    return (0..<models).map { model in common.map { 0.5 * $0 + (0.5 + 0.2 * Double(model)) * random.normal() } }
  }

  /// The twin: row by row, as the paper has it.
  private static func naive(_ errors: [[Double]], size: Int) -> [Double] {
    var (added, sum) = ([Int](repeating: 0, count: errors.count), [Double](repeating: 0, count: errors[0].count))
    var best: (loss: Double, added: [Int]) = (.infinity, added)
    for step in 1...100 {
      let isFull = added.count { $0 > 0 } >= size
      var chosen: (loss: Double, model: Int) = (.infinity, 0)
      for model in errors.indices where !isFull || added[model] > 0 {
        let loss = zip(sum, errors[model]).reduce(0) { $0 + ($1.0 + $1.1) * ($1.0 + $1.1) / Double(step * step) }
        if loss < chosen.loss { chosen = (loss, model) }
      }
      added[chosen.model] += 1
      sum = zip(sum, errors[chosen.model]).map { $0 + $1 }
      if chosen.loss < best.loss { best = (chosen.loss, added) }
    }
    let total = Double(best.added.reduce(0, +))
    return best.added.map { Double($0) / total }
  }

  @Test(arguments: [1, 2, 3, 6]) func weightsAreThoseOfTheNaiveChoice(size: Int) {
    for seed in 0..<5 {
      let errors = Self.errors(6, rows: 200, seed: UInt64(seed))
      let weights = BlendWeights(choosingBy: errors, rows: Array(0..<200), size: size).values
      #expect(weights == Self.naive(errors, size: size))
      #expect(abs(weights.reduce(0, +) - 1) < 1e-12 && weights.count { $0 > 0 } <= size)
    }
  }

  @Test func theOnlyGoodOneIsAlone() {
    let good = (0..<50).map { Double($0 % 2) * 1e-3 }
    let bad = (0..<50).map { 5 + Double($0 % 7) }
    #expect(BlendWeights(choosingBy: [bad, good, bad], rows: Array(0..<50), size: 3).values == [0, 1, 0])
  }

  @Test func errorsThatCancelAreHalved() {
    let up = (0..<64).map { $0 % 2 == 0 ? 1.0 : -1 }
    let weights = BlendWeights(choosingBy: [up, up.map { -$0 }], rows: Array(0..<64), size: 2).values
    #expect(weights == [0.5, 0.5])
  }
}
