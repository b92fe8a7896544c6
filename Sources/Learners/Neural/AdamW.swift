internal import CKernels

/// The AdamW step on a flat array of parameters.
///
/// m := β₁ m + (1 - β₁) g, v := β₂ v + (1 - β₂) g², and with both corrected for their start at 0,
/// parameter := (1 - η λ) parameter - η m̂ / √(v̂ + 1e-16), where λ is 0 for biases. (The papers have √v̂ + 1e-8, which is
/// the same but for gradients near 1e-8.) One pass over memory.
/// Sources: Kingma & Ba, "Adam", ICLR 2015, arXiv:1412.6980; Loshchilov & Hutter, "Decoupled weight decay
/// regularization", ICLR 2019, arXiv:1711.05101.
@safe
package struct AdamW: ~Copyable {
  private let beta1: Double
  private let beta2: Double
  private let weightDecay: Double
  private let weightRanges: [Range<Int>]
  private let count: Int
  /// `count` means of gradients, then as many of their squares.
  private let moments: UnsafeMutablePointer<Float>
  private var beta1Power = 1.0
  private var beta2Power = 1.0
  /// The step begun last, for biases and for weights.
  private var steps = (biases: kernels_adamw_step(), weights: kernels_adamw_step())

  /// - Parameter weightRanges: the parameters that decay, in ascending order.
  package init(parameterCount: Int, weightRanges: [Range<Int>], beta1: Double, beta2: Double, weightDecay: Double) {
    // Single precision would round a decay still nearer to 1 to 1: nothing would ever be added to the mean.
    let largest = Double(Float(1).nextDown)
    self.beta1 = min(beta1, largest)
    self.beta2 = min(beta2, largest)
    self.weightDecay = weightDecay
    self.weightRanges = weightRanges
    count = parameterCount
    unsafe moments = UnsafeMutablePointer<Float>.allocate(capacity: 2 * count)
    unsafe moments.initialize(repeating: 0, count: 2 * count)
  }

  deinit { unsafe moments.deallocate() }

  /// Begins a step of size `learningRate`; `update` then has to visit every parameter once.
  mutating func begin(learningRate: Double) {
    beta1Power *= beta1
    beta2Power *= beta2
    steps.biases = kernels_adamw_step(
      mean_kept: Float(beta1), square_kept: Float(beta2), rate: Float(learningRate / (1 - beta1Power)),
      square_correction: Float(1 / (1 - beta2Power)), kept: 1)
    steps.weights = steps.biases
    steps.weights.kept = Float(1 - learningRate * weightDecay)
  }

  /// Moves the parameters of a range down the sum of `gradients` gradients that lie `gradientStride` apart. The
  /// first gradient is overwritten with the sum. Ranges may be updated at the same time.
  @unsafe
  func update(
    _ range: Range<Int>, of parameters: UnsafeMutablePointer<Float>, gradient: UnsafeMutablePointer<Float>,
    gradients: Int = 1, gradientStride: Int = 0
  ) {
    precondition(0...count ~= range.upperBound, "AdamW: parameters \(range) of \(count)")
    func update(_ part: Range<Int>, _ step: kernels_adamw_step) {
      let start = part.lowerBound
      unsafe kernels_adamw(
        step, parameters + start, moments + start, moments + count + start, gradient + start, gradients, gradientStride,
        part.count)
    }
    var end = range.lowerBound
    for weights in weightRanges where weights.overlaps(range) {
      let weights = weights.clamped(to: range)
      update(end..<weights.lowerBound, steps.biases)
      update(weights, steps.weights)
      end = weights.upperBound
    }
    update(end..<range.upperBound, steps.biases)
  }

  /// One whole step.
  package mutating func step(_ parameters: inout [Float], gradient: [Float], learningRate: Double) {
    precondition(
      parameters.count == count && gradient.count == count,
      "AdamW: \(parameters.count) parameters and \(gradient.count) gradients for \(count)")
    begin(learningRate: learningRate)
    var gradient = gradient
    unsafe parameters.withUnsafeMutableBufferPointer { parameters in
      unsafe gradient.withUnsafeMutableBufferPointer { gradient in
        guard let parameters = parameters.baseAddress, let gradient = gradient.baseAddress else { return }
        unsafe update(0..<count, of: parameters, gradient: gradient)
      }
    }
  }
}
