internal import Learners
internal import Testing

@Suite struct HoldoutTests {
  @Test(arguments: [10, 11, 100, 1003])
  func `parts are disjoint, and together the networks hold out every row alike`(rows: Int) {
    var parameters = MLP.Parameters()
    parameters.validationFraction = 0.1
    let holdout = Holdout(rows: rows, parameters, seed: 4)
    var times = [Int](repeating: 0, count: rows)
    for member in 0..<20 {
      let split = holdout.split(member)
      #expect((split.training + split.validation).sorted() == Array(0..<rows))
      #expect(split.validation.count == Int((0.1 * Double(rows)).rounded()))
      for row in split.validation { times[row] += 1 }
    }
    #expect(times.max()! - times.min()! <= 1)
  }

  @Test func `few rows, or no early stopping, hold nothing out`() {
    var parameters = MLP.Parameters()
    #expect(Holdout(rows: 9, parameters, seed: 0).split(0).validation.isEmpty)
    parameters.validationFraction = 0.999
    #expect(Holdout(rows: 10, parameters, seed: 0).split(0).training.count == 1)
    parameters.earlyStopping = false
    let all = Holdout(rows: 1000, parameters, seed: 0).split(0)
    #expect(all.training == Array(0..<1000) && all.validation.isEmpty)
  }

  @Test(arguments: [0.1, 0.4, 0.9]) func `whole groups are held out, and some are always left`(share: Double) {
    var parameters = MLP.Parameters()
    parameters.validationFraction = share
    for count in [2, 3, 12] {
      let groups = (0..<120).map { $0 * 7 % count }
      let holdout = Holdout(rows: 120, groups: groups, parameters, seed: 4)
      for member in 0..<15 {
        let split = holdout.split(member)
        #expect((split.training + split.validation).sorted() == Array(0..<120))
        #expect(!split.training.isEmpty && !split.validation.isEmpty)
        #expect(Set(split.training.map { groups[$0] }).isDisjoint(with: split.validation.map { groups[$0] }))
      }
    }
  }
}
