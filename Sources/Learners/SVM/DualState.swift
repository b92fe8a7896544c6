/// The variables of the dual that are active, in ascending order of their rows, as parallel arrays.
///
/// `gradient` is Kβ - y; what `upOffset` and `downOffset` are is said at `PairSolver`.
internal struct DualState {
  /// Row of the training set that each variable belongs to.
  var row: [Int]
  var beta: [Double]
  var gradient: [Double]
  let epsilon: Double
  private(set) var bound: [Double]
  private(set) var diagonal: [Double]
  private(set) var upOffset: [Double]
  private(set) var downOffset: [Double]

  init(rows: [Int], beta: [Double], gradient: [Double], bound: [Double], diagonal: [Double], epsilon: Double) {
    row = rows
    self.beta = beta
    self.gradient = gradient
    self.bound = bound
    self.diagonal = diagonal
    self.epsilon = epsilon
    let offsets = zip(beta, bound).map { Self.offsets(beta: $0, bound: $1, epsilon: epsilon) }
    upOffset = offsets.map(\.up)
    downOffset = offsets.map(\.down)
  }

  var count: Int { row.count }

  static func offsets(beta: Double, bound: Double, epsilon: Double) -> (up: Double, down: Double) {
    let up = beta < bound ? (beta < 0 ? epsilon : -epsilon) : -Double.infinity
    let down = beta > -bound ? (beta > 0 ? -epsilon : epsilon) : Double.infinity
    return (up, down)
  }

  mutating func set(_ variable: Int, to value: Double) {
    beta[variable] = value
    (upOffset[variable], downOffset[variable]) = Self.offsets(beta: value, bound: bound[variable], epsilon: epsilon)
  }

  func up(_ variable: Int) -> Double { upOffset[variable] - gradient[variable] }
  func down(_ variable: Int) -> Double { downOffset[variable] - gradient[variable] }

  /// The largest up and the lowest down: optimal when the first is not over the second.
  func extremes() -> (up: Double, down: Double) {
    var (highest, lowest) = (-Double.infinity, Double.infinity)
    for variable in 0..<count {
      highest = max(highest, up(variable))
      lowest = min(lowest, down(variable))
    }
    return (highest, lowest)
  }

  /// The variables `kept`, ascending.
  func keeping(_ kept: [Int]) -> DualState {
    DualState(
      rows: kept.map { row[$0] }, beta: kept.map { beta[$0] }, gradient: kept.map { gradient[$0] },
      bound: kept.map { bound[$0] }, diagonal: kept.map { diagonal[$0] }, epsilon: epsilon)
  }
}
