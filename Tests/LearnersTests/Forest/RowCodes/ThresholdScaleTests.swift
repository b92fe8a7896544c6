import Learners
import Linalg
import Testing

/// Seen from outside: thresholds that `ExtraTrees` draws at the root for a single feature.
@Suite struct ThresholdScaleTests {
  static func rootThresholds(_ values: [Double]) throws -> [Double] {
    let x = Matrix<Double>(rows: values.count, columns: 1, elements: values)
    var parameters = ExtraTrees.Parameters()
    parameters.estimators = 1000
    parameters.maxDepth = 1
    let training = try TrainingSet(x: x, y: values.indices.map { Double($0 * 7 % 11) })
    let trees = try ExtraTrees(fitting: training, parameters: parameters).ensemble
    return (0..<1000).map { trees.nodes[trees.starts[$0]].threshold }
  }

  /// 1, 2, 4, …, 2³⁰: nearly as many thresholds in every thousandfold; uniform draws would all but miss the first two.
  @Test func wideFeaturesAreCutInTheirLogarithm() throws {
    let values = (0...30).map { Double(sign: .plus, exponent: $0, significand: 1) }
    let thresholds = try Self.rootThresholds(values)
    #expect(thresholds.allSatisfy { $0 >= 1 && $0 < values[30] })
    for decade in 0..<3 {
      let range = values[decade * 10]..<values[decade * 10 + 10]
      // A third each, fewer in the first where log₂(1 + x / s) flattens; standard error of the count 15.
      #expect((200...450).contains(thresholds.count { range.contains($0) }))
    }
  }

  @Test func signsAreKept() throws {
    let positive = (0...30).map { Double(sign: .plus, exponent: $0, significand: 1) }
    let thresholds = try Self.rootThresholds(positive.map { -$0 } + [0] + positive)
    // A half each; standard error 16.
    #expect((400...600).contains(thresholds.count { $0 < 0 }))
    #expect(thresholds.allSatisfy { $0 >= -positive[30] && $0 < positive[30] })
  }

  @Test func unitsDoNotMatter() throws {
    let values = (0...30).map { Double(sign: .plus, exponent: $0, significand: 1.25) }
    let factor = 0x1p-70
    #expect(try Self.rootThresholds(values.map { $0 * factor }) == Self.rootThresholds(values).map { $0 * factor })
  }
}
