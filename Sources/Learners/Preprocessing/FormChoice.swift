/// Chooses the form of every number with a long tail by what it does for ridge regression on the training rows.
///
/// The error is the leave-one-out error of `LeaveOneOutProbe` on at most 4,096 rows, evenly spread. First the one form is taken
/// that serves best for all such numbers; then, where that is cheap, each of them may change to a form that lowers the squared
/// errors of the rows by more than 2.5 standard errors of the mean difference: less is chance where so much is compared.
/// Everything is judged on scale-free measures, so units never matter.
internal struct FormChoice: Sendable {
  private let probe: LeaveOneOutProbe
  /// Columns that do not depend on the choice.
  private let fixed: [[Double]]
  /// For each number with a long tail the columns of each form.
  private let shaped: [Int: [NumberForm: [[Double]]]]
  private let tails: [Int: NumberTail]
  private let heavy: [Int]
  private let rows: Int
  /// Of the rows; nil where each counts once.
  private let weights: [Double]?

  /// Nil where there is nothing to choose, or nothing to choose by.
  /// - Parameters:
  ///   - columns: the features of the training rows.
  ///   - target: on the scale of fitting.
  ///   - weights: one a row; nil where each counts once.
  init?(_ columns: [TrainingColumn], target: [Double], weights: [Double]?) {
    heavy = columns.indices.filter { columns[$0].tail?.isHeavy ?? false }
    guard !heavy.isEmpty, target.count >= Self.leastRows, meanAndDeviation(target).deviation > 0 else { return nil }
    let sample = Self.sample(target.count, columns: columns.count)
    rows = sample.count
    let sampled = weights.map { weights in sample.map { weights[$0] } }
    self.weights = sampled
    probe = LeaveOneOutProbe(target: sample.map { target[$0] }, weights: sampled)
    fixed = columns.flatMap { $0.fixedColumns(sample) }
    shaped = Dictionary(uniqueKeysWithValues: heavy.map { ($0, columns[$0].shapedColumns(sample)) })
    tails = Dictionary(uniqueKeysWithValues: heavy.compactMap { index in columns[index].tail.map { (index, $0) } })
  }

  private static let leastRows = 4
  private static let mostRows = 4_096
  private static let mostElements = 1 << 24
  /// Flops that the choice for single numbers may cost.
  private static let mostWork = 4e9
  /// In standard errors.
  private static let leastEvidence = 2.5

  private static func sample(_ count: Int, columns: Int) -> [Int] {
    let size = min(count, max(64, min(mostRows, mostElements / (4 * max(1, columns)))))
    return (0..<size).map { $0 * count / size }
  }

  /// Whether there is time to choose for each number alone.
  private static func canChooseAlone(rows: Double, fixed: Double, heavy: Double) -> Bool {
    let columns = fixed + 2 * heavy
    let (shorter, longer) = (min(rows, columns), max(rows, columns))
    let workOfOne = 2 * longer * shorter * shorter + 4 * shorter * shorter * shorter
    return workOfOne * 3 * heavy <= mostWork && heavy > 1
  }

  /// What the choice costs one thread, about.
  /// - Parameters:
  ///   - rows: of the training part.
  ///   - fixed: columns that do not depend on the choice.
  ///   - heavy: numbers with long tails.
  ///   - eachAlone: for a learner that is linear in the columns.
  static func nanoseconds(rows: Int, fixed: Double, heavy: Double, eachAlone: Bool) -> Double {
    let columns = fixed + 2 * heavy
    let rows = Double(sample(rows, columns: Int(columns)).count)
    let (shorter, longer) = (min(rows, columns), max(rows, columns))
    let fits = 5 + (eachAlone && canChooseAlone(rows: rows, fixed: fixed, heavy: heavy) ? 3 * heavy : 0)
    return fits * (10 * rows * columns + 0.15 * longer * shorter * shorter + shorter * shorter * shorter)
  }

  /// For a learner that is linear in the columns.
  func linearForms() -> [Int: NumberForm] {
    let form = bestOfAll.form
    var forms = Dictionary(uniqueKeysWithValues: heavy.map { ($0, form) })
    let (fixed, count) = (Double(fixed.count), Double(heavy.count))
    guard Self.canChooseAlone(rows: Double(rows), fixed: fixed, heavy: count) else { return forms }
    guard var current = squaredErrors(forms) else { return forms }
    for index in heavy {
      for other in NumberForm.allCases where other != forms[index] {
        var changed = forms
        changed[index] = other
        guard let found = squaredErrors(changed), isClearlyLess(found, than: current) else { continue }
        (forms, current) = (changed, found)
      }
    }
    return forms
  }

  private func isClearlyLess(_ errors: [Double], than before: [Double]) -> Bool {
    let (gain, deviation) = meanAndDeviation(zip(before, errors).map { $0 - $1 }, weights: weights)
    let count = weights?.reduce(0, +) ?? Double(errors.count)
    return gain > 0 && gain > Self.leastEvidence * deviation / count.squareRoot()
  }

  /// For a learner that sees distances between rows, or a target on a logarithmic scale: the logarithm of what it shortens,
  /// unless another form halves the error of ridge regression.
  func plainForms() -> [Int: NumberForm] {
    let plain = tails.mapValues(\.plainForm)
    let (form, least) = bestOfAll
    return least < error(plain) / 2 ? Dictionary(uniqueKeysWithValues: heavy.map { ($0, form) }) : plain
  }

  /// One form for all numbers with long tails.
  private var bestOfAll: (form: NumberForm, error: Double) {
    let errors = NumberForm.allCases.map { form in
      (form: form, error: error(Dictionary(uniqueKeysWithValues: heavy.map { ($0, form) })))
    }
    // Of equals the first, which is the number as it is.
    return errors.reduce(errors[0]) { $1.error < $0.error ? $1 : $0 }
  }

  private func error(_ forms: [Int: NumberForm]) -> Double { probe.error(columns(forms)) }

  private func squaredErrors(_ forms: [Int: NumberForm]) -> [Double]? { probe.squaredErrors(columns(forms)) }

  private func columns(_ forms: [Int: NumberForm]) -> [[Double]] {
    fixed + heavy.flatMap { index in forms[index].flatMap { shaped[index]?[$0] } ?? [] }
  }
}
