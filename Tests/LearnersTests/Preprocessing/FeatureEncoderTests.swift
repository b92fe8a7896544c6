import FoundationEssentials
import Glibc
import Learners
import Linalg
import TestSupport
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
    let heavy = NumberTail(of: SortedNumbers((0..<200).map { _ in exp(2 * random.normal()) }))
    let flag = NumberTail(of: SortedNumbers(Array(repeating: 0, count: 196) + [1, 1, 1, 1]))
    let even = NumberTail(of: SortedNumbers((0..<200).map(Double.init)))
    #expect(heavy.isHeavy && heavy.plainForm == .log)
    #expect(!flag.isHeavy && flag.plainForm == .raw)
    #expect(!even.isHeavy && even.plainForm == .raw)
  }

  @Test func aConstantNumberHasNoColumn() {
    #expect(NumericEncoder(fitting: [4, 4, 4]).width == 0)
    #expect(NumericEncoder(fitting: [.nan, .nan]).width == 0)
    // Whole numbers far from 0 vary all the same.
    let far = NumericEncoder(fitting: (0..<10).map { 1e15 + Double($0) })
    #expect(far.width == 1 && abs(far.columns[0].deviation - 8.25.squareRoot()) < 1e-9)
    #expect(NumericEncoder(fitting: [1e15, 1e15]).width == 0)
    #expect(NumericEncoder(fitting: [0.1 + 0.2, 0.3, 0.3]).width == 0, "rounding noise is no variation")
  }

  /// Each shape of a number is the same whatever unit the number is in.
  @Test(arguments: NumberForm.allCases) func unitsDoNotMatter(form: NumberForm) throws {
    var random = RandomStream(seed: 1, purpose: RandomPurpose("test.units"))
    let values = (0..<300).map { $0 % 10 == 0 ? 0 : exp(3 * random.normal()) * ($0 % 4 == 0 ? -1 : 1) }
    let expected = try columns(NumericEncoder(fitting: values, form: form), values)
    for factor in [1e-6, 1e-3, 0.3, 1e3, 1e6] {
      let scaled = values.map { $0 * factor }
      let found = try columns(NumericEncoder(fitting: scaled, form: form), scaled)
      #expect(largestAbsoluteError(found, expected) < 1e-9)
    }
  }

  private func columns(_ encoder: NumericEncoder, _ values: [Double]) throws -> [Double] {
    #expect(encoder.width == (encoder.form == .both ? 2 : 1))
    return values.flatMap { value in encoder.columns.map { ($0.shape(value) - $0.mean) / $0.deviation } }
  }

  @Test func clippingIsStraightInTheMiddleAndEndsAtThree() {
    let shape = NumberShape.clipped(center: 10, width: 2)
    #expect(shape(10) == 0 && abs(shape(10.02) - 0.01) < 1e-6)
    #expect(shape(1e300) == 3 && shape(-1e300) == -3 && shape(1e6) < 3)
  }

  @Test func everyLevelHasAColumnAndTheUnknownCountAsRare() throws {
    // Level 0: 12 rows, level 1: 2 rows, levels 2 and 3: one row each, level 4: none.
    let training = Array(repeating: 0.0, count: 12) + [1, 1, 2, 3]
    let encoded = try encode([0, 1, 2, 4, 5, .nan], trainedOn: training, levels: ["a", "b", "c", "d", "e"])
    #expect(encoded.columns == 5)
    #expect(encoded.row(0) == [1, 0, 0, 0, 0])
    #expect(encoded.row(1) == [0, 1, 0, 0, 0])
    #expect(encoded.row(2) == [0, 0, 1, 0, 1], "a level of one row is rare, too")
    for row in 3...4 { #expect(encoded.row(row) == [0, 0, 0, 0, 1], "row \(row)") }
    #expect(encoded.row(5) == [0, 0, 0, 0, 0])
  }

  @Test func rareLevelsArePooledOnDemand() {
    let values = Array(repeating: 0.0, count: 12) + [1, 1, 1, 2, 2]
    let encoder = OneHotEncoder(fitting: values, levelCount: 4, room: .init(leastRows: 10, columns: 100))
    #expect(encoder.width == 2 && encoder.hasRare && encoder.pooledLevels == 2 && encoder.pooledRows == 5)
  }

  @Test func aMissingTextHasItsOwnColumnWhereTrainingHadOne() {
    let encoder = OneHotEncoder(
      fitting: Array(repeating: 0.0, count: 10) + [.nan], levelCount: 1, room: .init(columns: 9))
    #expect(encoder.width == 2 && encoder.hasMissing && !encoder.hasRare)
  }

  @Test func onlyTheMostFrequentLevelsGetAColumnWhereThereIsNoRoom() {
    let values = (0..<300).flatMap { level in Array(repeating: Double(level), count: level < 150 ? 3 : 2) }
    let encoder = OneHotEncoder(fitting: values, levelCount: 300, room: .init(columns: 100))
    #expect(encoder.frequentCount == 100 && encoder.pooledLevels == 200 && encoder.pooledRows == 450)
    #expect(encoder.columns.prefix(100).allSatisfy { $0 >= 0 } && encoder.columns.dropFirst(100).allSatisfy { $0 < 0 })
  }

  /// What version 2 of the model file says, means the same.
  @Test func olderEncodersAreRead() throws {
    let number = #"{"form":"numeric","median":3,"hasIndicator":true,"isLogarithmic":true,"mean":1,"deviation":2}"#
    guard case .numeric(let encoder) = try JSONDecoder().decode(FeatureEncoder.self, from: Data(number.utf8)) else {
      Issue.record("not a number")
      return
    }
    #expect(encoder.width == 2 && encoder.form == .log && encoder.columns[0].shape(4) == log1p(4))
    let text = #"{"form":"oneHot","columns":[0,-1,1],"frequentCount":2,"hasRare":true,"hasMissing":false}"#
    guard case .oneHot(let levels) = try JSONDecoder().decode(FeatureEncoder.self, from: Data(text.utf8)) else {
      Issue.record("not a text")
      return
    }
    #expect(levels.width == 3 && levels.singles.isEmpty)
  }

  @Test func nativeCodesCountTheLevelsSeenInTraining() {
    let encoder = NativeEncoder(fitting: [3, 1, 3, .nan], levels: ["a", "b", "c", "d"])
    #expect(encoder.codes == [-1, 0, -1, 1])
    #expect(encoder.kind == .categorical(levels: 2))
  }
}
