import Learners
import Search

/// Turns `--model` and `--set` into spaces to search.
///
/// A learner with several values or a range for some parameter is searched in these alone. A single value is given, and the
/// learner's own space stays.
enum SpaceChoice {
  /// - Parameters:
  ///   - names: comma-separated names, or "all".
  ///   - assignments: `MODEL.PARAM=VALUE`, `=V1,V2`, `=LO..HI` or `=LO..HI:log`; of two for one parameter the last counts.
  ///   - hasDefaults: whether a learner of which nothing is asked for has its own space, or its defaults alone.
  static func spaces(names: String, assignments: [String], hasDefaults: Bool) throws -> [Space] {
    let chosen = try ModelChoice.learners(names)
    var dimensions: [String: [Dimension]] = [:]
    for text in assignments {
      let option = try SetOption(parsing: text)
      guard let learner = chosen.first(where: { $0.name == option.model }) else {
        throw Failure(
          .usage, "--set \(text): \(option.model) is not among the models: add it to --model, or correct the name")
      }
      dimensions[option.model, default: []].removeAll { $0.name == option.parameter }
      dimensions[option.model, default: []].append(try dimension(option, of: learner, text))
    }
    return try chosen.map { learner in
      try space(learner, dimensions[learner.name] ?? [], hasDefaults: hasDefaults)
    }
  }

  private static func space(
    _ learner: any Regressor.Type, _ asked: [Dimension], hasDefaults: Bool
  ) throws -> Space {
    var fixed: [String: ParameterValue] = [:]
    for dimension in asked {
      if case .values(let values) = dimension.choice, values.count == 1 { fixed[dimension.name] = values[0] }
    }
    var varied = asked.filter { fixed[$0.name] == nil }
    if varied.isEmpty && hasDefaults {
      varied = Space.defaults(of: learner).filter { fixed[$0.name] == nil }
    }
    do throws(ParameterError) {
      return try Space(learner, fixed: fixed, dimensions: varied)
    } catch {
      throw Failure(.usage, "--set \(learner.name): \(error): see docs/learners/\(learner.name).md")
    }
  }

  private static func dimension(
    _ option: SetOption, of learner: any Regressor.Type, _ text: String
  ) throws -> Dimension {
    if ModelChoice.takesList(option.parameter, of: learner) {
      return Dimension(option.parameter, .values([.text(option.value)]))
    }
    if let dots = option.value.firstRange(of: "..") {
      return try range(option, dots, of: learner, text)
    }
    let texts = option.value.split(separator: ",", omittingEmptySubsequences: false)
    guard !texts.contains("") else {
      throw Failure(.usage, "--set \(text): a value is empty: separate values by single commas")
    }
    var values: [ParameterValue] = []
    for value in texts.map({ ParameterValue(parsing: String($0)) }) where !values.contains(value) {
      values.append(value)
    }
    return Dimension(option.parameter, .values(values))
  }

  /// `LO..HI` or `LO..HI:log`; of whole numbers where the parameter takes no others.
  private static func range(
    _ option: SetOption, _ dots: Range<String.Index>, of learner: any Regressor.Type, _ text: String
  ) throws -> Dimension {
    var end = option.value[dots.upperBound...]
    let isLogarithmic = end.hasSuffix(":log")
    if isLogarithmic { end = end.dropLast(4) }
    let problem = Failure(
      .usage, "--set \(text): must look like 0.01..0.3 or 0.01..0.3:log, the smaller number first: correct it")
    guard let low = Double(option.value[..<dots.lowerBound]), let high = Double(end), low < high, low.isFinite,
      high.isFinite
    else { throw problem }
    guard !isLogarithmic || low > 0 else {
      throw Failure(.usage, "--set \(text): a logarithmic range has to be above 0: leave out :log, or begin higher")
    }
    guard let first = Int(exactly: low), let last = Int(exactly: high), isWhole(option.parameter, of: learner) else {
      return Dimension(option.parameter, .reals(low...high, isLogarithmic: isLogarithmic))
    }
    return Dimension(option.parameter, .integers(first...last, isLogarithmic: isLogarithmic))
  }

  /// Whether a parameter takes whole numbers alone.
  private static func isWhole<Learner: Regressor>(_ name: String, of _: Learner.Type) -> Bool {
    guard let parameter = Learner.Parameters.table.first(where: { $0.name == name }) else { return false }
    switch parameter.value(Learner.Parameters()) {
    case .integer: return true
    case .automatic:
      var parameters = Learner.Parameters()
      // A number between 0 and 1 is refused by every parameter of whole numbers, and by no other that is automatic.
      do throws(ParameterError) { try parameters.set(name, to: .real(0.5)) } catch { return true }
      return false
    default: return false
    }
  }
}
