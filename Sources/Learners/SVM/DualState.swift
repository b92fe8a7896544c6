/// The variables of the dual that are active, in ascending order of their rows, as parallel arrays for the fast passes.
///
/// The dual: minimise ½ βᵀKβ - yᵀβ + epsilon Σ|β| over Σβ = 0, |βᵢ| ≤ boundᵢ, where β = alpha - alpha*: both multipliers of
/// a row share one variable and one row of K. With g = Kβ - y, β may go up with slope g + epsilon (g - epsilon where
/// β < 0) and down with slope g - epsilon (g + epsilon where β > 0). The offsets are what -g lacks to be minus these
/// slopes, ∓∞ where β is at its bound, so that no pass has a branch: up = upOffset - g, down = downOffset - g.
/// β is optimal when max up ≤ min down.
///
/// Arrays are padded to whole vectors by variables that can move neither way.
internal struct DualState: ~Copyable {
  static let lanes = 8

  /// Row of the training set that each variable belongs to.
  let rows: [Int]
  let epsilon: Double
  let beta: Scratch<Double>
  let bound: Scratch<Double>
  let gradient: Scratch<Double>
  let upOffset: Scratch<Double>
  let downOffset: Scratch<Double>
  let diagonal: Scratch<Float>
  /// `down`, rounded: enough to choose a partner by.
  let roundedDown: Scratch<Float>

  var count: Int { rows.count }
  /// `count` and the padding.
  var width: Int { gradient.count }

  /// The variables of `rows`, each array given for all rows.
  init(rows: [Int], beta: [Double], gradient: [Double], bound: [Double], diagonal: [Double], epsilon: Double) {
    let width = Self.padded(rows.count)
    self.rows = rows
    self.epsilon = epsilon
    self.beta = Scratch(count: width, repeating: 0)
    self.bound = Scratch(count: width, repeating: 0)
    self.gradient = Scratch(count: width, repeating: 0)
    self.diagonal = Scratch(count: width, repeating: 1)
    upOffset = Scratch(count: width, repeating: -.infinity)
    downOffset = Scratch(count: width, repeating: .infinity)
    roundedDown = Scratch(count: width, repeating: .infinity)
    for (variable, row) in rows.enumerated() {
      self.bound[variable] = bound[row]
      self.gradient[variable] = gradient[row]
      self.diagonal[variable] = Float(diagonal[row])
      set(variable, to: beta[row])
    }
  }

  static func padded(_ count: Int) -> Int { (count + lanes - 1) / lanes * lanes }

  func set(_ variable: Int, to value: Double) {
    beta[variable] = value
    upOffset[variable] = value < bound[variable] ? (value < 0 ? epsilon : -epsilon) : -.infinity
    downOffset[variable] = value > -bound[variable] ? (value > 0 ? -epsilon : epsilon) : .infinity
  }

  func up(_ variable: Int) -> Double { upOffset[variable] - gradient[variable] }
  func down(_ variable: Int) -> Double { downOffset[variable] - gradient[variable] }

  /// Whether optimality does not hold the variable in place.
  func mayMove(_ variable: Int, _ extremes: Extremes) -> Bool {
    up(variable) >= extremes.down || down(variable) <= extremes.up
  }
}
