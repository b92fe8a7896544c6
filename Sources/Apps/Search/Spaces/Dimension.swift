internal import Glibc
public import Learners

/// A hyper-parameter that is searched, and the values to choose from.
public struct Dimension: Sendable, Hashable {
  public enum Choice: Sendable, Hashable {
    case values([ParameterValue])
    /// From one end to the other; `isLogarithmic`: even in the logarithm, for numbers above 0.
    case reals(ClosedRange<Double>, isLogarithmic: Bool)
    case integers(ClosedRange<Int>, isLogarithmic: Bool)
  }

  public let name: String
  public let choice: Choice

  public init(_ name: String, _ choice: Choice) {
    self.name = name
    self.choice = choice
  }

  package static func reals(_ name: String, _ range: ClosedRange<Double>, log: Bool = false) -> Dimension {
    Dimension(name, .reals(range, isLogarithmic: log))
  }

  package static func integers(_ name: String, _ range: ClosedRange<Int>, log: Bool = false) -> Dimension {
    Dimension(name, .integers(range, isLogarithmic: log))
  }

  /// The value at a place from 0 to 1, reals with four digits.
  package func value(at place: Double) -> ParameterValue {
    switch choice {
    case .values(let values): return values[min(Int(place * Double(values.count)), values.count - 1)]
    case .reals(let range, let isLogarithmic):
      let value = Self.between(range.lowerBound, range.upperBound, place, isLogarithmic)
      return .real(min(max(value.toFourDigits, range.lowerBound), range.upperBound))
    case .integers(let range, let isLogarithmic):
      // Each whole number has a stretch of its own: half a step beyond both ends.
      let (low, high) = (Double(range.lowerBound) - 0.5, Double(range.upperBound) + 0.5)
      let value = Self.between(isLogarithmic ? max(low, 0.5) : low, high, place, isLogarithmic)
      return .integer(min(max(Int(value.rounded()), range.lowerBound), range.upperBound))
    }
  }

  /// Where a value is, from 0 to 1; nil for one that is not among them, such as “auto”.
  package func place(of value: ParameterValue) -> Double? {
    switch (choice, value) {
    case (.values(let values), _):
      return values.firstIndex(of: value).map { (Double($0) + 0.5) / Double(values.count) }
    case (.reals(let range, let isLogarithmic), .real(let number)):
      return Self.share(number, range.lowerBound, range.upperBound, isLogarithmic)
    case (.integers(let range, let isLogarithmic), .integer(let number)):
      let low = Double(range.lowerBound) - 0.5
      return Self.share(
        Double(number), isLogarithmic ? max(low, 0.5) : low, Double(range.upperBound) + 0.5, isLogarithmic)
    default: return nil
    }
  }

  /// So many values from one end to the other, or all that are listed.
  package func steps(_ count: Int) -> [ParameterValue] {
    if case .values(let values) = choice { return values }
    var steps: [ParameterValue] = []
    for index in 0..<count {
      let value = value(at: count == 1 ? 0.5 : Double(index) / Double(count - 1))
      if !steps.contains(value) { steps.append(value) }
    }
    return steps
  }

  private static func between(_ low: Double, _ high: Double, _ place: Double, _ isLogarithmic: Bool) -> Double {
    isLogarithmic ? exp(log(low) + (log(high) - log(low)) * place) : low + (high - low) * place
  }

  private static func share(_ value: Double, _ low: Double, _ high: Double, _ isLogarithmic: Bool) -> Double? {
    guard low <= value, value <= high else { return nil }
    guard low < high else { return 0.5 }
    return isLogarithmic ? (log(value) - log(low)) / (log(high) - log(low)) : (value - low) / (high - low)
  }
}

extension Double {
  /// Numbers that people can read and type again.
  fileprivate var toFourDigits: Double {
    guard self != 0, isFinite else { return self }
    let exponent = Int(log10(magnitude).rounded(.down)) - 3
    // Dividing by a power of ten that is exact gives the double nearest to the decimal number.
    let power = pow(10, Double(abs(exponent)))
    return exponent < 0 ? (self * power).rounded() / power : (self / power).rounded() * power
  }
}

/// "1,10,100", "0.01..1", "0.01..1:log", as the command line has it.
extension Dimension.Choice: CustomStringConvertible {
  public var description: String {
    switch self {
    case .values(let values): values.map(\.description).joined(separator: ",")
    case .reals(let range, let log): "\(range.lowerBound)..\(range.upperBound)\(log ? ":log" : "")"
    case .integers(let range, let log): "\(range.lowerBound)..\(range.upperBound)\(log ? ":log" : "")"
    }
  }
}
