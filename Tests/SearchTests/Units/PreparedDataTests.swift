import Foundation
import Learners
import Linalg
import Testing

import Search

@Suite struct PreparedDataTests {
  @Test func whatIsMappedIsWhatWasPrepared() throws {
    let scene = try Scene()
    let preparations = Set(Registry.learners.map { $0.preparation })
    let file = try PreparedDataWriter.file(scene.experiment, for: preparations)
    let data = try #require(PreparedData(descriptor: file.descriptor))
    #expect(data.seed == scene.experiment.seed && data.foldCount == 4)
    for preparation in preparations {
      for fold in 0..<4 {
        let (found, expected) = (
          try data.input(preparation, fold: fold), try scene.experiment.input(preparation, fold: fold)
        )
        #expect(found.training.elements == expected.training.elements && found.test.elements == expected.test.elements)
        #expect(found.trainingTargets == expected.trainingTargets && found.target == expected.target)
        #expect(found.kinds == expected.kinds && found.names == expected.names)
      }
    }
  }

  /// Training parts, and who belongs together in them, are those of the experiment.
  @Test(arguments: [true, false]) func groupsAndTimesTravelAlong(areGroups: Bool) throws {
    let scene = try Scene(rows: 60)
    let numbers = (0..<60).map { Double($0 * 7 % 20) }
    let experiment = try scene.experiment(ordered: numbers, areGroups: areGroups)
    let file = try PreparedDataWriter.file(experiment, for: [Ridge.preparation])
    let data = try #require(PreparedData(descriptor: file.descriptor))
    for fold in 0..<experiment.folds.count {
      let (found, expected) = (
        try data.input(Ridge.preparation, fold: fold), try experiment.input(Ridge.preparation, fold: fold)
      )
      #expect(found.trainingRows == expected.trainingRows && found.groups == expected.groups)
      #expect(found.groups?.count == found.trainingRows.rows.count && found.training == expected.training)
      if !areGroups {
        let latest = found.trainingRows.rows.map { numbers[$0] }.max() ?? 0
        #expect(found.testRows.allSatisfy { numbers[$0] > latest })
      }
    }
  }

  @Test func aFileThatIsNoneIsRefused() throws {
    let scene = try Scene()
    let file = try PreparedDataWriter.file(scene.experiment, for: [Ridge.preparation])
    // The header says that there is more than there is.
    ftruncate(file.descriptor, off_t(file.size / 2))
    #expect(PreparedData(descriptor: file.descriptor) == nil)
    let other = try TemporaryFile()
    try other.append(Array("what is this, in more than eight bytes?".utf8))
    #expect(PreparedData(descriptor: other.descriptor) == nil)
  }

  @Test func numbersAreTheSameBitsAfterTheJourney() throws {
    let numbers = [0.1, -0.0, .nan, .infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
    let found = try #require(Data(doubles: numbers).doubles)
    #expect(found.map(\.bitPattern) == numbers.map(\.bitPattern))
    #expect(Data([1, 2, 3]).doubles == nil)
  }

  @Test func aSettingThatCannotBeFittedFailsAlone() throws {
    let scene = try Scene()
    let file = try PreparedDataWriter.file(scene.experiment, for: [Ridge.preparation])
    var work = UnitWork(try #require(PreparedData(descriptor: file.descriptor)))
    let result = work.result(
      of: WorkUnit(unit: 1, fold: 0, learner: "ridge", settings: [#"{"alpha":"1.0"}"#, #"{"alpha":"2.0"}"#]))
    #expect(result.outcomes.count == 2 && result.outcomes.allSatisfy { $0.error == nil })
    #expect(result.outcomes[0].predictions.count == 8 * 20)
    let unknown = work.result(of: WorkUnit(unit: 2, fold: 0, learner: "oracle", settings: ["{}"]))
    #expect(unknown.outcomes[0].error == "its settings are not known to this version of the program")
  }
}
