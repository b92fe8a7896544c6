import Dispatch
import Linalg
import Testing

@Suite struct CancellationTests {
  @Test("Work sees the request that was made to it, and no other work does")
  func requestReachesItsWork() {
    let (asked, other) = (Cancellation(), Cancellation())
    asked.request()
    #expect(asked.run { Cancellation.isRequested })
    #expect(!other.run { Cancellation.isRequested })
    #expect(!Cancellation.isRequested)
    #expect(!asked.run { other.run { Cancellation.isRequested } })
  }

  @Test("Every part of nested regions is asked with its caller, on whichever thread")
  func requestReachesParts() {
    let cancellation = Cancellation()
    cancellation.request()
    let seen = cancellation.run {
      Parallel.map(16) { _ in Parallel.map(16) { _ in Cancellation.isRequested }.allSatisfy { $0 } }
    }
    #expect(seen.allSatisfy { $0 })
    #expect(Parallel.map(64) { _ in Cancellation.isRequested }.allSatisfy { !$0 })
  }

  @Test("A request that comes from another thread ends work that looks for it")
  func requestEndsALoop() {
    let cancellation = Cancellation()
    DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(10)) { cancellation.request() }
    let end = ContinuousClock.now + .seconds(60)
    cancellation.run {
      while !Cancellation.isRequested && ContinuousClock.now < end {}
      #expect(Cancellation.isRequested)
    }
  }
}
