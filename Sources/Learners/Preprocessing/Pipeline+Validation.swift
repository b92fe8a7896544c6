extension Pipeline {
  /// What is wrong with a pipeline that was decoded from a file, which may be damaged or hostile; nil where nothing is.
  internal var flaw: String? { flaw(isBlend: false) }

  /// - Parameter isBlend: whether the members of a blend prepare the features, which it leaves as they are.
  internal func flaw(isBlend: Bool) -> String? {
    guard features.count == encoders.count else { return "\(features.count) features but \(encoders.count) encoders" }
    guard Set(features.map(\.name)).count == features.count else { return "two features have the same name" }
    for (feature, encoder) in zip(features, encoders) {
      if let levels = feature.levels, Set(levels).count != levels.count {
        return "feature \(feature.name) has a level twice"
      }
      let isAsGiven = isBlend && encoder == .native(NativeEncoder(fitting: [], levels: nil))
      if let flaw = feature.date?.flaw ?? (isAsGiven ? nil : encoder.flaw(for: feature)) {
        return "feature \(feature.name): \(flaw)"
      }
    }
    guard columnCount > 0 else { return "it makes no columns" }
    return target.flaw
  }
}

extension FeatureEncoder {
  fileprivate func flaw(for feature: Feature) -> String? {
    switch self {
    case .native(let encoder):
      return encoder.flaw(for: feature)
    case .numeric(let encoder):
      guard feature.levels == nil else { return "it has levels but is encoded as a number" }
      return encoder.flaw
    case .oneHot(let encoder):
      guard encoder.columns.count == feature.levels?.count else { return "columns and levels differ in number" }
      return encoder.flaw
    }
  }
}

extension NativeEncoder {
  /// What is wrong with one that was decoded from a file; nil where nothing is.
  internal func flaw(for feature: Feature) -> String? {
    guard codes?.count == feature.levels?.count else { return "codes and levels differ in number" }
    return codes.flatMap { isNumbering($0) ? nil : "its codes are not 0, 1, …" }
  }
}

/// True where the numbers that are not -1 are 0, 1, … each once, in any order.
private func isNumbering(_ numbers: [Int]) -> Bool {
  let given = numbers.filter { $0 != -1 }
  return given.sorted() == Array(0..<given.count)
}
