internal import Dispatch
internal import Glibc
internal import Learners

/// What a worker process does: units of work come in by a line each, results go out.
public enum WorkerMain {
  /// Works until there is nothing more to read, or until the coordinator is gone.
  ///
  /// - Parameters:
  ///   - path: a file of prepared data; nil where who started this process has opened it.
  ///   - memory: bytes that may be used beside the data that all workers share.
  /// - Throws: `SearchError` where the prepared data cannot be read.
  public static func run(prepared path: String?, memory: Int?) throws(SearchError) {
    var descriptor = WorkerLaunch.dataDescriptor
    if let path {
      descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else {
        throw SearchError(.noInput, "\(path): \(unsafe String(cString: strerror(errno)))", advice: "check the path")
      }
    }
    guard let data = PreparedData(descriptor: descriptor) else {
      throw SearchError(.badData, "the prepared data are damaged", advice: "run learners tune again")
    }
    signal(SIGTERM, SIG_DFL)
    beSacrificed()
    watch(memory: memory)
    var work = UnitWork(data)
    while let line = readLine(strippingNewline: true) {
      guard let unit = MessageLine.decode(WorkUnit.self, line.utf8), (0..<data.foldCount).contains(unit.fold) else {
        throw SearchError(.badData, "a unit of work makes no sense", advice: "run learners tune again")
      }
      // A fit may be over before the watch looks.
      if let memory, usedMemory > memory { _exit(WorkerLaunch.overBudget) }
      write(MessageLine.encode(work.result(of: unit)))
    }
  }

  /// When memory is short the system ends workers before their coordinator, which knows what to do then.
  private static func beSacrificed() {
    let descriptor = unsafe open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    let text: [UInt8] = Array("800".utf8)
    unsafe text.withUnsafeBytes { _ = unsafe Glibc.write(descriptor, $0.baseAddress!, $0.count) }
    close(descriptor)
  }

  /// Ends the process, whatever it is doing, when its coordinator is gone or its memory is spent.
  private static func watch(memory: Int?) {
    DispatchQueue(label: "watch", qos: .userInteractive).async {
      while true {
        // Without events asked for, a pipe tells only that nobody can write to it any more.
        var polled = pollfd(fd: STDIN_FILENO, events: 0, revents: 0)
        _ = unsafe poll(&polled, 1, memory == nil ? -1 : 20)
        if polled.revents != 0 { _exit(0) }
        if let memory, usedMemory > memory { _exit(WorkerLaunch.overBudget) }
      }
    }
  }

  /// Bytes of this process that are not shared with others.
  private static var usedMemory: Int {
    let descriptor = unsafe open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return 0 }
    defer { close(descriptor) }
    var text = [UInt8](repeating: 0, count: 200)
    let count = unsafe text.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress!, $0.count) }
    let numbers = String(decoding: text[..<max(0, count)], as: UTF8.self).split(separator: " ").compactMap { Int($0) }
    guard numbers.count > 2 else { return 0 }
    return (numbers[1] - numbers[2]) * Int(sysconf(Int32(_SC_PAGESIZE)))
  }

  private static func write(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(STDOUT_FILENO, $0.baseAddress!, $0.count) }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { _exit(0) }
      rest = rest.dropFirst(written)
    }
  }
}
