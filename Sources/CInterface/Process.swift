internal import Glibc
internal import Linalg

/// What the library does about the process that it is in.
internal enum Process {
  /// Chooses the kernels of BLAS and follows the process through forks, once. Every call of the interface begins with it.
  static func prepare() { prepared }

  private static let prepared: Void = {
    BLASKernel.prepare()
    // A child has the thread that forked alone, and none of Dispatch's: it must not wait for helpers.
    _ = pthread_atfork(nil, nil) { Parallel.threads = 1 }
  }()
}
