internal import CLearners
internal import Dispatch
internal import Glibc
internal import Linalg
internal import Synchronization

/// What is going on, told by who works and read by who waits.
internal final class Stage: Sendable {
  private let state = Mutex<(name: String, fraction: Double)>(("", .nan))

  var current: (name: String, fraction: Double) { state.withLock { $0 } }

  func tell(_ name: String, fraction: Double = .nan) { state.withLock { $0 = (name, fraction) } }
}

/// Work that a caller may watch and end.
///
/// It goes on in a thread of its own while the caller's thread waits and asks the function for progress, so that a language whose signals
/// come to its main thread alone can look at them there. Work that does not end soon after it was asked is left to itself: nothing that
/// it reads is the caller's, and what comes of it is dropped.
internal enum Watch {
  /// Until the first question, and between questions.
  private static let patience: [DispatchTimeInterval] = [.milliseconds(20), .milliseconds(100)]
  /// How long work that was asked to end is waited for.
  private static let farewell = DispatchTimeInterval.milliseconds(500)

  static func run<Result: Sendable>(
    _ options: FitOptions, _ work: @escaping @Sendable (Stage) throws -> Result
  ) throws -> Result {
    guard let progress = unsafe options.progress else { return try work(Stage()) }
    let job = Job(work)
    try job.start()
    var waits = 0
    while job.done.wait(timeout: .now() + patience[min(waits, 1)]) == .timedOut {
      waits += 1
      let (name, fraction) = job.stage.current
      guard unsafe progress(options.context, name, fraction) != 0 else { continue }
      job.cancellation.request()
      _ = job.done.wait(timeout: .now() + farewell)
      throw Refusal(LEARNERS_CANCELLED, "it was ended before it was done")
    }
    return try job.outcome.withLock { $0 }!.get()
  }

  private final class Job<Result: Sendable>: Sendable {
    let stage = Stage()
    let cancellation = Cancellation()
    let done = DispatchSemaphore(value: 0)
    let outcome = Mutex<Swift.Result<Result, any Error>?>(nil)
    private let work: @Sendable (Stage) throws -> Result

    init(_ work: @escaping @Sendable (Stage) throws -> Result) { self.work = work }

    /// A thread of its own rather than one of Dispatch's, which a process that was forked off does not have.
    func start() throws {
      let body = Body {
        let result = Swift.Result { try self.cancellation.run { try self.work(self.stage) } }
        self.outcome.withLock { $0 = result }
        self.done.signal()
      }
      var thread = pthread_t()
      let argument = unsafe Unmanaged.passRetained(body).toOpaque()
      let failure = unsafe pthread_create(&thread, nil, { unsafe Body.run($0) }, argument)
      guard failure == 0 else {
        unsafe Unmanaged<Body>.fromOpaque(argument).release()
        throw Refusal(LEARNERS_INTERNAL, "no thread could be made: \(unsafe String(cString: strerror(failure)))")
      }
      pthread_detach(thread)
    }
  }

  private final class Body {
    let call: () -> Void
    init(_ call: @escaping () -> Void) { self.call = call }

    static func run(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
      if let argument = unsafe argument { unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().call() }
      return nil
    }
  }
}
