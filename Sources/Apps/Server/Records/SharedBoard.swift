internal import Glibc
internal import Synchronization

/// Counters in memory that all processes of one server share, so that any of them can tell the sums.
///
/// Each process writes to its own slot. A process that takes the place of one that died goes on with its slot, so
/// counters never run backwards.
@safe package final class SharedBoard: @unchecked Sendable {
  // The pointer is never changed, and what it points to is only touched by atomic operations.
  private let words: UnsafeMutablePointer<Atomic<Int>>
  private let slots: Int
  /// Of this process.
  private let slot: Int
  /// Words of a slot.
  private let size: Int
  /// What another process has to be given to use the same memory.
  package let descriptor: Int32

  /// Words in front of the slots, for what is everybody's.
  static let commonWords = 64

  /// - Parameter descriptor: of the memory of another process's board; nil to make it.
  /// - Throws: the code of the system's error.
  package init(slots: Int, slot: Int, size: Int, descriptor given: Int32? = nil) throws(SystemError) {
    let bytes = (Self.commonWords + slots * size) * MemoryLayout<Int>.stride
    descriptor = given ?? Self.anonymousFile()
    guard descriptor >= 0, given != nil || ftruncate(descriptor, bytes) == 0 else { throw SystemError(errno) }
    guard let memory = unsafe mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
      unsafe memory != MAP_FAILED
    else { throw SystemError(errno) }
    unsafe words = memory.bindMemory(to: Atomic<Int>.self, capacity: Self.commonWords + slots * size)
    self.slots = slots
    self.slot = slot
    self.size = size
  }

  deinit {
    unsafe munmap(words, (Self.commonWords + slots * size) * MemoryLayout<Int>.stride)
    close(descriptor)
  }

  /// A file in memory that has no name any more.
  private static func anonymousFile() -> Int32 {
    // mkstemp writes letters of its own over the six.
    var name = Array("/dev/shm/learners-XXXXXX".utf8CString)
    let descriptor = unsafe mkstemp(&name)
    guard descriptor >= 0 else { return -1 }
    unsafe unlink(name)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    return descriptor
  }

  /// Adds to a counter of this process.
  func add(_ amount: Int, at index: Int) {
    precondition(index >= 0 && index < size, "SharedBoard: counter \(index) of \(size)")
    unsafe words[Self.commonWords + slot * size + index].add(amount, ordering: .relaxed)
  }

  /// Adds to a counter of this process that nobody else writes meanwhile: whoever calls sees to that, by a lock for many
  /// counters. Each of many additions by itself takes the processor as long as twenty others.
  func addAlone(_ amount: Int, at index: Int) {
    precondition(index >= 0 && index < size, "SharedBoard: counter \(index) of \(size)")
    let place = Self.commonWords + slot * size + index
    unsafe words[place].store(words[place].load(ordering: .relaxed) &+ amount, ordering: .relaxed)
  }

  func set(_ value: Int, at index: Int) {
    precondition(index >= 0 && index < size, "SharedBoard: counter \(index) of \(size)")
    unsafe words[Self.commonWords + slot * size + index].store(value, ordering: .relaxed)
  }

  /// What this process has written.
  func own(at index: Int) -> Int {
    precondition(index >= 0 && index < size, "SharedBoard: counter \(index) of \(size)")
    return unsafe words[Self.commonWords + slot * size + index].load(ordering: .relaxed)
  }

  /// The sum over the processes in which another word has this value.
  func sum(at index: Int, where other: Int, is value: Int) -> Int {
    precondition(index >= 0 && index < size && other >= 0 && other < size, "SharedBoard: counter \(index) of \(size)")
    return (0..<slots).reduce(0) { sum, slot in
      let first = Self.commonWords + slot * size
      guard unsafe words[first + other].load(ordering: .relaxed) == value else { return sum }
      return unsafe sum &+ words[first + index].load(ordering: .relaxed)
    }
  }

  /// The sum over all processes.
  func sum(at index: Int) -> Int {
    precondition(index >= 0 && index < size, "SharedBoard: counter \(index) of \(size)")
    return (0..<slots).reduce(0) { unsafe $0 &+ words[Self.commonWords + $1 * size + index].load(ordering: .relaxed) }
  }

  /// A word that all processes read and write.
  subscript(common index: Int) -> Int {
    get {
      precondition(index >= 0 && index < Self.commonWords, "SharedBoard: word \(index) of \(Self.commonWords)")
      return unsafe words[index].load(ordering: .acquiring)
    }
    set {
      precondition(index >= 0 && index < Self.commonWords, "SharedBoard: word \(index) of \(Self.commonWords)")
      unsafe words[index].store(newValue, ordering: .releasing)
    }
  }
}
