/// What the user decides about how data are prepared.
public struct PipelineOptions: Sendable, Hashable {
  /// The form of all numbers with long tails; nil chooses by what it does for the training rows.
  public var numbers: NumberForm?
  /// A level needs this many training rows for a column of its own.
  public var leastLevelRows: Int
  /// Keeps predictions within this share of the training targets' range beyond its ends; nil leaves them free.
  public var margin: Double?
  /// Whether the scale of the target was asked for, so that a loss with a logarithm of its own is refused on another.
  internal var insistsOnScale = false

  public init(numbers: NumberForm? = nil, leastLevelRows: Int = 1, margin: Double? = nil) {
    self.numbers = numbers
    self.leastLevelRows = leastLevelRows
    self.margin = margin
  }
}
