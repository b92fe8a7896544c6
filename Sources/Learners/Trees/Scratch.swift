/// Memory that one grower or table owns for as long as it lives: no reference counts, no bounds checks in inner loops.
/// Who holds the pointer answers for the bounds; the files that do are the splitters, the grower and the ranking.
@safe internal struct Scratch<Element: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
  internal let count: Int
  private let buffer: UnsafeMutablePointer<Element>

  internal init(count: Int, repeating value: Element) {
    precondition(count >= 0, "Scratch: \(count) elements")
    self.count = count
    unsafe buffer = .allocate(capacity: max(count, 1))
    unsafe buffer.initialize(repeating: value, count: count)
  }

  internal init(_ elements: [Element]) {
    count = elements.count
    unsafe buffer = .allocate(capacity: max(count, 1))
    unsafe elements.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { unsafe buffer.initialize(from: base, count: source.count) }
    }
  }

  @unsafe internal var pointer: UnsafeMutablePointer<Element> { unsafe buffer }

  deinit { unsafe buffer.deallocate() }
}
