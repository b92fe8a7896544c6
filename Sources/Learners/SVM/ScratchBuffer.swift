/// Memory for a solver that is asked for once, before its iterations, and freed with its owner.
///
/// The fast loops of the SVM family read and write it through `pointer`; a page that is never touched costs nothing.
@safe
internal struct ScratchBuffer<Element: BitwiseCopyable>: ~Copyable {
  let pointer: UnsafeMutablePointer<Element>
  let count: Int

  /// Room for `count` elements, whose contents are whatever the memory holds.
  init(count: Int) {
    let bytes = max(1, count * MemoryLayout<Element>.stride)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    unsafe pointer = memory.bindMemory(to: Element.self, capacity: count)
    self.count = count
  }

  init(count: Int, repeating value: Element) {
    self.init(count: count)
    unsafe pointer.initialize(repeating: value, count: count)
  }

  deinit { unsafe UnsafeMutableRawPointer(pointer).deallocate() }

  subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count, "ScratchBuffer: index \(index) is outside 0 ..< \(count)")
      return unsafe pointer[index]
    }
    nonmutating set {
      precondition(index >= 0 && index < count, "ScratchBuffer: index \(index) is outside 0 ..< \(count)")
      unsafe pointer[index] = newValue
    }
  }
}
