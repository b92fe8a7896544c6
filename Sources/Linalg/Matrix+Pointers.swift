extension Matrix {
  /// Gives `body` the address of the first element. Not for an empty matrix.
  internal func withPointer<Result>(_ body: (Operand<Element>) -> Result) -> Result {
    unsafe storage.withUnsafeBufferPointer { body(unsafe Operand($0.baseAddress!)) }
  }

  /// Gives `body` the address of the first element, for writing. Not for an empty matrix.
  internal mutating func withMutablePointer<Result>(_ body: (Target<Element>) -> Result) -> Result {
    unsafe storage.withUnsafeMutableBufferPointer { body(unsafe Target($0.baseAddress!)) }
  }
}

/// The address of numbers that several threads read.
@safe internal struct Operand<Element>: @unchecked Sendable {
  internal let pointer: UnsafePointer<Element>
  @unsafe internal init(_ pointer: UnsafePointer<Element>) { unsafe self.pointer = pointer }
}

/// The address of a result of which each thread writes its own part.
@safe internal struct Target<Element>: @unchecked Sendable {
  internal let pointer: UnsafeMutablePointer<Element>
  @unsafe internal init(_ pointer: UnsafeMutablePointer<Element>) { unsafe self.pointer = pointer }
}
