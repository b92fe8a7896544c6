/// Median imputation with an indicator, then one column a shape, each of mean 0 and standard deviation 1.
public struct NumericEncoder: Sendable, Hashable {
  /// A shape of the number and what standardises it.
  public struct Column: Sendable, Hashable {
    public let shape: NumberShape
    /// Of the shaped training values, imputed ones included.
    public let mean: Double
    /// Positive.
    public let deviation: Double
  }

  /// Takes the place of a missing value.
  public let median: Double
  /// Whether a last column says 1 where the value is missing: where any training value was.
  public let hasIndicator: Bool
  /// None where the training values do not vary.
  public let columns: [Column]

  public init(fitting values: [Double], form: NumberForm = .raw) {
    let sorted = SortedNumbers(values)
    self.init(fitting: values, median: sorted.median ?? 0, shapes: NumberTail(of: sorted).shapes(form))
  }

  /// - Parameters:
  ///   - values: of the training rows, NaN where missing.
  ///   - weights: one a row; nil where each counts once.
  ///   - median: of those that are not.
  ///   - isCentred: without it 0 stays 0: columns are scaled by the root of the mean square, and one of equal numbers that are
  ///     not 0 tells something.
  internal init(
    fitting values: [Double], weights: [Double]? = nil, median: Double, shapes: [NumberShape], isCentred: Bool = true
  ) {
    self.median = median
    let missing = values.count { $0.isNaN }
    hasIndicator = missing > 0 && missing < values.count
    columns = shapes.compactMap { shape in
      let (mean, deviation) = meanAndDeviation(
        values.map { shape($0.isNaN ? median : $0) }, weights: weights)
      guard isCentred else {
        let largest = max(abs(mean), deviation)
        guard largest > 0 else { return nil }
        let squares = (mean / largest) * (mean / largest) + (deviation / largest) * (deviation / largest)
        return Column(shape: shape, mean: 0, deviation: largest * squares.squareRoot())
      }
      return deviation > 0 ? Column(shape: shape, mean: mean, deviation: deviation) : nil
    }
  }

  public var width: Int { columns.count + (hasIndicator ? 1 : 0) }

  /// More deviations from the mean than any training value has; a row further out would otherwise overflow.
  private static let farthest = 1e100

  internal func encode(_ value: Double, into row: inout MutableSpan<Double>, at start: Int) {
    let isMissing = value.isNaN
    var next = start
    let value = isMissing ? median : value
    for column in columns {
      let scaled = (column.shape(value) - column.mean) / column.deviation
      row[next] = min(max(scaled, -Self.farthest), Self.farthest)
      next += 1
    }
    if hasIndicator { row[next] = isMissing ? 1 : 0 }
  }
}

extension NumericEncoder: Codable {
  private enum Key: String, CodingKey { case median, hasIndicator, columns, isLogarithmic, mean, deviation }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    median = try container.decode(Double.self, forKey: .median)
    hasIndicator = try container.decode(Bool.self, forKey: .hasIndicator)
    if let columns = try container.decodeIfPresent([Column].self, forKey: .columns) {
      self.columns = columns
      return
    }
    // Version 2 of the model file: one column, a deviation of 0 for none.
    let isLogarithmic = try container.decode(Bool.self, forKey: .isLogarithmic)
    let mean = try container.decode(Double.self, forKey: .mean)
    let deviation = try container.decode(Double.self, forKey: .deviation)
    let column = Column(shape: isLogarithmic ? .logarithm(unit: 1) : .raw, mean: mean, deviation: deviation)
    columns = deviation == 0 ? [] : [column]
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(median, forKey: .median)
    try container.encode(hasIndicator, forKey: .hasIndicator)
    try container.encode(columns, forKey: .columns)
  }
}

// {"shape": "logarithm", "unit": 3, "mean": …, "deviation": …}
extension NumericEncoder.Column: Codable {
  private enum Kind: String, Codable { case raw, logarithm, clipped }
  private enum Key: String, CodingKey { case shape, unit, center, width, mean, deviation }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    switch try container.decode(Kind.self, forKey: .shape) {
    case .raw: shape = .raw
    case .logarithm: shape = .logarithm(unit: try container.decode(Double.self, forKey: .unit))
    case .clipped:
      shape = .clipped(
        center: try container.decode(Double.self, forKey: .center),
        width: try container.decode(Double.self, forKey: .width))
    }
    mean = try container.decode(Double.self, forKey: .mean)
    deviation = try container.decode(Double.self, forKey: .deviation)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch shape {
    case .raw: try container.encode(Kind.raw, forKey: .shape)
    case .logarithm(let unit):
      try container.encode(Kind.logarithm, forKey: .shape)
      try container.encode(unit, forKey: .unit)
    case .clipped(let center, let width):
      try container.encode(Kind.clipped, forKey: .shape)
      try container.encode(center, forKey: .center)
      try container.encode(width, forKey: .width)
    }
    try container.encode(mean, forKey: .mean)
    try container.encode(deviation, forKey: .deviation)
  }
}

extension NumericEncoder {
  /// What is wrong with one that was decoded from a file; nil where nothing is.
  internal var flaw: String? {
    guard median.isFinite else { return "its median is out of range" }
    guard columns.count <= NumberForm.allCases.count else { return "it has \(columns.count) shapes" }
    let isSound = columns.allSatisfy { column in
      column.mean.isFinite && column.deviation.isFinite && column.deviation > 0 && column.shape.isSound
    }
    return isSound ? nil : "mean, deviation or shape is out of range"
  }
}

extension NumberShape {
  fileprivate var isSound: Bool {
    switch self {
    case .raw: true
    case .logarithm(let unit): unit.isFinite && unit > 0
    case .clipped(let center, let width): center.isFinite && width.isFinite && width > 0
    }
  }
}
