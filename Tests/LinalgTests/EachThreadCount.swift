import TestSupport

/// What a computation gives with 1, 2 and 7 threads: a test compares the results bit by bit.
func eachThreadCount<Result>(_ body: () throws -> Result) rethrows -> [Result] {
  try [1, 2, 7].map { try ThreadBudget.with($0, body) }
}
