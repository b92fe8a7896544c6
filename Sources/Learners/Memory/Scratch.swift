/// Memory that a solver asks for once, before its iterations, and that is freed with its owner: no reference counts and no
/// bounds checks in inner loops. A page that is never touched costs nothing.
///
/// Who uses `pointer` answers for the bounds; the files that do are the callers of CKernels.
@safe
internal struct Scratch<Element: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
  internal let count: Int
  private let buffer: UnsafeMutablePointer<Element>

  /// Room for `count` elements, whose contents are whatever the memory holds. Aligned to 64 bytes.
  internal init(count: Int) {
    precondition(count >= 0, "Scratch: \(count) elements")
    let bytes = max(1, count * MemoryLayout<Element>.stride)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    unsafe buffer = memory.bindMemory(to: Element.self, capacity: count)
    self.count = count
  }

  internal init(count: Int, repeating value: Element) {
    self.init(count: count)
    unsafe buffer.initialize(repeating: value, count: count)
  }

  internal init(_ elements: [Element]) {
    self.init(count: elements.count)
    unsafe elements.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { unsafe buffer.initialize(from: base, count: source.count) }
    }
  }

  deinit { unsafe UnsafeMutableRawPointer(buffer).deallocate() }

  @unsafe internal var pointer: UnsafeMutablePointer<Element> { unsafe buffer }

  internal subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count, "Scratch: index \(index) is outside 0 ..< \(count)")
      return unsafe buffer[index]
    }
    nonmutating set {
      precondition(index >= 0 && index < count, "Scratch: index \(index) is outside 0 ..< \(count)")
      unsafe buffer[index] = newValue
    }
  }
}
