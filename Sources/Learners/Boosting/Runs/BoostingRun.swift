internal import Linalg

/// One course of boosting: trees that each correct what those before have left.
///
/// It learns from the `training` rows alone. Where there are `validation` rows, the loss on them is followed, and it ends
/// when that has not fallen for so many trees.
internal struct BoostingRun: Sendable {
  /// The best constant score of the training rows, or that of the model which is continued.
  let base: Double
  /// All trees that were grown, and the iteration of each: now and then one finds no split.
  private var grown: [(tree: BoostedTree, iteration: Int)] = []
  /// Mean loss of the validation rows after 0, 1, … trees; empty without such rows.
  private var validationLoss: [Double] = []
  /// Where it began, and iterations until it had to end.
  private let start: RunState
  private let iterations: Int

  /// - Parameter index: tells runs of one fit apart, so that their random numbers differ.
  /// - Parameter beginning: of a run that is taken up again; nil for a new one.
  init(
    on rows: BinnedRows, objective: Objective, part: ValidationPart, parameters: Boosting.Parameters,
    constraints: SplitConstraints?, seed: UInt64, index: Int, from beginning: RunBeginning? = nil
  ) {
    base = beginning?.base ?? TargetUnit.rounded(constant: objective.bestConstant(rows: part.training), objective.loss)
    start = beginning?.state ?? RunState()
    let course = BoostingCourse(
      rows, objective, part, parameters, constraints,
      Sampler(parameters, featureCount: rows.binning.features.count, seed: seed, run: index),
      beginning ?? RunBeginning(base: base, scores: nil, state: start))
    let (helpers, batch) = Self.team(rows, training: part.training.count, parameters, width: course.width)
    while !course.hasEnded { Team.lead(helpers: helpers) { team in course.advance(iterations: batch, team) } }
    grown = course.trees
    validationLoss = course.validationLoss
    iterations = course.iteration
  }

  /// The trees of a run that was given so many iterations at most: cut off where the loss on the validation rows was
  /// smallest.
  func trees(maxIterations: Int) -> [BoostedTree] {
    let trees = grown.prefix { $0.iteration < maxIterations }.map(\.tree)
    guard !validationLoss.isEmpty else { return trees }
    return Array(trees.prefix(EarlyStopping.best(Array(validationLoss.prefix(trees.count + 1)))))
  }

  /// Mean loss of the validation rows after 0, 1, … trees, for so many iterations at most.
  func validationLoss(maxIterations: Int) -> [Double] {
    Array(validationLoss.prefix(grown.prefix { $0.iteration < maxIterations }.count + 1))
  }

  /// Where the run would be taken up again; nil where trees were cut off, or the next one would be judged by other rows.
  func state(maxIterations: Int) -> RunState? {
    guard validationLoss.isEmpty else { return nil }
    let done = min(maxIterations, iterations)
    guard let last = grown.last(where: { $0.iteration < maxIterations }) else {
      return RunState(iterations: done, stumps: start.stumps + done - start.iterations)
    }
    return RunState(iterations: done, stumps: done - last.iteration - 1)
  }

  /// Nanoseconds of a tree's longer loops that are worth engaging helpers.
  private static let worthwhileLoop = 5000.0

  /// How many helpers a run may have use of, and for how many trees they are engaged at a time: long enough to be worth
  /// waking them, short enough that threads which other runs have done with can join in.
  private static func team(
    _ rows: BinnedRows, training: Int, _ parameters: Boosting.Parameters, width: Int
  ) -> (helpers: Int, batch: Int) {
    let columns = Double(rows.binning.columnCount * width)
    let root = Double(training) * columns * 0.4
    let search = 3 * SplitFinder.cost * columns
    let tree = 3 * root + Double(min(parameters.maxLeaves, training)) * search + Double(rows.count) * 8
    guard max(root / 2, search) > worthwhileLoop else { return (0, parameters.maxIterations) }
    return (Parallel.threads - 1, max(1, Int(10_000_000 / tree)))
  }
}

/// How far a run has come.
internal struct RunState: Sendable, Equatable {
  var iterations = 0
  /// Iterations without a tree at its end.
  var stumps = 0
}

/// What a run begins with.
internal struct RunBeginning: Sendable {
  let base: Double
  /// One a row; nil where the base is the score of every row.
  let scores: [Double]?
  let state: RunState
}

/// The state of a run while it goes on.
internal final class BoostingCourse {
  private(set) var trees: [(tree: BoostedTree, iteration: Int)] = []
  private(set) var validationLoss: [Double] = []
  private(set) var hasEnded = false
  var width: Int { gradients.width }

  private let rows: BinnedRows
  private let objective: Objective
  private let part: ValidationPart
  private let parameters: Boosting.Parameters
  private let sampler: Sampler
  private let grower: Grower
  private var gradients: QuantizedGradients
  private var stopping: EarlyStopping
  /// What the trees so far add up to, for every row.
  private let scores: SharedScratch<Double>
  /// The rows that the next tree is grown on, and all others.
  private let bag: RowPartition
  private let others: RowPartition
  private let isContinued: Bool
  /// Whether a row is one of those learned from.
  private let isLearned: [Bool]
  private(set) var iteration: Int
  private var stumps: Int

  /// Trees without a split, one after the other, that end the run: sampling finds nothing any more.
  private static let patienceForStumps = 10

  init(
    _ rows: BinnedRows, _ objective: Objective, _ part: ValidationPart, _ parameters: Boosting.Parameters,
    _ constraints: SplitConstraints?, _ sampler: Sampler, _ beginning: RunBeginning
  ) {
    self.rows = rows
    self.objective = objective
    self.part = part
    self.parameters = parameters
    self.sampler = sampler
    gradients = QuantizedGradients(rows: rows.count, objective: objective)
    grower = Grower(
      rows, rules: SplitRules(parameters, constraints), maxLeaves: parameters.maxLeaves, maxDepth: parameters.maxDepth,
      width: gradients.width)
    stopping = EarlyStopping(rounds: parameters.earlyStoppingRounds)
    scores = SharedScratch(repeating: beginning.base, count: rows.count)
    for (row, score) in (beginning.scores ?? []).enumerated() { scores[row] = score }
    isContinued = beginning.scores != nil
    (iteration, stumps) = (beginning.state.iterations, beginning.state.stumps)
    bag = RowPartition(capacity: part.training.count)
    others = RowPartition(capacity: parameters.subsample < 1 ? rows.count : part.validation.count)
    var isLearned = [Bool](repeating: false, count: rows.count)
    for row in part.training { isLearned[Int(row)] = true }
    self.isLearned = isLearned
    followValidation()
  }

  /// Does some iterations, or what there is left.
  func advance(iterations: Int, _ team: Team) {
    for _ in 0..<iterations where !hasEnded {
      let patience = sampler.isSampling ? Self.patienceForStumps : 1
      let mayGoOn = iteration < parameters.maxIterations && stumps < patience && !Cancellation.isRequested
      guard mayGoOn && iterate(team) else { return hasEnded = true }
      iteration += 1
    }
  }

  /// False where the run has come to its end.
  private func iterate(_ team: Team) -> Bool {
    guard gradients.update(objective, scores: scores, team) else { return false }
    let counts = draw()
    var tree = grower.grow(task(count: counts.bag, team))
    stumps = tree.nodes.count > 1 || isOffAlike ? 0 : stumps + 1
    guard stumps == 0 else { return true }
    let places = partOthers(of: tree, count: counts.others, team)
    let comers = LeafRows(bag: bag, others: others, places: places, isLearned: isLearned)
    tree.setLeafValues(objective, comers, scores: scores, gradients, parameters)
    add(tree, bag, tree.nodes.map(\.rows), team)
    add(tree, others, places, team)
    trees.append((tree, iteration))
    followValidation()
    return !stopping.shouldStop(validationLoss)
  }

  /// Whether the model that is continued is off by about the same for all of the new rows: no split saves anything then, but a
  /// tree that is a single leaf does.
  private var isOffAlike: Bool {
    guard isContinued else { return false }
    var (mass, gradients, squares, hessians) = (0.0, 0.0, 0.0, 0.0)
    for row in part.training {
      let (target, score, weight) = (objective.targets[Int(row)], scores[Int(row)], objective.weight(row))
      let gradient = objective.gradient(target: target, score: score, weight: 1)
      mass += weight
      gradients += weight * gradient
      squares += weight * gradient * gradient
      hessians += weight * objective.hessian(target: target, score: score, weight: 1)
    }
    // Rounding leaves less, in units of the largest target.
    let least = 1e-9
    return gradients * gradients > 0.5 * mass * squares && abs(gradients) > least * hessians
  }

  private func task(count: Int, _ team: Team) -> Grower.Task {
    let features = sampler.features(iteration: iteration)
    let isAll = features.count == rows.binning.features.count
    let iteration = iteration
    return Grower.Task(
      partition: bag, count: count, gradients: gradients, features: features,
      columns: isAll ? nil : features.flatMap { rows.binning.columns(of: $0) }.map { UInt32($0) },
      offered: { [sampler, rules = grower.finder.rules] node, limits in
        let allowed = rules.constraints?.allowed(features, limits) ?? features
        return sampler.offered(of: allowed, iteration: iteration, node: node)
      }, team: team)
  }

  private func followValidation() {
    guard !part.validation.isEmpty else { return }
    validationLoss.append(objective.meanLoss(rows: part.validation) { unsafe scores.start[$0] })
  }

  private func draw() -> (bag: Int, others: Int) {
    let drawn = sampler.draw(part.training, iteration: iteration, bag: bag.list, rest: others.list)
    let rest = part.training.count - drawn
    for (index, row) in part.validation.enumerated() { others.list[rest + index] = row }
    return (drawn, rest + part.validation.count)
  }

  /// Parts the rows that a tree did not grow on at its splits; gives the places of those of each node.
  private func partOthers(of tree: BoostedTree, count: Int, _ team: Team) -> [Range<Int>] {
    var places = [Range<Int>](repeating: 0..<0, count: tree.nodes.count)
    places[0] = 0..<count
    for (index, node) in tree.nodes.enumerated() {
      guard let split = node.split, !places[index].isEmpty else { continue }
      let middle = others.split(places[index], rows, by: split, team)
      places[node.left] = places[index].lowerBound..<middle
      places[node.right] = middle..<places[index].upperBound
    }
    return places
  }

  /// Adds a tree to the scores of rows.
  /// - Parameter places: the rows of each node of the tree in a partition.
  private func add(_ tree: BoostedTree, _ partition: RowPartition, _ places: [Range<Int>], _ team: Team) {
    let leaves = tree.nodes.indices.filter { tree.nodes[$0].split == nil && !places[$0].isEmpty }
    team.forEach(places[0].count, cost: 1) { share in
      for leaf in leaves {
        let range = places[leaf].clamped(to: share)
        unsafe partition.add(tree.nodes[leaf].value, to: scores.start, at: range)
      }
    }
  }
}
