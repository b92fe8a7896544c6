internal import Glibc

/// From predicted medians to means, learned from predictions of rows that the learner had not seen.
///
/// A learner that is fitted on ln(1 + y) predicts, taken back, about the median of y: the mean of a skewed target is above
/// it. One that is fitted by absolute errors predicts medians, too. Duan's smearing estimator puts the residuals of the
/// scale of fitting through the way back and takes the mean: E(1 + y) = (1 + median) · mean of exp(residual). Here the
/// residuals are out of fold, for those of training rows are too small, and the factor may depend on the size of the
/// prediction, for residuals of small counts and of large ones differ.
///
/// Method: the rows, in order of their predictions, are cut into 1, 2, 4, … groups of at least 50; a group's factor is
/// Σ (1 + y) / Σ (1 + prediction), which is Duan's weighted by size, so that the sum over the group is right; between the
/// groups' middles its logarithm is linear. That moves the sums of the groups, most where factors rise steeply: each group's
/// factor is corrected once by what its sum is off, and then all are scaled so that the whole sum is right. More groups are
/// taken where they predict better, by more than a standard error, the rows that they have not seen (five parts; Poisson
/// deviance, or squared error for a shift). Without the logarithm a shift, the mean of y - prediction, takes the factor's
/// place. Cost O(n log n).
/// Source: Duan, "Smearing estimate: a nonparametric retransformation method", JASA 78(383), 1983,
/// doi:10.1080/01621459.1983.10478017.
public struct MeanCorrection: Sendable, Hashable, Codable {
  public enum Form: String, Sendable, Hashable, Codable {
    /// What offset + median is multiplied by.
    case factor
    /// What is added.
    case shift
  }

  public let form: Form
  /// c of the scale of fitting ln(c + y), which is ln(1 + y) up to units; 1 for a shift, which has none.
  public let offset: Double
  /// Middles of the groups, ascending: predictions, with `factor` their ln(c + prediction).
  public let sizes: [Double]
  /// Factor or shift of each group.
  public let values: [Double]
  /// Standard errors of `values`.
  public let errors: [Double]
  /// Rows that it was learned from.
  public let rows: Int

  /// Fewer rows tell too little.
  public static let fewestRows = 10
  private static let fewestOfGroup = 50
  private static let parts = 5

  /// - Parameters:
  ///   - predictions: out of fold, on the target's own scale; rows with NaN are left out.
  ///   - weights: what each row counts; nil where each counts once.
  ///   - offset: c where the learner was fitted on ln(c + target); nil where it was on the target's own scale.
  /// - Returns: nil for fewer than ten rows, or where sums of the rows are not finite.
  public init?(predictions: [Double], targets: [Double], weights: [Double]? = nil, offset: Double?) {
    precondition(
      predictions.count == targets.count, "MeanCorrection: \(predictions.count) predictions, \(targets.count) targets")
    let form = offset == nil ? Form.shift : .factor
    let added = offset ?? 0
    let points = predictions.indices
      .filter { row in
        let (prediction, target) = (predictions[row], targets[row])
        return !prediction.isNaN && (form == .shift || (prediction + added > 0 && target + added > 0))
      }
      .map { row in
        Point(prediction: predictions[row] + added, target: targets[row] + added, weight: weights?[row] ?? 1, form)
      }
      .sorted { ($0.size, $0.target) < ($1.size, $1.target) }
    guard points.count >= Self.fewestRows else { return nil }
    let curve = Curve(points, groups: Self.groups(for: points, form), form).balanced(on: points)
    guard curve.isFinite else { return nil }
    self.form = form
    self.offset = offset ?? 1
    sizes = curve.sizes
    values = curve.values
    errors = curve.errors
    rows = points.count
  }

  /// The means that belong to predicted medians.
  public func means(of medians: [Double]) -> [Double] {
    let curve = Curve(form: form, sizes: sizes, values: values, errors: errors)
    let added = form == .factor ? offset : 0
    return medians.map { median in
      let mean = curve.mean(of: Point(prediction: median + added, target: 0, weight: 1, form)) - added
      // What is no amount below 0 stays none.
      return min(max(mean, median >= 0 && form == .factor ? 0 : -.greatestFiniteMagnitude), .greatestFiniteMagnitude)
    }
  }

  /// What is wrong with one that was decoded from a file; nil where nothing is.
  public var flaw: String? {
    guard (1...1000).contains(sizes.count), values.count == sizes.count, errors.count == sizes.count else {
      return "sizes, values and errors differ in number"
    }
    guard (sizes + values + errors).allSatisfy(\.isFinite), errors.allSatisfy({ $0 >= 0 }) else {
      return "a number is not finite or an error negative"
    }
    guard zip(sizes, sizes.dropFirst()).allSatisfy({ $0 < $1 }) else { return "its sizes do not rise" }
    guard offset > 0 && offset.isFinite else { return "its offset is out of range" }
    guard form == .shift || values.allSatisfy({ $0 > 0 && $0 < 1e100 }) else { return "a factor is out of range" }
    return rows > 0 ? nil : "it is of no rows"
  }
}

/// A row: its prediction and its target, with the offset added.
private struct Point {
  let prediction: Double
  let target: Double
  /// What the row counts.
  let weight: Double
  /// What rows are put in order by.
  let size: Double

  init(prediction: Double, target: Double, weight: Double, _ form: MeanCorrection.Form) {
    self.prediction = prediction
    self.target = target
    self.weight = weight
    size = form == .factor ? log(max(prediction, .leastNormalMagnitude)) : prediction
  }
}

extension Collection<Point> {
  /// Rows, with copies.
  fileprivate var total: Double { reduce(0) { $0 + $1.weight } }
}

extension MeanCorrection {
  /// Of 1, 2, 4, … groups those that do better than fewer, by more than a standard error, on rows they have not seen.
  private static func groups(for points: [Point], _ form: Form) -> Int {
    var (best, losses) = (1, held(points, groups: 1, form))
    var count = 2
    while points.count >= count * fewestOfGroup && count <= 32 {
      let tried = held(points, groups: count, form)
      let gains = zip(losses, tried).map { $0 - $1 }
      let total = points.total
      let mean = gains.indices.reduce(0) { $0 + points[$1].weight * gains[$1] } / total
      let variance =
        gains.indices.reduce(0) { $0 + points[$1].weight * ((gains[$1] - mean) * (gains[$1] - mean)) } / total
      if mean > (variance / total).squareRoot() { (best, losses) = (count, tried) }
      count *= 2
    }
    return best
  }

  /// The loss of each row under the curve of the other parts: every fifth row, in order of size, is one part.
  private static func held(_ points: [Point], groups: Int, _ form: Form) -> [Double] {
    var losses = [Double](repeating: 0, count: points.count)
    for part in 0..<parts {
      let others = points.indices.filter { $0 % parts != part }.map { points[$0] }
      let curve = Curve(others, groups: groups, form)
      for row in stride(from: part, to: points.count, by: parts) { losses[row] = curve.loss(points[row]) }
    }
    return losses
  }

  /// Factors or shifts along the size of predictions.
  private struct Curve {
    let form: Form
    let sizes: [Double]
    let values: [Double]
    let errors: [Double]

    init(form: Form, sizes: [Double], values: [Double], errors: [Double]) {
      (self.form, self.sizes, self.values, self.errors) = (form, sizes, values, errors)
    }

    /// - Parameter points: in order of size.
    init(_ points: [Point], groups: Int, _ form: Form) {
      let parts = (0..<groups).map { group in
        points[points.count * group / groups..<points.count * (group + 1) / groups]
      }
      var (sizes, values, errors): ([Double], [Double], [Double]) = ([], [], [])
      for part in parts {
        let total = part.total
        let size = part.reduce(0) { $0 + $1.weight * $1.size / total }
        // Groups of equal predictions are one.
        guard size > sizes.last ?? -.infinity else { continue }
        let (value, error) = Self.value(part, form)
        sizes.append(size)
        values.append(value)
        errors.append(error)
      }
      self.init(form: form, sizes: sizes, values: values, errors: errors)
      guard groups > 1 && values.count == groups else { return }
      let matched = zip(values, parts).map { corrected($0, by: error(on: $1)) }
      self.init(form: form, sizes: sizes, values: matched, errors: errors)
    }

    /// The same, whose means add up to the targets.
    func balanced(on points: [Point]) -> Curve {
      let error = error(on: points[...])
      return Curve(form: form, sizes: sizes, values: values.map { corrected($0, by: error) }, errors: errors)
    }

    /// Factor or shift that is missing in the means of these rows, on average.
    private func error(on points: ArraySlice<Point>) -> Double {
      let predicted = points.reduce(0) { $0 + $1.weight * mean(of: $1) }
      let target = points.reduce(0) { $0 + $1.weight * $1.target }
      return form == .factor ? target / predicted : (target - predicted) / points.total
    }

    private func corrected(_ value: Double, by error: Double) -> Double {
      form == .factor ? value * error : value + error
    }

    private static func value(_ part: ArraySlice<Point>, _ form: Form) -> (value: Double, error: Double) {
      let count = part.total
      switch form {
      case .factor:
        let predicted = part.reduce(0) { $0 + $1.weight * $1.prediction }
        let factor = part.reduce(0) { $0 + $1.weight * $1.target } / predicted
        let squares = part.reduce(0) { sum, point in
          let rest = point.target - factor * point.prediction
          return sum + point.weight * (rest * rest)
        }
        return (factor, squares.squareRoot() / predicted)
      case .shift:
        let shift = part.reduce(0) { $0 + $1.weight * ($1.target - $1.prediction) / count }
        let squares = part.reduce(0) { sum, point in
          let rest = point.target - point.prediction - shift
          return sum + point.weight * (rest * rest / count)
        }
        return (shift, (squares / count).squareRoot())
      }
    }

    var isFinite: Bool {
      (sizes + values + errors).allSatisfy(\.isFinite) && (form == .shift || values.allSatisfy { $0 > 0 })
    }

    func mean(of point: Point) -> Double {
      form == .factor ? point.prediction * value(at: point.size) : point.prediction + value(at: point.size)
    }

    /// Linear between the groups' middles (a factor's logarithm), constant beyond the outer ones.
    private func value(at size: Double) -> Double {
      guard let next = sizes.firstIndex(where: { $0 > size }) else { return values[values.count - 1] }
      guard next > 0 else { return values[0] }
      let share = (size - sizes[next - 1]) / (sizes[next] - sizes[next - 1])
      let (low, high) = (values[next - 1], values[next])
      return form == .factor ? low * pow(high / low, share) : low + share * (high - low)
    }

    /// Up to what does not depend on the curve.
    func loss(_ point: Point) -> Double {
      let mean = mean(of: point)
      switch form {
      case .factor:
        let amount = max(mean, .leastNormalMagnitude)
        return amount - point.target * log(amount)
      case .shift: return (point.target - mean) * (point.target - mean)
      }
    }
  }
}
