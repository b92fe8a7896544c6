extension SVR {
  /// k(x, z) as scikit-learn names and defines them.
  public enum KernelShape: String, CaseIterable, Sendable, Hashable {
    /// exp(-gamma ‖x - z‖²)
    case rbf
    /// xᵀz
    case linear
    /// (gamma xᵀz + coefficient0)^degree
    case polynomial
  }

  public struct Parameters: HyperParameters {
    public var kernel = KernelShape.rbf
    /// 3 for a standardised target: max(|mean + 3 sd|, |mean - 3 sd|) of the target, as Cherkassky & Ma propose, Neural
    /// Networks 17(1), 2004, "Practical selection of SVM parameters and noise estimation for SVM regression".
    public var c = 3.0
    public var epsilon = 0.1
    public var gamma: Double?
    public var degree = 3
    public var coefficient0 = 0.0
    public var tolerance = 1e-3
    public var shrinking = true
    public var cacheSize = 1024
    public var maxIterations = 10_000_000

    public init() {}

    public static let table: [Parameter<Self>] = [
      .choice("kernel", \.kernel, "shape of the kernel"),
      .real("c", \.c, in: .above(0), "price of an error beyond epsilon: the bound of a coefficient"),
      .real("epsilon", \.epsilon, in: .atLeast(0), "errors up to this, in units of the target, are free"),
      .optionalReal("gamma", \.gamma, in: .above(0), "width of the kernel; auto: 1 / (features · variance of x)")
        .needing("kernel", .text("rbf"), .text("polynomial")),
      .integer("degree", \.degree, in: 1...20, "power of the kernel").needing("kernel", .text("polynomial")),
      .real("coefficient0", \.coefficient0, in: .atLeast(0), "what is added to gamma xᵀz")
        .needing("kernel", .text("polynomial")),
      .real("tolerance", \.tolerance, in: .above(0), "stop when optimality is violated by no more than this"),
      .flag("shrinking", \.shrinking, "put coefficients aside that need not move; changes the time, not the result"),
      .integer(
        "cacheSize", \.cacheSize, in: 1...1_048_576, "memory for kernel values of a fit, in MiB; it takes 16 at most"),
      .integer("maxIterations", \.maxIterations, in: 1...Int.max, "most steps of two coefficients"),
    ]
  }
}
