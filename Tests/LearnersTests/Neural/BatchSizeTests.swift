import Learners
import Testing

/// What a kernel does with rows of a block is its own affair; that a single row is like itself is not.
@Suite struct BatchSizeTests {
  @Test func aBlockIsFound() {
    #expect([1, 2, 4, 8, 16].contains(BatchSize.alike))
    #expect(BatchSize.areAlike(BatchSize.alike))
  }
}
