/// The nonlinearity of a hidden layer.
///
/// Both are plain arithmetic on whole layers, without a call into the C library (`CKernels`).
public enum Activation: String, CaseIterable, Sendable, Hashable {
  /// max(z, 0).
  case relu
  /// z tanh(ln(1 + eᶻ)): smooth. Source: Misra, BMVC 2020, arXiv:1908.08681.
  case mish
}
