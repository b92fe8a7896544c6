/// The settings of a learner: a plain struct with defaults, described once by `table`.
///
/// Everything that has to know the parameters reads the table: `validate`, the command line's `--set`, the model file,
/// `inspect`, and the test that compares it with the learner's page in the docs.
public protocol HyperParameters: Sendable, Hashable {
  init()
  static var table: [Parameter<Self>] { get }
}

/// The value of a hyper-parameter outside of its struct. `automatic` is what an optional parameter is when it is nil.
public enum ParameterValue: Sendable, Hashable {
  case real(Double)
  case integer(Int)
  case flag(Bool)
  case text(String)
  case automatic
}

/// One hyper-parameter of `Root`: its name, what it means, which values it takes, and where it lives in the struct.
public struct Parameter<Root>: Sendable {
  public let name: String
  public internal(set) var summary: String
  /// The values it takes, for people: "[0, ∞)" or "rbf, linear".
  public let domain: String
  public let value: @Sendable (Root) -> ParameterValue
  /// Sets the parameter, or says what is wrong with the value.
  internal let assign: @Sendable (inout Root, ParameterValue) -> Problem?

  /// Whether a value may hold commas: the command line then takes it as one value, not as several to choose from.
  public internal(set) var takesList = false

  /// Without these the parameter does nothing.
  public internal(set) var needs: [ParameterNeed] = []

  internal enum Problem: Error { case wrongType, outOfRange }
}

/// A hyper-parameter that does not exist or a value that it cannot take.
public enum ParameterError: Error, Equatable, Sendable {
  case unknown(name: String, known: [String])
  case invalid(name: String, value: String, domain: String)
  /// Another parameter makes it do nothing.
  case idle(name: String, need: ParameterNeed)
}

extension ParameterError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknown(let name, let known):
      "no parameter is called \(name): there "
        + (known.isEmpty ? "are none" : known.count == 1 ? "is \(known[0])" : "are \(known.joined(separator: ", "))")
    case .invalid(let name, let value, let domain): "\(name) = \(value): must be in \(domain)"
    case .idle(let name, let need): "\(name) does nothing unless \(need): \(need.advice) too, or leave \(name) out"
    }
  }
}

extension HyperParameters {
  /// Throws `.invalid` for the first value that is outside of its domain.
  public func validate() throws(ParameterError) {
    var copy = self
    for parameter in Self.table { try copy.set(parameter, to: parameter.value(self)) }
  }

  /// Sets the parameter with this name.
  public mutating func set(_ name: String, to value: ParameterValue) throws(ParameterError) {
    guard let parameter = Self.table.first(where: { $0.name == name }) else {
      throw .unknown(name: name, known: Self.table.map(\.name))
    }
    try set(parameter, to: value)
  }

  private mutating func set(_ parameter: Parameter<Self>, to value: ParameterValue) throws(ParameterError) {
    if parameter.assign(&self, value) != nil {
      throw .invalid(name: parameter.name, value: value.description, domain: parameter.domain)
    }
  }
}

extension ParameterValue: CustomStringConvertible {
  public var description: String {
    switch self {
    case .real(let number): "\(number)"
    case .integer(let number): "\(number)"
    case .flag(let flag): "\(flag)"
    case .text(let text): text
    case .automatic: "auto"
    }
  }

  /// Reads what a person types: `auto`, `true`, `12`, `0.5`, or else text.
  public init(parsing text: String) {
    switch text {
    case "auto": self = .automatic
    case "true", "false": self = .flag(text == "true")
    default:
      if let integer = Int(text) {
        self = .integer(integer)
      } else if let real = Double(text) {
        self = .real(real)
      } else {
        self = .text(text)
      }
    }
  }

  fileprivate var asReal: Double? {
    switch self {
    case .real(let number): number
    case .integer(let number): Double(number)
    default: nil
    }
  }

  fileprivate var asInteger: Int? {
    switch self {
    case .integer(let number): number
    case .real(let number): Int(exactly: number)
    default: nil
    }
  }
}

/// An interval of real numbers, such as `.atLeast(0)`: NaN is in none.
public struct Interval: Sendable {
  let lower: Double
  let includesLower: Bool
  let upper: Double
  let includesUpper: Bool

  public static func atLeast(_ lower: Double) -> Interval {
    .init(lower: lower, includesLower: true, upper: .infinity, includesUpper: false)
  }
  public static func above(_ lower: Double) -> Interval {
    .init(lower: lower, includesLower: false, upper: .infinity, includesUpper: false)
  }
  public static func closed(_ lower: Double, _ upper: Double) -> Interval {
    .init(lower: lower, includesLower: true, upper: upper, includesUpper: true)
  }
  public static func open(_ lower: Double, _ upper: Double) -> Interval {
    .init(lower: lower, includesLower: false, upper: upper, includesUpper: false)
  }
  public static func aboveUpTo(_ lower: Double, _ upper: Double) -> Interval {
    .init(lower: lower, includesLower: false, upper: upper, includesUpper: true)
  }
  public static func atLeastBelow(_ lower: Double, _ upper: Double) -> Interval {
    .init(lower: lower, includesLower: true, upper: upper, includesUpper: false)
  }

  public func contains(_ number: Double) -> Bool {
    (includesLower ? number >= lower : number > lower) && (includesUpper ? number <= upper : number < upper)
  }

  public var description: String {
    let end = upper == .infinity ? "∞" : upper.plainDescription
    return "\(includesLower ? "[" : "(")\(lower.plainDescription), \(end)\(includesUpper ? "]" : ")")"
  }
}

extension Double {
  /// "3" for 3.0.
  fileprivate var plainDescription: String { Int(exactly: self).map(String.init) ?? "\(self)" }
}

extension Parameter {
  public static func real(
    _ name: String, _ path: any WritableKeyPath<Root, Double> & Sendable, in interval: Interval, _ summary: String
  ) -> Parameter {
    Parameter(
      name: name, summary: summary, domain: interval.description, value: { .real($0[keyPath: path]) },
      assign: { root, value in
        guard let number = value.asReal else { return .wrongType }
        guard interval.contains(number) else { return .outOfRange }
        root[keyPath: path] = number
        return nil
      })
  }

  /// A real number that may be left to the learner (nil).
  public static func optionalReal(
    _ name: String, _ path: any WritableKeyPath<Root, Double?> & Sendable, in interval: Interval, _ summary: String
  ) -> Parameter {
    Parameter(
      name: name, summary: summary, domain: "\(interval.description) or auto",
      value: { $0[keyPath: path].map(ParameterValue.real) ?? .automatic },
      assign: { root, value in
        if value == .automatic { root[keyPath: path] = nil; return nil }
        guard let number = value.asReal else { return .wrongType }
        guard interval.contains(number) else { return .outOfRange }
        root[keyPath: path] = number
        return nil
      })
  }

  public static func integer(
    _ name: String, _ path: any WritableKeyPath<Root, Int> & Sendable, in range: ClosedRange<Int>, _ summary: String
  ) -> Parameter {
    Parameter(
      name: name, summary: summary, domain: describe(range), value: { .integer($0[keyPath: path]) },
      assign: { root, value in
        guard let number = value.asInteger else { return .wrongType }
        guard range.contains(number) else { return .outOfRange }
        root[keyPath: path] = number
        return nil
      })
  }

  /// A whole number that may be left to the learner (nil).
  public static func optionalInteger(
    _ name: String, _ path: any WritableKeyPath<Root, Int?> & Sendable, in range: ClosedRange<Int>, _ summary: String
  ) -> Parameter {
    Parameter(
      name: name, summary: summary, domain: "\(describe(range)) or auto",
      value: { $0[keyPath: path].map(ParameterValue.integer) ?? .automatic },
      assign: { root, value in
        if value == .automatic { root[keyPath: path] = nil; return nil }
        guard let number = value.asInteger else { return .wrongType }
        guard range.contains(number) else { return .outOfRange }
        root[keyPath: path] = number
        return nil
      })
  }

  public static func flag(
    _ name: String, _ path: any WritableKeyPath<Root, Bool> & Sendable, _ summary: String
  ) -> Parameter {
    Parameter(
      name: name, summary: summary, domain: "true, false", value: { .flag($0[keyPath: path]) },
      assign: { root, value in
        guard case .flag(let flag) = value else { return .wrongType }
        root[keyPath: path] = flag
        return nil
      })
  }

  public static func choice<Choice: RawRepresentable<String> & CaseIterable & SendableMetatype>(
    _ name: String, _ path: any WritableKeyPath<Root, Choice> & Sendable, _ summary: String
  ) -> Parameter {
    Parameter(
      name: name, summary: summary, domain: Choice.allCases.map(\.rawValue).joined(separator: ", "),
      value: { .text($0[keyPath: path].rawValue) },
      assign: { root, value in
        guard case .text(let text) = value else { return .wrongType }
        guard let choice = Choice(rawValue: text) else { return .outOfRange }
        root[keyPath: path] = choice
        return nil
      })
  }

  private static func describe(_ range: ClosedRange<Int>) -> String {
    range.upperBound == .max
      ? "\(range.lowerBound), \(range.lowerBound + 1), …" : "\(range.lowerBound) ... \(range.upperBound)"
  }
}

/// In JSON a number, a flag, a text, or “auto”.
extension ParameterValue: Encodable {
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .real(let number): try container.encode(number)
    case .integer(let number): try container.encode(number)
    case .flag(let flag): try container.encode(flag)
    case .text(let text): try container.encode(text)
    case .automatic: try container.encode("auto")
    }
  }
}
