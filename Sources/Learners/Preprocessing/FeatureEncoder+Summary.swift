extension FeatureEncoder {
  /// What the encoder does, for people: “ln(1 + |x| / 3), clipped at 12 ± 3 · 40”.
  public var summary: String {
    switch self {
    case .native(let encoder):
      return encoder.codes.map { "codes of \($0.count { $0 >= 0 }) levels" } ?? "as it is"
    case .numeric(let encoder): return encoder.summary
    case .oneHot(let encoder): return encoder.summary
    }
  }

  /// The levels that share a column for the rare, and their training rows.
  public var pooled: (levels: Int, rows: Int) {
    guard case .oneHot(let encoder) = self else { return (0, 0) }
    return (encoder.pooledLevels, encoder.pooledRows)
  }
}

extension NumericEncoder {
  fileprivate var summary: String {
    guard width > 0 else { return "left out: it does not vary" }
    let shapes = columns.map(\.shape.summary).joined(separator: ", ")
    return shapes + (hasIndicator ? "\(shapes.isEmpty ? "" : "; ")missing is \(median.roundedText), and told" : "")
  }

  /// The form that its shapes are; nil where it has no column.
  public var form: NumberForm? {
    guard columns.count < 2 else { return .both }
    switch columns.first?.shape {
    case nil: return nil
    case .raw: return .raw
    case .logarithm: return .log
    case .clipped: return .clipped
    }
  }
}

extension NumberShape {
  fileprivate var summary: String {
    switch self {
    case .raw: "as it is"
    case .logarithm(let unit): unit == 1 ? "ln(1 + |x|)" : "ln(1 + |x| / \(unit.roundedText))"
    case .clipped(let center, let width): "clipped at \(center.roundedText) ± 3 · \(width.roundedText)"
    }
  }
}

extension OneHotEncoder {
  fileprivate var summary: String {
    guard width > 0 else { return "left out: it does not vary" }
    let own = "a column for each of \(frequentCount) levels"
    guard pooledLevels > 0 else { return own }
    let others = "\(pooledLevels) others (\(pooledRows) rows)"
    return own
      + (effects.isEmpty ? ", one for \(others)" : ", two for \(others): that it is one, what it adds to the target")
  }
}
