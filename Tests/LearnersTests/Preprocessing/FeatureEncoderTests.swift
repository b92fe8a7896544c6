import Glibc
import Learners
import Linalg
import Testing

@Suite struct FeatureEncoderTests {
  private func encode(_ values: [Double], trainedOn training: [Double], levels: [String]? = nil) throws -> Matrix<
    Double
  > {
    let feature = Feature(name: "f", levels: levels)
    let target = (0..<training.count).map { Double($0 % 7) }
    let dataset = try TestDataset.make(
      feature: feature, values: training + values, target: target + values.map { _ in 1 })
    let preparation = Preparation(features: .dense, target: .asGiven)
    let pipeline = try Pipeline(
      fitting: dataset, rows: Array(0..<training.count), for: preparation, targetTransform: .none)
    return pipeline.matrix(of: Array(training.count..<training.count + values.count), in: dataset.features)
  }

  @Test func numbersAreScaledByTheTrainingRows() throws {
    let encoded = try encode([1, 7], trainedOn: [1, 3, 5])
    let deviation = (8.0 / 3).squareRoot()
    #expect(encoded.columns == 1)
    #expect(abs(encoded[0, 0] - (1 - 3) / deviation) < 1e-12)
    #expect(abs(encoded[1, 0] - (7 - 3) / deviation) < 1e-12)
  }

  @Test func numbersFarOutsideTheTrainingRowsStayFinite() throws {
    let encoded = try encode([1e308, -1e308, 5], trainedOn: [0, 1e-9, 2e-9, 3e-9])
    #expect(encoded.elements.allSatisfy { $0.isFinite } && encoded[0, 0] > encoded[2, 0] && encoded[1, 0] < 0)
  }

  @Test func missingNumbersAreImputedByTheMedianAndIndicated() throws {
    let encoded = try encode([.nan, 2], trainedOn: [1, 2, 2, 9, .nan])
    #expect(encoded.columns == 2)
    #expect(encoded[0, 0] == encoded[1, 0], "a missing value becomes the median, 2")
    #expect(encoded[0, 1] == 1 && encoded[1, 1] == 0)
  }

  @Test func anIndicatorNeedsAMissingValueInTraining() throws {
    let encoded = try encode([.nan], trainedOn: [1, 2, 3])
    #expect(encoded.columns == 1 && encoded[0, 0] == 0)
  }

  @Test func heavyTailsAreCompressedAndFlagsAreNot() {
    var random = RandomStream(seed: 0, purpose: RandomPurpose("test.heavy"))
    let heavy = NumericEncoder(fitting: (0..<200).map { _ in exp(2 * random.normal()) })
    let flag = NumericEncoder(fitting: Array(repeating: 0, count: 196) + [1, 1, 1, 1])
    let even = NumericEncoder(fitting: (0..<200).map(Double.init))
    #expect(heavy.isLogarithmic)
    #expect(!flag.isLogarithmic)
    #expect(!even.isLogarithmic)
  }

  @Test func aConstantNumberHasNoColumn() {
    #expect(NumericEncoder(fitting: [4, 4, 4]).width == 0)
    #expect(NumericEncoder(fitting: [.nan, .nan]).width == 0)
    // Whole numbers far from 0 vary all the same.
    let far = NumericEncoder(fitting: (0..<10).map { 1e15 + Double($0) })
    #expect(far.width == 1 && abs(far.deviation - 8.25.squareRoot()) < 1e-9)
    #expect(NumericEncoder(fitting: [1e15, 1e15]).width == 0)
    #expect(NumericEncoder(fitting: [0.1 + 0.2, 0.3, 0.3]).width == 0, "rounding noise is no variation")
  }

  @Test func rareAndUnknownLevelsAreOneColumn() throws {
    // Level 0: 12 rows, level 1: 12 rows, level 2: 3 rows, level 3: none.
    let training = Array(repeating: 0.0, count: 12) + Array(repeating: 1, count: 12) + [2, 2, 2]
    let encoded = try encode([0, 1, 2, 3, 4, .nan], trainedOn: training, levels: ["a", "b", "c", "d"])
    #expect(encoded.columns == 3)
    #expect(encoded.row(0) == [1, 0, 0])
    #expect(encoded.row(1) == [0, 1, 0])
    for row in 2...4 { #expect(encoded.row(row) == [0, 0, 1], "row \(row)") }
    #expect(encoded.row(5) == [0, 0, 0])
  }

  @Test func aMissingTextHasItsOwnColumnWhereTrainingHadOne() {
    let encoder = OneHotEncoder(fitting: Array(repeating: 0.0, count: 10) + [.nan], levelCount: 1)
    #expect(encoder.width == 2 && encoder.hasMissing && !encoder.hasRare)
  }

  @Test func onlyTheMostFrequentLevelsGetAColumn() {
    let levels = 300
    let values = (0..<levels).flatMap { level in Array(repeating: Double(level), count: level < 150 ? 30 : 20) }
    let encoder = OneHotEncoder(fitting: values, levelCount: levels)
    #expect(encoder.frequentCount == OneHotEncoder.maxColumns)
    #expect(encoder.columns.prefix(100).allSatisfy { $0 >= 0 } && encoder.columns.dropFirst(100).allSatisfy { $0 < 0 })
  }

  @Test func nativeCodesCountTheLevelsSeenInTraining() {
    let encoder = NativeEncoder(fitting: [3, 1, 3, .nan], levels: ["a", "b", "c", "d"])
    #expect(encoder.codes == [-1, 0, -1, 1])
    #expect(encoder.kind == .categorical(levels: 2))
  }
}
