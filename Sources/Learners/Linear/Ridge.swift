public import Linalg

/// Linear least squares with an L2 penalty, solved in closed form.
///
/// Minimises Σ w (y - x·β - b)² + α‖β‖² over β and, with `fitsIntercept`, over b, which is not penalised: features and
/// target are centred by their weighted means.
/// Shapes: x is samples x features, y is samples, β is features. Units: β in units of y per unit of the feature, α in
/// (units of x)² times weight, so features should be on one scale.
///
/// Method: Cholesky of ZᵀZ + αI, with Z the centred rows times √w, when there are at least as many rows as features,
/// else of ZZᵀ + αI. Where columns depend on each other so much that ZᵀZ has lost digits, the solution is corrected by
/// residuals computed from the rows; where that does not help, singular values are used.
/// Cost: s f² flops and one pass over X for s ≥ f, else s² f and two passes; f² or s² memory beside X.
///
/// The penalty, where it is not given, is the one of 25 with the smallest leave-one-out error. From one eigendecomposition
/// of ZᵀZ or ZZᵀ the error of every row for every penalty follows exactly, without refitting: e / (1 - h) with h the
/// leverage. Cost 2 s f² + 4 f³ more, or 4 s³. The leave-one-out error leaves out a row with its whole weight.
/// Sources: Hoerl & Kennard, Technometrics 12(1), 1970, doi:10.1080/00401706.1970.10488634; leave-one-out: Allen,
/// Technometrics 16(1), 1974, doi:10.1080/00401706.1974.10489157.
///
/// | parameter | default | range | meaning |
/// |---|---|---|---|
/// | alpha | auto | [0, ∞) or auto | penalty on the squared coefficients; auto: smallest leave-one-out error |
/// | fitsIntercept | true | true, false | whether a constant that is not penalised is added |
///
/// At alpha = 0 with dependent columns the solution of smallest norm is taken; singular values below max(s, f) ε of the
/// largest count as zero.
/// Weights: a weight of k is k copies of a row for a given alpha.
/// Accuracy: coefficients agree with scikit-learn's to 1e-9 relative on Tests/Fixtures/ridge.json.
public struct Ridge: Regressor {
  public struct Parameters: HyperParameters {
    /// α, or nil to choose it.
    public var alpha: Double?
    public var fitsIntercept = true

    public init() {}

    public init(alpha: Double?, fitsIntercept: Bool = true) {
      self.alpha = alpha
      self.fitsIntercept = fitsIntercept
    }

    public static let table: [Parameter<Self>] = [
      .optionalReal(
        "alpha", \.alpha, in: .atLeast(0), "penalty on the squared coefficients; auto: smallest leave-one-out error"),
      .flag("fitsIntercept", \.fitsIntercept, "whether a constant that is not penalised is added"),
    ]
  }

  public static let name = "ridge"
  public static let preparation = Preparation(features: .linear, target: .asGiven)

  /// Without an intercept the fit goes through the origin of the data: nothing is centred.
  public static func preparation(for parameters: Parameters) -> Preparation {
    parameters.fitsIntercept ? preparation : Preparation(features: .linearFromZero, target: .asGiven)
  }

  public let parameters: Parameters
  /// β, one a feature.
  public let coefficients: [Double]
  /// b.
  public let intercept: Double
  /// The penalty that was given or chosen.
  public let alpha: Double
  /// What the penalty was chosen by; empty where it was given.
  public let path: PenaltyChoice
  /// Weighted standard deviation of each feature over the training rows (root mean square without intercept).
  public let featureDeviations: [Double]
  /// Weighted mean of each feature over the training rows (0 without intercept).
  public let featureMeans: [Double]

  public var featureCount: Int { coefficients.count }

  /// - Throws: `.parameter`; `.nonFinite` for a missing value; `.linalg` where squares of the data overflow.
  public init(fitting training: TrainingSet, parameters: Parameters = .init(), seed: UInt64 = 0) throws(FitError) {
    do throws(ParameterError) { try parameters.validate() } catch { throw .parameter(error) }
    try self.init(valid: training.withoutAbsentRows(), parameters: parameters)
  }

  /// Fits to the rows of x as they are, in one pass over them less: what is not finite shows in the sums.
  ///
  /// The same learner, to the bit, and the same errors as those of the training set.
  public init(
    fitting x: Matrix<Double>, to y: [Double], weights: [Double]? = nil, parameters: Parameters = .init()
  ) throws(FitError) {
    do throws(ParameterError) { try parameters.validate() } catch { throw .parameter(error) }
    let hasAbsentRows = weights?.contains(0) ?? false
    let training =
      try hasAbsentRows
      ? TrainingSet(x: x, y: y, weights: weights).withoutAbsentRows()
      : TrainingSet(leavingToLearner: x, y: y, weights: weights)
    try self.init(valid: training, parameters: parameters)
  }

  private init(valid training: TrainingSet, parameters: Parameters) throws(FitError) {
    if training.x.rows >= training.x.columns {
      let form = try PrimalRidge(training, centred: parameters.fitsIntercept)
      self = try Self.fit([parameters], form, training)[0]
    } else {
      let form = try DualRidge(training, centred: parameters.fitsIntercept)
      self = try Self.fit([parameters], form, training)[0]
    }
  }

  /// All penalties from one pass over the rows and, where that is as good, one eigendecomposition.
  ///
  /// Coefficients agree with those of a fit of its own to 1e-8 relative. Where the condition number with the penalty is
  /// above 10⁵, the penalty is solved for by itself. One fit counts for each value of `fitsIntercept`.
  public static func fitPath(
    _ settings: [Parameters], on training: TrainingSet, seed: UInt64
  ) throws(FitError) -> FittedPath<Ridge> {
    for parameters in settings {
      do throws(ParameterError) { try parameters.validate() } catch { throw .parameter(error) }
    }
    let training = try training.withoutAbsentRows()
    var learners = [Ridge?](repeating: nil, count: settings.count)
    var distinctFits = 0
    for fitsIntercept in [true, false] {
      let indices = settings.indices.filter { settings[$0].fitsIntercept == fitsIntercept }
      guard !indices.isEmpty else { continue }
      let group = indices.map { settings[$0] }
      let fitted =
        try training.x.rows >= training.x.columns
        ? fit(group, PrimalRidge(training, centred: fitsIntercept), training)
        : fit(group, DualRidge(training, centred: fitsIntercept), training)
      for (index, learner) in zip(indices, fitted) { learners[index] = learner }
      distinctFits += 1
    }
    return FittedPath(learners: learners.compactMap { $0 }, distinctFits: distinctFits)
  }

  /// One learner for each of several settings that agree in `fitsIntercept`.
  private static func fit(
    _ settings: [Parameters], _ form: some RidgeForm, _ training: TrainingSet
  ) throws(FitError) -> [Ridge] {
    do throws(LinalgError) {
      let isAutomatic = settings.contains { $0.alpha == nil }
      let path = try isAutomatic ? penaltyPath(form, training, fitsIntercept: settings[0].fitsIntercept) : .empty
      // Without any leave-one-out error (one row) any penalty will do.
      let alphas = settings.map { $0.alpha ?? path.best ?? max(form.meanEigenvalue, 1) }
      let coefficients = try form.coefficients(alphas: alphas)
      return try settings.indices.map { index throws(LinalgError) in
        try Ridge(
          form, coefficients[index], alpha: alphas[index], path: settings[index].alpha == nil ? path : .empty,
          totalWeight: training.totalWeight, parameters: settings[index])
      }
    } catch {
      throw .linalg(error)
    }
  }

  /// Leave-one-out errors choose for rows like those that are known. Where rows come in groups, errors of groups held out do.
  private static func penaltyPath(
    _ form: some RidgeForm, _ training: TrainingSet, fitsIntercept: Bool
  ) throws(LinalgError) -> PenaltyChoice {
    guard let groups = training.groups,
      let folds = try? Folds(grouping: groups.numbered, into: min(10, Set(groups).count), seed: 0),
      let validation = try? RidgeCrossValidation(
        training.x, training.y, weights: training.weights, folds: folds,
        alphas: PenaltyChoice.candidates(meanEigenvalue: form.meanEigenvalue), fitsIntercept: fitsIntercept)
    else { return try form.penaltyPath(weights: training.weights) }
    let known = validation.alphas.indices.filter { validation.meanSquaredErrors[$0].isFinite }
    return PenaltyChoice(
      alphas: known.map { validation.alphas[$0] }, meanSquaredErrors: known.map { validation.meanSquaredErrors[$0] })
  }

  private init(
    _ form: some RidgeForm, _ coefficients: [Double], alpha: Double, path: PenaltyChoice, totalWeight: Double,
    parameters: Parameters
  ) throws(LinalgError) {
    if let column = coefficients.firstIndex(where: { !$0.isFinite }) { throw .nonFinite(row: column, column: column) }
    self.coefficients = coefficients
    self.alpha = alpha
    self.path = path
    self.parameters = parameters
    intercept = zip(form.means, coefficients).reduce(form.targetMean) { $0 - $1.0 * $1.1 }
    featureMeans = form.means
    featureDeviations = form.squares.map { ($0 / totalWeight).squareRoot() }
  }

  /// Leave-one-out errors, rows x alphas: y minus what the fit to all other rows predicts, from one eigendecomposition.
  ///
  /// Infinite where no other row tells anything about a row (a single row, a feature that only this row has at a
  /// penalty that is tiny beside it). All weights must be positive.
  package static func leaveOneOutErrors(
    of training: TrainingSet, alphas: [Double], fitsIntercept: Bool = true
  ) throws(FitError) -> Matrix<Double> {
    precondition(training.weights?.allSatisfy { $0 > 0 } ?? true, "leaveOneOutErrors: a weight is zero")
    func errors(_ form: some RidgeForm) throws(FitError) -> [Double] {
      do throws(LinalgError) {
        return try form.mapLeaveOneOutErrors(alphas: alphas) { $1.elements }.flatMap { $0 }
      } catch {
        throw .linalg(error)
      }
    }
    let elements =
      try training.x.rows >= training.x.columns
      ? errors(PrimalRidge(training, centred: fitsIntercept)) : errors(DualRidge(training, centred: fitsIntercept))
    return Matrix(rows: training.x.rows, columns: alphas.count, elements: elements)
  }

  public func predict(_ x: Matrix<Double>) throws(PredictionError) -> [Double] {
    try checkInput(x, finite: false)
    var predictions = [Double](repeating: intercept, count: x.rows)
    Parallel.fill(&predictions, cost: 1 + 0.3 * Double(featureCount)) { rows, predictions in
      x.withSpan { elements in
        for (index, row) in rows.enumerated() {
          let start = row * coefficients.count
          predictions[index] += dotProduct(elements.extracting(start..<start + coefficients.count), coefficients.span)
        }
      }
    }
    // What is not finite in a row makes its prediction so: only then is it worth looking for.
    if !predictions.allSatisfy(\.isFinite) { try checkInput(x, finite: true) }
    return predictions
  }

  /// |βⱼ| times the deviation of feature j, as parts of their sum; nil where no feature matters.
  public var featureImportance: [Double]? {
    let effects = zip(coefficients, featureDeviations).map { abs($0) * $1 }
    let sum = effects.reduce(0, +)
    return sum > 0 && sum.isFinite ? effects.map { $0 / sum } : nil
  }

  // MARK: Model file

  public func encode(into tensors: inout TensorStore) {
    tensors.set("coefficients", shape: [featureCount], .float64(coefficients))
    tensors.set("featureDeviations", shape: [featureCount], .float64(featureDeviations))
    tensors.set("featureMeans", shape: [featureCount], .float64(featureMeans))
    tensors.set("intercept", intercept)
    tensors.set("alpha", alpha)
    tensors.set("pathAlphas", shape: [path.alphas.count], .float64(path.alphas))
    tensors.set("pathErrors", shape: [path.alphas.count], .float64(path.meanSquaredErrors))
  }

  public init(decoding tensors: TensorStore, parameters: Parameters, featureCount: Int) throws(ModelFileError) {
    coefficients = try tensors.float64("coefficients", shape: [featureCount])
    featureDeviations = try tensors.nonNegative("featureDeviations", count: featureCount)
    featureMeans = try tensors.float64("featureMeans", shape: [featureCount])
    intercept = try tensors.finiteDouble("intercept")
    alpha = try tensors.nonNegative("alpha", count: 1)[0]
    if let given = parameters.alpha, given != alpha {
      throw .invalidValue(tensor: "alpha", index: 0, reason: "is not the parameter's value \(given)")
    }
    let alphas = try tensors.nonNegative("pathAlphas", count: nil)
    let errors = try tensors.nonNegative("pathErrors", count: alphas.count)
    path = PenaltyChoice(alphas: alphas, meanSquaredErrors: errors)
    self.parameters = parameters
  }
}

extension TensorStore {
  fileprivate func nonNegative(_ name: String, count: Int?) throws(ModelFileError) -> [Double] {
    let elements = try float64(name, shape: [count])
    if let index = elements.firstIndex(where: { $0 < 0 }) {
      throw .invalidValue(tensor: name, index: index, reason: "is negative")
    }
    return elements
  }
}

extension TrainingSet {
  /// The rows with a positive weight.
  fileprivate func withoutAbsentRows() throws(FitError) -> TrainingSet {
    guard let weights, weights.contains(0) else { return self }
    try requireNoMissing()  // here, where rows have their own numbers
    let present = weights.indices.filter { weights[$0] > 0 }
    return try TrainingSet(
      x: x.gathering(rows: present), y: present.map { y[$0] }, weights: present.map { weights[$0] },
      groups: groups.map { groups in present.map { groups[$0] } }, kinds: kinds)
  }
}
