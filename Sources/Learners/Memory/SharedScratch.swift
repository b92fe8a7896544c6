/// Memory that the stages of a run share, and that several threads write to, each at its own indices. Those who use
/// it see to that.
@safe internal final class SharedScratch<Element: BitwiseCopyable>: @unchecked Sendable {
  let start: UnsafeMutablePointer<Element>
  let count: Int

  init(repeating element: Element, count: Int) {
    precondition(count >= 0, "SharedScratch: \(count) elements")
    // Whole cache lines, and one to spare: kernels read eight words at a time.
    let bytes = (count * MemoryLayout<Element>.stride + 127) & ~63
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    unsafe start = memory.bindMemory(to: Element.self, capacity: count)
    unsafe start.initialize(repeating: element, count: count)
    self.count = count
  }

  deinit { unsafe start.deallocate() }

  @inline(__always)
  subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count, "SharedScratch: index \(index) of \(count)")
      return unsafe start[index]
    }
    set {
      precondition(index >= 0 && index < count, "SharedScratch: index \(index) of \(count)")
      unsafe start[index] = newValue
    }
  }
}
