/// Levels of several quantiles that one fit predicts, ascending.
public struct QuantileLevels: ListParameter {
  public let levels: [Double]

  /// Nil unless there are 2 ... 99 levels that rise strictly within (0, 1).
  public init?(_ levels: [Double]) {
    guard (2...99).contains(levels.count), levels.allSatisfy({ $0 > 0 && $0 < 1 }),
      zip(levels, levels.dropFirst()).allSatisfy({ $0 < $1 })
    else { return nil }
    self.levels = levels
  }

  /// "0.1,0.5,0.9".
  public init?(parsing text: String) {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    guard !numbers.contains(nil) else { return nil }
    self.init(numbers.compactMap { $0 })
  }

  public var text: String { levels.map { "\($0)" }.joined(separator: ",") }

  public static var form: String { "LEVEL,LEVEL,… rising within (0, 1)" }

  /// The one nearest to ½, the lower of two.
  var middle: Int { levels.indices.min { abs(levels[$0] - 0.5) < abs(levels[$1] - 0.5) } ?? 0 }
}
