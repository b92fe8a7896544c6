import Glibc
import Learners
import Linalg
import Testing

@Suite struct FormChoiceTests {
  private static let sizes: [Double] = {
    var random = RandomStream(seed: 2, purpose: RandomPurpose("test.sizes"))
    return (0..<200).map { _ in exp(1.5 * random.normal()) }
  }()

  private func form(_ target: (Double) -> Double, as features: Preparation.Features) throws -> NumberForm? {
    let dataset = try TestDataset.make(
      feature: Feature(name: "size"), values: Self.sizes, target: Self.sizes.map(target))
    let pipeline = try Pipeline(
      fitting: dataset, rows: Array(0..<200), for: Preparation(features: features, target: .asGiven), scale: .identity)
    guard case .numeric(let encoder) = pipeline.encoders[0] else { return nil }
    return encoder.form
  }

  @Test func whatIsStraightStaysAsItIs() throws {
    #expect(try form({ 2 * $0 - 100 }, as: .linear) == .raw)
    #expect(try form({ 2 * $0 - 100 }, as: .dense) == .raw, "the error of the straight line is less than half")
  }

  @Test func whatGoesWithTheLogarithmGetsIt() throws {
    for features in [Preparation.Features.linear, .dense] {
      let form = try form({ log($0) }, as: features)
      #expect(form == .log || form == .both)
    }
  }

  @Test func whatLevelsOffIsClipped() throws {
    let form = try form({ $0 / (1 + ($0 * $0) / 9).squareRoot() }, as: .linear)
    #expect(form == .clipped || form == .both)
  }

  @Test func aGivenFormIsTaken() throws {
    let dataset = try TestDataset.make(
      feature: Feature(name: "size"), values: Self.sizes, target: Self.sizes.map { log($0) })
    for form in NumberForm.allCases {
      let pipeline = try Pipeline(
        fitting: dataset, rows: Array(0..<200), for: Ridge.preparation, scale: .identity,
        options: PipelineOptions(numbers: form))
      guard case .numeric(let encoder) = pipeline.encoders[0] else { continue }
      #expect(encoder.form == form)
    }
  }
}
