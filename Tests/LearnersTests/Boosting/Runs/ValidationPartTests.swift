import Learners
import Linalg
import TestSupport
import Testing

struct ValidationPartTests {
  private static func parts(_ rows: Int, folds: Int?, validationFraction: Double = 0.1) -> [ValidationPart] {
    var parameters = Boosting.Parameters()
    parameters.folds = folds
    parameters.validationFraction = validationFraction
    return ValidationPart.parts(rows: rows, parameters: parameters, seed: 8)
  }

  @Test(arguments: [(2, 5), (7, 2), (103, 5), (10, 10)])
  func everyRowIsLeftOutOnce(rows: Int, folds: Int) {
    let parts = Self.parts(rows, folds: folds, validationFraction: 0.9)
    let all = (0..<rows).map { UInt32($0) }
    #expect(parts.count == min(rows, folds))
    #expect(parts.flatMap(\.validation).sorted() == all)
    for part in parts {
      #expect((part.training + part.validation).sorted() == all)
      #expect(part.training == part.training.sorted() && !part.training.isEmpty && !part.validation.isEmpty)
    }
  }

  @Test func noRunLeavesOutMoreThanTheFraction() {
    let parts = Self.parts(103, folds: 5, validationFraction: 0.1)
    #expect(parts.map(\.validation.count) == [10, 10, 10, 10, 10])
    #expect(Set(parts.flatMap(\.validation)).count == 50)
    for part in parts { #expect((part.training + part.validation).sorted() == (0..<103).map { UInt32($0) }) }
  }

  @Test func theNumberOfFoldsIsARuleOfTheRows() {
    #expect(Self.parts(1999, folds: nil).count == 10)
    #expect(Self.parts(2000, folds: nil).count == 5)
    #expect(Self.parts(60_000, folds: nil).map(\.validation.count) == [6000])
    #expect(Self.parts(1000, folds: 0).map(\.training.count) == [1000])
    #expect(Self.parts(1, folds: 5).map(\.training.count) == [1])
  }

  @Test func noiseIsNotLearned() throws {
    var random = RandomStream(seed: 6, purpose: RandomPurpose("test.boosting.noise"))
    let x = Matrix<Double>(rows: 400, columns: 3) { _, _ in random.normal() }
    let training = try TrainingSet(x: x, y: (0..<400).map { _ in random.normal() })
    let spread = try Boosting(fitting: training).predict(x).map { abs($0 - training.targetMean) }.max()!
    #expect(spread < 0.3)
  }

  @Test(arguments: [1, 3, 10]) func wholeGroupsAreLeftOut(folds: Int) {
    var parameters = Boosting.Parameters()
    parameters.folds = folds
    for count in [2, 5, 40] {
      let groups = (0..<200).map { $0 * 13 % count }
      let parts = ValidationPart.parts(rows: 200, groups: groups, parameters: parameters, seed: 8)
      #expect(!parts.isEmpty && parts.count <= folds)
      for part in parts {
        #expect(
          !part.training.isEmpty && !part.validation.isEmpty && part.training.count + part.validation.count == 200)
        #expect(Set(part.training.map { groups[Int($0)] }).isDisjoint(with: part.validation.map { groups[Int($0)] }))
      }
    }
  }
}
