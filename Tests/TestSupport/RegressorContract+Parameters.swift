internal import Learners

extension ContractCheck {
  typealias Parameters = Learner.Parameters

  mutating func domains() throws {
    try Parameters().validate()
    var parameters = Parameters()
    do throws(ParameterError) {
      try parameters.set("noSuchParameter", to: .real(1))
      violations.append("noSuchParameter is a parameter")
    } catch {
      let known = Parameters.table.map(\.name)
      expect(error == .unknown(name: "noSuchParameter", known: known), "throws \(error) for an unknown parameter")
    }
    expect(Set(Parameters.table.map(\.name)).count == Parameters.table.count, "a parameter is twice in the table")
    // What a list looks like is tested with the type of the list.
    for parameter in Parameters.table where !parameter.takesList {
      guard let samples = DomainSamples(parsing: parameter.domain) else {
        violations.append("\(parameter.name): domain \(parameter.domain) is not understood")
        continue
      }
      for value in samples.inside {
        var parameters = Parameters()
        do throws(ParameterError) {
          try parameters.set(parameter.name, to: value)
          try parameters.validate()
          expect(
            sameNumber(parameter.value(parameters), value),
            "\(parameter.name) is \(parameter.value(parameters)) after it was set to \(value)")
        } catch {
          violations.append("\(parameter.name) = \(value) is refused, \(parameter.domain) has it")
        }
      }
      for value in samples.outside {
        var parameters = Parameters()
        let expected = ParameterError.invalid(
          name: parameter.name, value: value.description, domain: parameter.domain)
        do throws(ParameterError) {
          try parameters.set(parameter.name, to: value)
          violations.append("\(parameter.name) = \(value) is taken, \(parameter.domain) does not have it")
        } catch {
          expect(error == expected, "\(parameter.name) = \(value) throws \(error)")
        }
      }
    }
  }

  /// Fits with each parameter at the bounds of its domain that are cheap: lower ones, flags and choices.
  mutating func bounds() throws {
    let data = data(rows: 30)
    for parameter in Parameters.table {
      for value in DomainSamples(parsing: parameter.domain)?.cheap ?? [] {
        let model: Learner
        do throws(FitError) {
          model = try Learner(
            fitting: try data.training(), parameters: try parameters(parameter.name, value), seed: 7)
        } catch {
          // A loss may not suit the target; a bound may suit no data. Saying so is right.
          continue
        }
        let predictions = try model.predict(data.x)
        expect(
          predictions.allSatisfy(\.isFinite), "\(parameter.name) = \(value): a prediction is not finite")
      }
    }
  }

  private func parameters(_ name: String, _ value: ParameterValue) throws(FitError) -> Parameters {
    do throws(ParameterError) {
      return try Parameters(settings: promises.settings.merging([name: value]) { $1 })
    } catch {
      throw .parameter(error)
    }
  }

  /// 0 and 0.0 are one value.
  private func sameNumber(_ a: ParameterValue, _ b: ParameterValue) -> Bool {
    switch (a, b) {
    case (.real(let real), .integer(let integer)), (.integer(let integer), .real(let real)): real == Double(integer)
    default: a == b
    }
  }
}

/// Values in and out of a domain as the parameter table writes it.
internal struct DomainSamples {
  var inside: [ParameterValue] = []
  var outside: [ParameterValue] = []
  /// Of those inside, the ones that cost little to fit with.
  var cheap: [ParameterValue] = []

  /// "[0, ∞)", "1, 2, …", "1 ... 255", "true, false" or "rbf, linear", and " or auto" behind the first three.
  init?(parsing domain: String) {
    let isOptional = domain.hasSuffix(" or auto")
    let domain = isOptional ? String(domain.dropLast(" or auto".count)) : domain
    if isOptional { inside.append(.automatic) } else { outside.append(.automatic) }
    if let first = domain.first, let last = domain.last, "[(".contains(first), "])".contains(last) {
      let ends = domain.dropFirst().dropLast().split(separator: ",").map { $0.drop { $0 == " " } }
      guard ends.count == 2, let lower = Double(ends[0]) else { return nil }
      addReal(lower, includesLower: first == "[", Double(ends[1]) ?? .infinity, includesUpper: last == "]")
    } else if let range = Self.integers(domain) {
      addIntegers(range)
    } else {
      let choices = domain.split(separator: ",").map { String($0.drop { $0 == " " }) }
      guard !choices.isEmpty else { return nil }
      let values = choices.map { ParameterValue(parsing: $0) }
      inside += values
      cheap = values
      outside += [.text("noSuchChoice"), .real(0.5)]
    }
  }

  private static func integers(_ domain: String) -> ClosedRange<Int>? {
    let words = domain.split(separator: " ")
    guard words.count == 3 else { return nil }
    if words[1] == "...", let lower = Int(words[0]), let upper = Int(words[2]), lower <= upper { return lower...upper }
    if words[2] == "…", let lower = Int(words[0].dropLast()) { return lower...Int.max }
    return nil
  }

  private mutating func addReal(_ lower: Double, includesLower: Bool, _ upper: Double, includesUpper: Bool) {
    let middle = upper.isFinite ? lower + (upper - lower) / 2 : lower + 1
    inside.append(.real(middle))
    if includesLower {
      inside.append(.real(lower))
      cheap.append(.real(lower))
    } else {
      inside.append(.real(lower.nextUp))
      outside.append(.real(lower))
    }
    if includesUpper {
      inside.append(.real(upper))
    } else {
      inside.append(.real(upper.nextDown))
      outside.append(.real(upper))
    }
    outside += [.real(lower.nextDown), .real(-.infinity), .real(.infinity), .real(.nan), .text("much"), .flag(true)]
    if upper.isFinite { outside.append(.real(upper.nextUp)) }
  }

  private mutating func addIntegers(_ range: ClosedRange<Int>) {
    inside += [.integer(range.lowerBound), .real(Double(range.lowerBound)), .integer(range.upperBound)]
    cheap.append(.integer(range.lowerBound))
    outside += [.integer(range.lowerBound - 1), .real(Double(range.lowerBound) + 0.5), .text("many"), .real(.nan)]
    if range.upperBound < .max { outside.append(.integer(range.upperBound + 1)) }
  }
}
