/// What a fit costs, roughly: enough to put learners in order, and to stretch a time that was measured on few rows.
public struct Workload: Sendable {
  /// Time of one thread.
  public let nanoseconds: Double
  /// Powers of the number of rows by which the true time may outgrow `nanoseconds`, as where the number of steps is found
  /// on the way.
  public let drift: ClosedRange<Double>
  /// Memory beside the rows.
  public let bytes: Double

  /// Fewer rows tell nothing about many.
  public let fewestTelling: Int

  public init(
    nanoseconds: Double, drift: ClosedRange<Double> = -0.1...0.1, bytes: Double = 0, fewestTelling: Int = 250
  ) {
    self.nanoseconds = nanoseconds
    self.drift = drift
    self.bytes = bytes
    self.fewestTelling = fewestTelling
  }
}
