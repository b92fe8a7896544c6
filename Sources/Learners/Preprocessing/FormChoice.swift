/// Chooses the form of every number with a long tail by what it does for ridge regression on the training rows.
///
/// The error is the leave-one-out error of `LeaveOneOutProbe` on at most 4,096 rows, evenly spread. First one form is taken
/// for all such numbers; then, where that is cheap, each of them may change to another form that serves it better. The
/// number as it is must beat the other forms by a twentieth: a long tail that is straight today is a wild prediction
/// tomorrow. Exactly linear data beat them by far. Everything is judged on scale-free measures, so units never matter.
internal struct FormChoice: Sendable {
  private let probe: LeaveOneOutProbe
  /// Columns that do not depend on the choice.
  private let fixed: [[Double]]
  /// For each number with a long tail the columns of each form.
  private let shaped: [Int: [NumberForm: [[Double]]]]
  private let tails: [Int: NumberTail]
  private let heavy: [Int]
  private let rows: Int

  /// Nil where there is nothing to choose, or nothing to choose by.
  /// - Parameters:
  ///   - columns: the features of the training rows.
  ///   - target: on the scale of fitting.
  init?(_ columns: [TrainingColumn], target: [Double]) {
    heavy = columns.indices.filter { columns[$0].tail?.isHeavy ?? false }
    guard !heavy.isEmpty, target.count >= Self.leastRows, meanAndDeviation(target).deviation > 0 else { return nil }
    let sample = Self.sample(target.count, columns: columns.count)
    rows = sample.count
    probe = LeaveOneOutProbe(target: sample.map { target[$0] })
    fixed = columns.flatMap { $0.fixedColumns(sample) }
    shaped = Dictionary(uniqueKeysWithValues: heavy.map { ($0, columns[$0].shapedColumns(sample)) })
    tails = Dictionary(uniqueKeysWithValues: heavy.compactMap { index in columns[index].tail.map { (index, $0) } })
  }

  private static let leastRows = 4
  private static let mostRows = 4_096
  private static let mostElements = 1 << 24
  /// Flops that the choice for single numbers may cost.
  private static let mostWork = 4e9
  private static let leastGain = 0.995
  private static let leastGainOfRaw = 0.95

  private static func sample(_ count: Int, columns: Int) -> [Int] {
    let size = min(count, max(64, min(mostRows, mostElements / (4 * max(1, columns)))))
    return (0..<size).map { $0 * count / size }
  }

  /// For a learner that is linear in the columns.
  func linearForms() -> [Int: NumberForm] {
    let (form, least) = bestOfAll
    var forms = Dictionary(uniqueKeysWithValues: heavy.map { ($0, form) })
    let columns = Double(fixed.count + 2 * heavy.count)
    let (shorter, longer) = (min(Double(rows), columns), max(Double(rows), columns))
    let workOfOne = 2 * longer * shorter * shorter + 4 * shorter * shorter * shorter
    guard workOfOne * Double(3 * heavy.count) <= Self.mostWork, heavy.count > 1 else { return forms }
    var current = least
    for index in heavy {
      for other in NumberForm.allCases where other != forms[index] {
        var changed = forms
        changed[index] = other
        let found = error(changed)
        if found < current * (other == .raw ? Self.leastGainOfRaw : Self.leastGain) {
          (forms, current) = (changed, found)
        }
      }
    }
    return forms
  }

  /// For a learner that sees distances between rows: the logarithm of what it shortens, unless another form halves the
  /// error of ridge regression.
  func distanceForms() -> [Int: NumberForm] {
    let plain = tails.mapValues(\.plainForm)
    let (form, least) = bestOfAll
    return least < error(plain) / 2 ? Dictionary(uniqueKeysWithValues: heavy.map { ($0, form) }) : plain
  }

  /// One form for all numbers with long tails.
  private var bestOfAll: (form: NumberForm, error: Double) {
    let errors = NumberForm.allCases.map { form in
      (form: form, error: error(Dictionary(uniqueKeysWithValues: heavy.map { ($0, form) })))
    }
    func handicapped(_ candidate: (form: NumberForm, error: Double)) -> Double {
      candidate.form == .raw ? candidate.error / Self.leastGainOfRaw : candidate.error
    }
    return errors.reduce(errors[0]) { handicapped($1) < handicapped($0) ? $1 : $0 }
  }

  private func error(_ forms: [Int: NumberForm]) -> Double {
    probe.error(fixed + heavy.flatMap { index in forms[index].flatMap { shaped[index]?[$0] } ?? [] })
  }
}
