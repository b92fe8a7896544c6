/// Elements at an address that does not change, for many threads to read.
@safe internal final class FixedElements<Element: BitwiseCopyable>: @unchecked Sendable {
  let start: UnsafePointer<Element>
  let count: Int

  init(_ elements: [Element]) {
    count = elements.count
    // Aligned to cache lines, which vector instructions want.
    let bytes = max(1, elements.count) * MemoryLayout<Element>.stride
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    let target = unsafe memory.bindMemory(to: Element.self, capacity: elements.count)
    for index in elements.indices { unsafe (target + index).initialize(to: elements[index]) }
    unsafe start = UnsafePointer(target)
  }

  deinit { unsafe start.deallocate() }

  subscript(index: Int) -> Element {
    precondition(index >= 0 && index < count, "FixedElements: index \(index) of \(count)")
    return unsafe start[index]
  }
}
