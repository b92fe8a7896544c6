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

  // MARK: Groups

  @Test func groupsStayTogetherAndFoldsAreOfLikeSize() throws {
    // A giant, some of the middle, many small ones.
    let sizes = [40, 25, 12, 11, 9] + Array(repeating: 2, count: 20) + Array(repeating: 1, count: 23)
    let groups = sizes.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) }
    let folds = try Folds(grouping: groups, into: 4, seed: 5)
    for group in sizes.indices {
      #expect(Set(groups.indices.filter { groups[$0] == group }.map { folds.assignments[$0] }).count == 1)
    }
    let rows = (0..<4).map { folds.testRows($0).count }
    #expect(rows.sorted() == [40, 40, 40, 40])
    #expect(try folds == Folds(grouping: groups, into: 4, seed: 5))
    #expect(try folds != Folds(grouping: groups, into: 4, seed: 6))
    #expect(throws: Folds.Problem.moreFoldsThanGroups(folds: 4, groups: 3)) {
      try Folds(grouping: [0, 1, 2, 2, 2], into: 4, seed: 0)
    }
  }

  @Test func groupsAreNumberedAsTheyCome() { #expect([7, 3, 7, 9, 3].numbered == [0, 1, 0, 2, 1]) }

  // MARK: Time

  @Test func laterRowsArePredictedFromEarlierOnes() throws {
    let times = (0..<60).map { Double($0 * 37 % 60) }
    let folds = try Folds(inOrderOf: times, into: 5)
    #expect(folds.count == 5 && folds.trainsOnThePast)
    for fold in 0..<5 {
      let (training, test) = (folds.trainingRows(fold), folds.testRows(fold))
      #expect(training.count == 10 * (fold + 1) && test.count == 10)
      #expect(training.map { times[$0] }.max()! < test.map { times[$0] }.min()!)
    }
  }

  @Test(arguments: [[1, 1, 1, 1, 1, 1, 2, 3], [1, 2, 3, 3, 3, 3, 3, 3], [5, 4, 4, 4, 3, 2, 2, 2]])
  func rowsOfOneTimeAreNotParted(times: [Double]) throws {
    let folds = try Folds(inOrderOf: times, into: 2)
    for fold in 0..<2 {
      let latest = folds.trainingRows(fold).map { times[$0] }.max()!
      #expect(!folds.testRows(fold).isEmpty && folds.testRows(fold).allSatisfy { times[$0] > latest })
    }
    #expect(throws: Folds.Problem.moreFoldsThanTimes(folds: 4, times: Set(times).count)) {
      try Folds(inOrderOf: times, into: 4)
    }
  }
}
