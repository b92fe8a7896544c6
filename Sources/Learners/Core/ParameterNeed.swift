/// What another parameter has to be for a parameter to mean something.
///
/// A setting that another one makes idle would be taken and do nothing: who asks for it means something else than what
/// would be fitted, so it is refused (`HyperParameters.idle`).
public struct ParameterNeed: Sendable, Hashable {
  /// The other parameter.
  public let name: String
  /// What it has to be one of; with `isExclusion` what it must not be.
  public let values: [ParameterValue]
  public let isExclusion: Bool

  internal func isMet(by value: ParameterValue) -> Bool { values.contains(value) != isExclusion }

  /// What can be done about it: "set loss=quantile", "change folds".
  public var advice: String { isExclusion ? "change \(name)" : "set \(name)=\(values[0])" }
}

extension ParameterNeed: CustomStringConvertible {
  /// "loss is quantile", "kernel is rbf or polynomial", "folds is not 0".
  public var description: String {
    "\(name) is \(isExclusion ? "not " : "")\(values.map(\.description).joined(separator: " or "))"
  }
}

extension Parameter {
  /// The same, which counts only where the parameter `name` is one of `values`.
  public func needing(_ name: String, _ values: ParameterValue...) -> Parameter {
    adding(ParameterNeed(name: name, values: values, isExclusion: false))
  }

  /// The same, which counts only where the parameter `name` is not `value`.
  public func needing(_ name: String, not value: ParameterValue) -> Parameter {
    adding(ParameterNeed(name: name, values: [value], isExclusion: true))
  }

  private func adding(_ need: ParameterNeed) -> Parameter {
    var copy = self
    copy.summary += needs.isEmpty ? "; counts only where \(need)" : " and \(need)"
    copy.needs.append(need)
    return copy
  }
}

extension HyperParameters {
  /// The first of the parameters `given` that another parameter makes idle, with what it needs; nil where all count.
  public func idle(among given: some Collection<String>) -> (name: String, need: ParameterNeed)? {
    for parameter in Self.table where given.contains(parameter.name) {
      // A list that is left out is no setting.
      if parameter.takesList && parameter.value(self) == .text("none") { continue }
      for need in parameter.needs {
        guard let other = Self.table.first(where: { $0.name == need.name }) else {
          preconditionFailure("\(parameter.name) needs \(need.name), which is no parameter")
        }
        if !need.isMet(by: other.value(self)) { return (parameter.name, need) }
      }
    }
    return nil
  }
}
