internal import Glibc

/// Keeps SIGPIPE from this thread while `body` runs, and leaves what the process does with signals as it is.
///
/// A TLS library below an older libcurl writes to sockets in a way that raises the signal when the other side has gone.
internal func withoutBrokenPipeSignal<Result>(_ body: () -> Result) -> Result {
  var (pipe, former, pending) = (sigset_t(), sigset_t(), sigset_t())
  unsafe sigemptyset(&pipe)
  unsafe sigaddset(&pipe, SIGPIPE)
  unsafe sigpending(&pending)
  let wasPending = unsafe sigismember(&pending, SIGPIPE) == 1
  unsafe pthread_sigmask(SIG_BLOCK, &pipe, &former)
  let result = body()
  if !wasPending {
    var now = timespec()
    while unsafe sigtimedwait(&pipe, nil, &now) == -1 && errno == EINTR {}
  }
  unsafe pthread_sigmask(SIG_SETMASK, &former, nil)
  return result
}
