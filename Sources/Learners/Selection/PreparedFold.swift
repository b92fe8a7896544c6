internal import Linalg

/// The matrices of one fold in each form of features: made once, read by every learner that takes this form.
internal struct PreparedFold: Sendable {
  let fold: Int
  let trainingRows: TrainingRows
  let testRows: [Int]
  private let forms: [Preparation.Features: Form]

  private struct Form: Sendable {
    let training: Matrix<Double>
    let test: Matrix<Double>
    let trainingDuration: Duration
    let testDuration: Duration
  }

  /// A form whose pipeline could not be fitted has no matrices: asking for its pipeline tells why.
  init(
    _ fold: Int, of folds: Folds, _ dataset: Dataset, _ pipelines: FoldPipelines, for preparations: Set<Preparation>,
    clock: ContinuousClock
  ) {
    self.fold = fold
    trainingRows = pipelines.trainingRows(fold: fold)
    testRows = folds.testRows(fold)
    var forms: [Preparation.Features: Form] = [:]
    for preparation in preparations where forms[preparation.features] == nil {
      guard let pipeline = try? pipelines.pipeline(preparation, fold: fold) else { continue }
      let start = clock.now
      let training = pipeline.trainingMatrix(of: trainingRows, in: dataset)
      let encoded = clock.now
      let test = pipeline.matrix(of: testRows, in: dataset.features)
      forms[preparation.features] = Form(
        training: training, test: test, trainingDuration: encoded - start, testDuration: clock.now - encoded)
    }
    self.forms = forms
  }

  /// The training rows as a learner with this pipeline sees them, and the held-out ones.
  func matrices(_ form: Preparation.Features) -> (training: Matrix<Double>, test: Matrix<Double>) {
    guard let form = forms[form] else { preconditionFailure("PreparedFold: no matrix for \(form)") }
    return (form.training, form.test)
  }

  func durations(_ form: Preparation.Features) -> (training: Duration, test: Duration) {
    (forms[form]?.trainingDuration ?? .zero, forms[form]?.testDuration ?? .zero)
  }
}
