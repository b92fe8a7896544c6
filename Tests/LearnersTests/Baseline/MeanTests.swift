import Learners
import Linalg
import Testing

struct MeanTests {
  private let x = Matrix(rows: 3, columns: 2, elements: [1, .nan, 3, 4, 5, 6.0])

  @Test func predictsTheMeanOfTheTargets() throws {
    let model = try Mean(fitting: TrainingSet(x: x, y: [1, 2, 6]))
    #expect(model.value == 3)
    #expect(try model.predict(x) == [3, 3, 3])
  }

  @Test func countsWeights() throws {
    let model = try Mean(fitting: TrainingSet(x: x, y: [1, 2, 6], weights: [2, 0, 1]))
    #expect(model.value == 8.0 / 3)
  }

  @Test func refusesAValueThatIsNotFinite() {
    var tensors = TensorStore()
    tensors.set("value", .nan)
    #expect(throws: ModelFileError.invalidValue(tensor: "value", index: 0, reason: "is not finite")) {
      try Mean(decoding: tensors, parameters: .init(), featureCount: 2)
    }
  }
}
