import Glibc
import Learners
import Linalg
import TestSupport
import Testing

struct SplitConstraintsTests {
  private static let names = ["up", "down", "free", "kind"]

  /// A target that mostly rises with the first and falls with the second column, with much noise and dips; missing values;
  /// a categorical column.
  private static func training(rows: Int = 600, seed: UInt64 = 0, weighted: Bool = false) throws -> TrainingSet {
    var random = RandomStream(seed: seed, purpose: RandomPurpose("test.monotone"))
    let x = Matrix<Double>(rows: rows, columns: 4) { _, column in
      if column == 3 { return Double(random.uniform(below: 6)) }
      return random.uniform() < 0.1 ? .nan : random.uniform()
    }
    let y = (0..<rows).map { row in
      let (up, down) = (x[row, 0].isNaN ? 0.5 : x[row, 0], x[row, 1].isNaN ? 0.5 : x[row, 1])
      let free = x[row, 2].isNaN ? 0 : x[row, 2]
      return 4 + 2 * up + sin(12 * up) - 2 * down * (1 + free) + cos(9 * free) + x[row, 3] / 4 + random.normal()
    }
    return try TrainingSet(
      x: x, y: y.map { max($0, 0) }, weights: weighted ? y.map { _ in 0.2 + random.uniform() } : nil,
      kinds: [.numeric, .numeric, .numeric, .categorical(levels: 6)], names: names)
  }

  private static func parameters(_ change: (inout Boosting.Parameters) -> Void) throws -> Boosting.Parameters {
    var parameters = Boosting.Parameters()
    parameters.maxIterations = 80
    parameters.learningRate = 0.2
    parameters.folds = 2
    change(&parameters)
    return parameters
  }

  /// The largest step against the direction, over grids of one column at random places of the others.
  private static func worstStep(_ model: Boosting, column: Int, sign: Double) throws -> Double {
    var random = RandomStream(seed: 1, purpose: RandomPurpose("test.monotone.grid"))
    var worst = -Double.infinity
    for _ in 0..<60 {
      var row = (0..<3).map { _ in random.uniform() < 0.2 ? Double.nan : 1.4 * random.uniform() - 0.2 }
      row.append(Double(random.uniform(below: 7)))
      let grid = Matrix<Double>(rows: 201, columns: 4) { step, place in
        place == column ? -0.2 + 1.4 * Double(step) / 200 : row[place]
      }
      let predictions = try model.predict(grid)
      for (a, b) in zip(predictions, predictions.dropFirst()) { worst = max(worst, sign * (a - b)) }
    }
    return worst
  }

  @Test(arguments: Boosting.Loss.allCases.filter { $0 != .absolute && $0 != .quantile }, [false, true])
  func predictionsRiseAndFallAsTheyMust(loss: Boosting.Loss, weighted: Bool) throws {
    let training = try Self.training(weighted: weighted)
    let free = try Self.parameters { $0.loss = loss }
    let bound = try Self.parameters {
      $0.loss = loss
      $0.monotone = MonotoneColumns(["up": .rising, "down": .falling])
    }
    let plain = try Boosting(fitting: training, parameters: free)
    #expect(try Self.worstStep(plain, column: 0, sign: 1) > 0.01)
    #expect(try Self.worstStep(plain, column: 1, sign: -1) > 0.01)
    let model = try Boosting(fitting: training, parameters: bound)
    // Exactly: sums of rising numbers in one order rise, rounded or not.
    #expect(try Self.worstStep(model, column: 0, sign: 1) <= 0)
    #expect(try Self.worstStep(model, column: 1, sign: -1) <= 0)
    // Something is learned all the same: the target rises by 1.5, falls by 3.
    let ends = try model.predict(Matrix<Double>(rows: 2, columns: 4, elements: [0, 1, 0.5, 3, 1, 0, 0.5, 3]))
    #expect(ends[1] - ends[0] > 2)
  }

  /// Deep trees of one column split in both halves of a node again and again.
  @Test func deepTreesOfOneFeatureAreMonotone() throws {
    var random = RandomStream(seed: 3, purpose: RandomPurpose("test.monotone.noise"))
    let x = Matrix<Double>(rows: 500, columns: 1) { row, _ in Double(row) }
    let training = try TrainingSet(x: x, y: (0..<500).map { _ in random.normal() })
    for direction in [MonotoneColumns.Direction.rising, .falling] {
      let model = try Boosting(
        fitting: training,
        parameters: try Self.parameters {
          $0.folds = 0
          $0.subsample = 1
          $0.maxLeaves = 100
          $0.monotone = MonotoneColumns(["0": direction])
        })
      let predictions = try model.predict(x)
      let sign = direction == .rising ? 1.0 : -1
      #expect(zip(predictions, predictions.dropFirst()).allSatisfy { sign * $0 <= sign * $1 })
      #expect(Set(predictions).count > 2)
    }
  }

  /// Where the target keeps to the directions anyway, it is still learned: every tree has to keep to them by itself, which
  /// costs a little.
  @Test func constraintsThatHoldAnywayCostLittle() throws {
    var random = RandomStream(seed: 3, purpose: RandomPurpose("test.monotone.line"))
    let x = Matrix<Double>(rows: 400, columns: 2) { _, _ in random.uniform() }
    let y = (0..<400).map { 3 * x[$0, 0] + x[$0, 1] }
    let training = try TrainingSet(x: x, y: y)
    func error(_ monotone: MonotoneColumns?) throws -> Double {
      let parameters = try Self.parameters {
        $0.monotone = monotone; $0.folds = 0; $0.subsample = 1
      }
      return zip(try Boosting(fitting: training, parameters: parameters).predict(x), y)
        .reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    // Of a sum of squares of about 330.
    #expect(try error(nil) < 0.5)
    #expect(try error(MonotoneColumns(["0": .rising, "1": .rising])) < 3)
  }

  /// Splits on a way from the root to a leaf.
  private static func paths(_ trees: TreeEnsemble) -> [Set<Int>] {
    var paths: [Set<Int>] = []
    for tree in 0..<trees.treeCount {
      var pending: [(node: Int, path: Set<Int>)] = [(0, [])]
      while let (index, path) = pending.popLast() {
        let node = trees.nodes[trees.starts[tree] + index]
        guard !node.isLeaf else { paths.append(path); continue }
        let below = path.union([node.feature])
        pending += [(index + 1, below), (Int(node.right), below)]
      }
    }
    return paths
  }

  @Test(arguments: Boosting.Loss.allCases)
  func onlyColumnsOfOneGroupMeet(loss: Boosting.Loss) throws {
    let training = try Self.training()
    let groups: [Set<Int>] = [[0, 1], [1, 2], [3]]
    let parameters = try Self.parameters {
      $0.loss = loss
      $0.interactions = InteractionGroups([["up", "down"], ["down", "free"]])
    }
    let paths = Self.paths(try Boosting(fitting: training, parameters: parameters).trees)
    #expect(paths.allSatisfy { path in groups.contains { path.isSubset(of: $0) } })
    #expect(paths.contains([0, 1]) && paths.contains([1, 2]) && paths.contains([3]))
    let free = Self.paths(try Boosting(fitting: training, parameters: try Self.parameters { $0.loss = loss }).trees)
    #expect(free.contains { path in !groups.contains { path.isSubset(of: $0) } })
  }

  /// With every column in a group of its own the model is a sum of functions of one column each.
  @Test func singleColumnsGiveASumOfFunctions() throws {
    let data = SyntheticData.friedman(rows: 300, features: 5)
    let training = try TrainingSet(x: data.x, y: data.y)
    let model = try Boosting(
      fitting: training,
      parameters: try Self.parameters { $0.interactions = InteractionGroups((0..<5).map { [String($0)] }) })
    // f(a, b) - f(a, b') does not depend on a.
    var rows = Matrix<Double>(rows: 4, columns: 5, repeating: 0.3)
    for (index, (a, b)) in [(0.1, 0.2), (0.1, 0.9), (0.8, 0.2), (0.8, 0.9)].enumerated() {
      rows[index, 0] = a
      rows[index, 1] = b
    }
    let found = try model.predict(rows)
    #expect(abs((found[1] - found[0]) - (found[3] - found[2])) < 1e-10)
    #expect(abs(found[1] - found[0]) > 0.01)
  }

  @Test func bothKindsOfConstraintsHoldTogether() throws {
    let training = try Self.training()
    let model = try Boosting(
      fitting: training,
      parameters: try Self.parameters {
        $0.monotone = MonotoneColumns(["up": .rising])
        $0.interactions = InteractionGroups([["up", "kind"], ["down", "free"]])
      })
    #expect(try Self.worstStep(model, column: 0, sign: 1) <= 0)
    let groups: [Set<Int>] = [[0, 3], [1, 2]]
    #expect(Self.paths(model.trees).allSatisfy { path in groups.contains { path.isSubset(of: $0) } })
  }

  @Test func constraintsThatCannotBeAreRefused() throws {
    let training = try Self.training(rows: 50)
    func fit(_ change: (inout Boosting.Parameters) -> Void) throws {
      _ = try Boosting(fitting: training, parameters: try Self.parameters(change))
    }
    #expect(throws: FitError.constraint(parameter: "monotone", column: "size", reason: "is not among the features")) {
      try fit { $0.monotone = MonotoneColumns(["size": .rising]) }
    }
    #expect(
      throws: FitError.constraint(parameter: "monotone", column: "kind", reason: "holds texts, which have no order")
    ) { try fit { $0.monotone = MonotoneColumns(["kind": .falling]) } }
    #expect(throws: FitError.constraint(parameter: "interactions", column: "x", reason: "is not among the features")) {
      try fit { $0.interactions = InteractionGroups([["up", "x"]]) }
    }
    for loss in [Boosting.Loss.absolute, .quantile] {
      #expect(throws: FitError.self) {
        try fit {
          $0.loss = loss; $0.monotone = MonotoneColumns(["up": .rising])
        }
      }
    }
  }

  @Test func constrainedFitsAreTheSameOnAnyNumberOfThreads() throws {
    let training = try Self.training(rows: 9000)
    let parameters = try Self.parameters {
      $0.maxIterations = 5
      $0.monotone = MonotoneColumns(["up": .rising, "down": .falling])
      $0.interactions = InteractionGroups([["up", "free"], ["down", "kind", "free"]])
    }
    let models = try [1, 2, 7].map { threads in
      try ThreadBudget.with(threads) { try Boosting(fitting: training, parameters: parameters, seed: 2).trees }
    }
    #expect(models[0] == models[1] && models[0] == models[2] && models[0].treeCount >= 5)
  }
}
