internal import Linalg

/// Limits to the splits of all trees of a fit, by binned feature.
internal struct SplitConstraints: Sendable {
  /// 1 where the model may only rise, -1 where it may only fall, 0 where it is free.
  let directions: [Int]
  /// The groups that each feature is in; nil where all features may meet.
  private let groupsOf: [[Int]]?
  private let groupCount: Int

  /// Nil where the parameters ask for none.
  init?(_ parameters: Boosting.Parameters, _ training: TrainingSet, _ binning: Binning) throws(FitError) {
    guard parameters.monotone != nil || parameters.interactions != nil else { return nil }
    if let monotone = parameters.monotone, [.absolute, .quantile].contains(parameters.loss) {
      let domain = "none with the absolute and quantile losses"
      throw .parameter(.invalid(name: "monotone", value: monotone.text, domain: domain))
    }
    let directionOf = try Self.directions(parameters.monotone?.directions ?? [:], of: training)
    directions = binning.features.map { directionOf[$0.column] }
    guard let groups = parameters.interactions?.groups else {
      (groupsOf, groupCount) = (nil, 0)
      return
    }
    let groupsOfColumn = try Self.memberships(groups, of: training)
    // Those that are not named are one more group.
    groupsOf = binning.features.map { groupsOfColumn[$0.column].isEmpty ? [groups.count] : groupsOfColumn[$0.column] }
    groupCount = groups.count + 1
  }

  /// One a column.
  private static func directions(
    _ named: [String: MonotoneColumns.Direction], of training: TrainingSet
  ) throws(FitError) -> [Int] {
    var directions = [Int](repeating: 0, count: training.x.columns)
    for (name, direction) in named.sorted(by: { $0.key < $1.key }) {
      let column = try column(name, of: training, for: "monotone")
      guard training.kinds[column] == .numeric else {
        throw .constraint(parameter: "monotone", column: name, reason: "holds texts, which have no order")
      }
      directions[column] = direction == .rising ? 1 : -1
    }
    return directions
  }

  /// The groups that each column is in.
  private static func memberships(_ groups: [[String]], of training: TrainingSet) throws(FitError) -> [[Int]] {
    var memberships = [[Int]](repeating: [], count: training.x.columns)
    for (index, group) in groups.enumerated() {
      for name in group { memberships[try column(name, of: training, for: "interactions")].append(index) }
    }
    return memberships
  }

  private static func column(
    _ name: String, of training: TrainingSet, for parameter: String
  ) throws(FitError) -> Int {
    guard let column = training.names.firstIndex(of: name) else {
      throw .constraint(parameter: parameter, column: name, reason: "is not among the features")
    }
    return column
  }

  /// Those of a root.
  var root: NodeLimits { NodeLimits(groups: Array(0..<groupCount)) }

  /// Of these features those that may split the node.
  func allowed(_ features: [Int], _ limits: NodeLimits?) -> [Int] {
    guard let groupsOf, let limits else { return features }
    return features.filter { feature in groupsOf[feature].contains { limits.groups.contains($0) } }
  }

  /// The limits of the children: where the split is by a constrained feature the values below it keep to their sides of the
  /// middle between what the children would predict as leaves, so that nothing further down can undo the order.
  func children(
    of limits: NodeLimits, by split: Split, left: NodeNumbers, right: NodeNumbers, l2: Double
  ) -> (left: NodeLimits, right: NodeLimits) {
    var limits = limits
    if let groupsOf { limits.groups.removeAll { !groupsOf[split.feature].contains($0) } }
    let direction = directions[split.feature]
    guard direction != 0 else { return (limits, limits) }
    let middle = limits.clamped(left.newton(l2: l2)) / 2 + limits.clamped(right.newton(l2: l2)) / 2
    var (low, high) = (limits, limits)
    low.upper = middle
    high.lower = middle
    return direction > 0 ? (low, high) : (high, low)
  }
}

/// What the splits above a node leave open to it.
internal struct NodeLimits: Sendable {
  /// Between these a leaf's Newton step has to lie.
  var lower = -Double.infinity
  var upper = Double.infinity
  /// The groups that hold all features of the path so far; none where there are no groups.
  var groups: [Int]

  var isBounded: Bool { lower > -.infinity || upper < .infinity }

  func clamped(_ step: Double) -> Double { min(max(step, lower), upper) }
}
