import Learners
import Testing

@Suite struct FoldsTests {
  @Test(arguments: [(10, 5), (11, 5), (3, 3), (1001, 7)])
  func everyRowIsHeldOutOnceAndSizesDifferByOneAtMost(rows: Int, count: Int) throws {
    let folds = try Folds(shuffling: rows, into: count, seed: 3)
    let sizes = (0..<count).map { folds.testRows($0).count }
    #expect(sizes.reduce(0, +) == rows)
    #expect(sizes.max()! - sizes.min()! <= 1)
    for fold in 0..<count {
      #expect(Set(folds.testRows(fold)).isDisjoint(with: folds.trainingRows(fold)))
      #expect(folds.trainingRows(fold).count == rows - sizes[fold])
    }
  }

  @Test func theSeedDecides() throws {
    let first = try Folds(shuffling: 100, into: 5, seed: 1)
    #expect(try first == Folds(shuffling: 100, into: 5, seed: 1))
    #expect(try first != Folds(shuffling: 100, into: 5, seed: 2))
  }

  @Test func rowsOfNoFoldAreAlwaysLearnedFrom() throws {
    let folds = try Folds(assignments: [-1, 0, -1, 1], rows: 4)
    #expect(folds.count == 2)
    #expect(folds.trainingRows(0) == [0, 2, 3] && folds.testRows(0) == [1])
  }

  @Test func unusableFoldsAreErrors() {
    #expect(throws: Folds.Problem.tooFew(folds: 1)) { try Folds(shuffling: 10, into: 1, seed: 0) }
    #expect(throws: Folds.Problem.moreFoldsThanRows(folds: 6, rows: 5)) { try Folds(shuffling: 5, into: 6, seed: 0) }
    #expect(throws: Folds.Problem.emptyFold(1)) { try Folds(assignments: [0, 2, 0], rows: 3) }
    #expect(throws: Folds.Problem.invalidNumber(row: 1, number: -2)) { try Folds(assignments: [0, -2], rows: 2) }
    #expect(throws: Folds.Problem.rowMismatch(rows: 3, assignments: 2)) { try Folds(assignments: [0, 1], rows: 3) }
    #expect(throws: Folds.Problem.nothingToLearnFrom) { try Folds(assignments: [0, 0], rows: 2) }
    #expect(throws: Folds.Problem.tooFew(folds: 0)) { try Folds(assignments: [-1, -1], rows: 2) }
  }
}
