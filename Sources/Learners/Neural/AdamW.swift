/// The AdamW step on a flat array of parameters.
///
/// m := β₁ m + (1 - β₁) g, v := β₂ v + (1 - β₂) g², and with both corrected for their start at 0,
/// parameter := (1 - η λ) parameter - η m̂ / (√v̂ + 1e-8), where λ is 0 for biases. One pass over memory.
/// Sources: Kingma & Ba, "Adam", ICLR 2015, arXiv:1412.6980; Loshchilov & Hutter, "Decoupled weight decay
/// regularization", ICLR 2019, arXiv:1711.05101.
package struct AdamW: Sendable {
  private let beta1: Float
  private let beta2: Float
  /// λ of consecutive ranges that cover all parameters.
  private let decays: [(range: Range<Int>, weightDecay: Double)]
  private var means: [Float]
  private var squares: [Float]
  private var beta1Power = 1.0
  private var beta2Power = 1.0

  /// - Parameter weightRanges: the parameters that decay, in ascending order.
  package init(parameterCount: Int, weightRanges: [Range<Int>], beta1: Double, beta2: Double, weightDecay: Double) {
    self.beta1 = Float(beta1)
    self.beta2 = Float(beta2)
    var decays: [(range: Range<Int>, weightDecay: Double)] = []
    var end = 0
    for range in weightRanges {
      decays.append((end..<range.lowerBound, 0))
      decays.append((range, weightDecay))
      end = range.upperBound
    }
    self.decays = decays + [(end..<parameterCount, 0)]
    means = [Float](repeating: 0, count: parameterCount)
    squares = [Float](repeating: 0, count: parameterCount)
  }

  /// One step down `gradient` with step size `learningRate`.
  package mutating func step(_ parameters: inout [Float], gradient: [Float], learningRate: Double) {
    precondition(
      parameters.count == means.count && gradient.count == means.count,
      "AdamW: \(parameters.count) parameters and \(gradient.count) gradients for \(means.count)")
    beta1Power *= Double(beta1)
    beta2Power *= Double(beta2)
    let rate = Float(learningRate / (1 - beta1Power))
    let correction = Float(1 / (1 - beta2Power))
    unsafe parameters.withUnsafeMutableBufferPointer { parameters in
      unsafe gradient.withUnsafeBufferPointer { gradient in
        unsafe means.withUnsafeMutableBufferPointer { means in
          unsafe squares.withUnsafeMutableBufferPointer { squares in
            for (range, weightDecay) in decays {
              unsafe Self.update(
                UnsafeMutableBufferPointer(rebasing: parameters[range]), UnsafeBufferPointer(rebasing: gradient[range]),
                UnsafeMutableBufferPointer(rebasing: means[range]),
                UnsafeMutableBufferPointer(rebasing: squares[range]),
                beta1: beta1, beta2: beta2, rate: rate, correction: correction,
                kept: Float(1 - learningRate * weightDecay))
            }
          }
        }
      }
    }
  }

  /// A moment that has decayed below 1e-30 becomes 0: the CPU is many times slower on denormal numbers, in which the
  /// moments of a dead unit would end and stay.
  @unsafe
  private static func update(
    _ parameters: UnsafeMutableBufferPointer<Float>, _ gradient: UnsafeBufferPointer<Float>,
    _ means: UnsafeMutableBufferPointer<Float>, _ squares: UnsafeMutableBufferPointer<Float>,
    beta1: Float, beta2: Float, rate: Float, correction: Float, kept: Float
  ) {
    let (newShare1, newShare2) = (1 - beta1, 1 - beta2)
    for index in 0..<parameters.count {
      let slope = unsafe gradient[index]
      let mean = unsafe beta1 * means[index] + newShare1 * slope
      let square = unsafe beta2 * squares[index] + newShare2 * (slope * slope)
      unsafe means[index] = abs(mean) < 1e-30 ? 0 : mean
      unsafe squares[index] = square < 1e-30 ? 0 : square
      unsafe parameters[index] =
        unsafe kept * parameters[index] - rate * mean / (squareRoot(square * correction) + 1e-8)
    }
  }
}
