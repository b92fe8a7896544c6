public import Linalg

/// Support vector regression: errors up to epsilon are free, larger ones cost C each unit.
///
/// f(x) = Σ βᵢ k(x, xᵢ) + b minimises ½‖f‖² + Σ Cᵢ max(0, |yᵢ - f(xᵢ)| - epsilon), ‖·‖ the norm that belongs to the
/// kernel k; Cᵢ = c · weightᵢ, so a weight of 2 is two copies of the row and a weight of 0 no row. What is solved is the
/// dual: minimise ½ βᵀKβ - yᵀβ + epsilon Σ|β| over Σβ = 0, |βᵢ| ≤ Cᵢ; β is alpha - alpha* of scikit-learn and LIBSVM.
/// Shapes: x is samples x features, y is samples. Units: epsilon in units of y, gamma in 1 / units of x squared.
/// Method: `DualSolver`; kernel values are single, coefficients and gradient double precision.
/// Cost: of a fit O(samples · support vectors · features) and more the harder the problem, about samples² in practice;
/// of a prediction O(support vectors · features). Memory: 16 MiB or `cacheSize`, and O(samples · features).
/// Sources: Vapnik, "The Nature of Statistical Learning Theory", 1995; Fan, Chen & Lin, JMLR 6, 2005;
/// Chang & Lin, "LIBSVM", ACM TIST 2(3), 2011, doi:10.1145/1961189.1961199.
///
/// | parameter | default | range | meaning |
/// | kernel | rbf | rbf, linear, polynomial | shape of the kernel |
/// | c | 3 | (0, ∞) | price of an error beyond epsilon: the bound of a coefficient |
/// | epsilon | 0.1 | [0, ∞) | errors up to this are free |
/// | gamma | auto | (0, ∞) or auto | of rbf and polynomial; auto is 1 / (features · variance of x) |
/// | degree | 3 | 1 … 20 | of polynomial |
/// | coefficient0 | 0 | [0, ∞) | of polynomial |
/// | tolerance | 1e-3 | (0, ∞) | LIBSVM's stopping rule |
/// | shrinking | true | true, false | put coefficients aside that need not move |
/// | cacheSize | 1024 | 1 … 1048576 | MiB for kernel values; 16 at most are taken |
/// | maxIterations | 10000000 | 1, 2, … | most steps of two coefficients |
/// - Throws: `FitError.parameter`, also where the kernel of these rows overflows; `.nonFinite` for a missing value.
/// - Accuracy: dual objective within 1e-4 of LIBSVM's on Tests/Fixtures/svr.json, predictions within 1e-2 sd.
public struct SVR: Regressor {
  public static let name = "svr"
  public static let preparation = Preparation(features: .dense, target: .standardized)
  public static let computesInSinglePrecision = true

  /// Beyond epsilon an error costs as much for each unit: what is predicted is near the median. Grids are ranked by R² all the
  /// same, for epsilon and c vary in them.
  public static func fittedLoss(of parameters: Parameters) -> FittedLoss { .insensitive }

  public let parameters: Parameters
  public let featureCount: Int
  /// Rows with a coefficient that is not 0, as they were given: support vectors x features.
  public let supportVectors: Matrix<Double>
  /// alpha - alpha* of each support vector.
  public let dualCoefficients: [Double]
  public let intercept: Double
  /// The gamma in use; 0 for the linear kernel, which has none.
  public let gamma: Double
  /// The minimised ½ βᵀKβ - yᵀβ + epsilon Σ|β|: minus the dual objective as it is often written.
  public let dualObjective: Double
  /// Whether optimality was reached within `maxIterations`; predictions are usable either way.
  public let converged: Bool
  /// Steps of two coefficients.
  public let iterations: Int
  internal let expansion: KernelExpansion

  public var supportVectorCount: Int { dualCoefficients.count }

  public init(fitting training: TrainingSet, parameters: Parameters = .init(), seed: UInt64 = 0) throws(FitError) {
    do throws(ParameterError) { try parameters.validate() } catch { throw .parameter(error) }
    let rows = try PresentRows(of: training)
    let kernel = Kernel(parameters, for: rows.x)
    var solver = DualSolver(
      kernel: kernel, points: try KernelPoints(kernel, rows.x, parameters), y: rows.y, bytes: parameters.cacheSize << 20
    )
    let solution = solver.solve(bounds: rows.bounds(c: parameters.c), settings: DualSettings(parameters))
    self.init(solution, kernel, rows.x, parameters)
  }

  internal init(_ solution: DualSolution, _ kernel: Kernel, _ x: Matrix<Double>, _ parameters: Parameters) {
    let supports = solution.coefficients.indices.filter { solution.coefficients[$0] != 0 }
    self.parameters = parameters
    featureCount = x.columns
    supportVectors = x.gathering(rows: supports)
    dualCoefficients = supports.map { solution.coefficients[$0] }
    intercept = solution.intercept
    gamma = kernel.gamma
    dualObjective = solution.objective
    converged = solution.converged
    iterations = solution.iterations
    expansion = Self.expansion(kernel, supportVectors, dualCoefficients)
  }

  /// What predicts: the same for the support vectors of a fit and for those read from a file.
  internal static func expansion(
    _ kernel: Kernel, _ supportVectors: Matrix<Double>, _ coefficients: [Double]
  ) -> KernelExpansion {
    let mapped = kernel.map(supportVectors)
    let points = KernelPoints(mapped: mapped, double: KernelPoints.needsDouble(kernel, mapped: mapped), kernel: kernel)
    return KernelExpansion(kernel: kernel, points: points, coefficients: coefficients)
  }

  public func predict(_ x: Matrix<Double>) throws(PredictionError) -> [Double] {
    try checkInput(x, finite: true)
    let kernel = expansion.kernel
    let points = KernelPoints(mapped: kernel.map(x), double: expansion.isDouble, kernel: kernel)
    return expansion.values(at: points).map { $0 + intercept }
  }
}

/// The rows of a training set that count: those of a weight above 0.
internal struct PresentRows: Sendable {
  let x: Matrix<Double>
  let y: [Double]
  private let weights: [Double]?

  init(of training: TrainingSet) throws(FitError) {
    try training.requireNoMissing()
    let present = training.y.indices.filter { training.weights?[$0] != 0 }
    let all = present.count == training.y.count
    x = all ? training.x : training.x.gathering(rows: present)
    y = all ? training.y : present.map { training.y[$0] }
    weights = training.weights.map { weights in present.map { weights[$0] } }
  }

  func bounds(c: Double) -> [Double] { weights?.map { c * $0 } ?? Array(repeating: c, count: y.count) }
}

extension KernelPoints {
  /// The training rows as `kernel` sees them.
  /// - Throws: `.parameter` where it overflows.
  internal init(_ kernel: Kernel, _ x: Matrix<Double>, _ parameters: SVR.Parameters) throws(FitError) {
    let mapped = kernel.map(x)
    guard kernel.isRepresentable(mapped: mapped) else {
      throw .parameter(
        .invalid(
          name: "kernel", value: parameters.kernel.rawValue,
          domain: "kernels with values under 1e30 on these rows (scale the features, or lower gamma or degree)"))
    }
    self.init(mapped: mapped, double: Self.needsDouble(kernel, mapped: mapped), kernel: kernel)
  }
}

extension DualSettings {
  internal init(_ parameters: SVR.Parameters) {
    epsilon = parameters.epsilon
    tolerance = parameters.tolerance
    maxIterations = parameters.maxIterations
    shrinks = parameters.shrinking
  }
}
