/// Numbers as they are; texts as codes 0, 1, … of the levels seen in training, NaN for all others.
public struct NativeEncoder: Sendable, Hashable, Codable {
  /// Code of each level of the schema, -1 where training did not see it; nil for what stays as it is: a number, and in a blend
  /// the index of a level.
  public let codes: [Int]?

  public init(fitting values: [Double], levels: [String]?) {
    guard let levels else {
      codes = nil
      return
    }
    var seen = [Bool](repeating: false, count: levels.count)
    for value in values where value < Double(levels.count) { seen[Int(value)] = true }
    var next = 0
    codes = seen.map { isSeen in
      guard isSeen else { return -1 }
      defer { next += 1 }
      return next
    }
  }

  public var kind: FeatureKind {
    codes.map { .categorical(levels: max(1, $0.count { $0 >= 0 })) } ?? .numeric
  }

  internal func encode(_ value: Double) -> Double {
    guard let codes else { return value }
    guard value < Double(codes.count), codes[Int(value)] >= 0 else { return .nan }
    return Double(codes[Int(value)])
  }
}
