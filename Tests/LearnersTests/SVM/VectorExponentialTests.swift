import Glibc
import Learners
import Linalg
import TestSupport
import Testing

@Suite struct VectorExponentialTests {
  /// The error that the comment of `exponential` promises, with room for the points in between those tried there.
  static let largestError = 1.05

  private func exponentials(_ values: [Float]) -> [Float] {
    var result = values
    var span = result.mutableSpan
    exponentiate(&span)
    return result
  }

  @Test func agreesWithTheDoublePrecisionFunction() {
    // Every 2311th number from -87.336 to 0 and on to 88.72, so that all binades of the argument are visited.
    let negative = stride(from: Float(-0.0).bitPattern, to: Float(-87.336).bitPattern, by: 2311)
    let positive = stride(from: Float(0).bitPattern, to: Float(88.72).bitPattern, by: 2311)
    let arguments = (Array(negative) + Array(positive)).map { Float(bitPattern: $0) }
    var worst = 0.0
    for (argument, found) in zip(arguments, exponentials(arguments)) {
      let exact = exp(Double(argument))
      worst = max(worst, abs(Double(found) - exact) / Double(Float(exact).ulp))
    }
    #expect(worst <= Self.largestError)
  }

  @Test func underflowsToZero() {
    let arguments: [Float] = [-87.34, -88, -100, -104, -1e4, -1e30, -.greatestFiniteMagnitude, -.infinity]
    #expect(exponentials(arguments).allSatisfy { $0 == 0 })
    #expect(exponentials([-87.33])[0] >= Float.leastNormalMagnitude)
    #expect(exponentials([0, -0.0, 1e-30]) == [1, 1, 1])
  }

  @Test func overflowsToInfinityAndKeepsNaN() {
    let overflown = exponentials([88.73, 89, 1000, .greatestFiniteMagnitude, .infinity])
    #expect(overflown.allSatisfy { $0 == .infinity })
    #expect(exponentials([88.72])[0] < .infinity)
    let undefined = exponentials([.nan, -.nan])
    #expect(undefined.allSatisfy { $0.isNaN })
  }

  @Test(arguments: 0...17) func everyLengthIsWhole(count: Int) {
    let arguments = (0..<count).map { -Float($0) / 3 }
    let padded = exponentials(arguments + Array(repeating: -1, count: 32))
    #expect(exponentials(arguments) == Array(padded.prefix(count)))
  }

  /// The kernel has an exponential of its own, for negative numbers. Coordinates of 12 bits have exact squares.
  @Test func theKernelIsAsExact() throws {
    var tensors = TensorStore()
    tensors.set("support_vectors", shape: [1, 1], .float64([0]))
    tensors.set("dual_coefficients", shape: [1], .float64([1]))
    tensors.set("center", shape: [1], .float64([0]))
    tensors.set("gamma", 1.0)
    tensors.set("intercept", 0.0)
    tensors.set("dual_objective", 0.0)
    tensors.set("iterations", shape: [2], .uint64([1, 1]))
    var parameters = SVR.Parameters()
    parameters.gamma = 1
    let model = try SVR(decoding: tensors, parameters: parameters, featureCount: 1)
    let x = Matrix<Double>(rows: 2600, columns: 1) { row, _ in Double(row) / 256 }
    let values = try model.predict(x)
    for (row, value) in values.enumerated() {
      let exponent = -x[row, 0] * x[row, 0]
      let exact = exponent < -87.336 ? 0 : exp(exponent)
      #expect(abs(value - exact) <= Self.largestError * Double(Float(exact).ulp), "exp(\(exponent))")
    }
  }
}
