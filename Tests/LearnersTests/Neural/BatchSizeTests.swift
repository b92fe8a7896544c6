import Learners
import Linalg
import TestSupport
import Testing

/// What a kernel does with rows of a block is its own affair; that a single row is like itself is not.
@Suite struct BatchSizeTests {
  @Test func aBlockIsFound() {
    #expect([1, 2, 4, 8, 16].contains(BatchSize.alike))
    #expect(BatchSize.areAlike(BatchSize.alike))
  }

  /// Whatever the layers are like, rows in a small product have the bits that they have in a large one.
  @Test(arguments: [1, 3, 20, 65], [1, 7, 64, 130]) func fewRowsGiveWhatManyGive(features: Int, units: Int) throws {
    let rows = 40
    let (x, y, _) = SyntheticData.linear(rows: rows, features: features, seed: 3)
    var parameters = MLP.Parameters()
    (parameters.hiddenUnits, parameters.maxEpochs, parameters.ensembleSize) = (units, 2, 2)
    let model = try MLP(fitting: TrainingSet(x: x, y: y), parameters: parameters, seed: 1)
    let together = try model.predict(x)
    for count in [1, 2, 3, 4, 5, 8, 16, 17] {
      for first in stride(from: 0, through: rows - count, by: count) {
        #expect(try model.predict(x[rows: first..<first + count]) == Array(together[first..<first + count]))
      }
    }
    let shapes = [features, units].map { BatchSize.Shape(inner: $0 + 1, outputs: units) }
    #expect((1...40).allSatisfy { BatchSize.fewest(atLeast: $0, shapes) >= min($0, BatchSize.alike) })
  }
}
