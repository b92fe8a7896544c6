public import CLearners
internal import Learners
internal import Linalg

@c @implementation
public func learners_predict(
  _ model: OpaquePointer?, _ table: OpaquePointer?, _ statistic: UnsafePointer<CChar>?,
  _ predictions: UnsafeMutablePointer<Double>?, _ count: Int64
) -> learners_status {
  answering {
    let model = unsafe try Handle.object(model, ModelHandle.self, named: "model")
    let table = unsafe try Handle.object(table, TableHandle.self, named: "table")
    let correction = try model.correction(unsafe try Argument.optionalText(statistic, named: "statistic"))
    let values = try model.predictions(table).values
    unsafe try Argument.give(
      correction?.means(of: values) ?? values, at: predictions, count: count, named: "predictions")
  }
}

@c @implementation
public func learners_predict_matrix(
  _ model: OpaquePointer?, _ type: learners_type, _ values: UnsafeRawPointer?, _ rows: Int64, _ columns: Int64,
  _ rowStride: Int64, _ columnStride: Int64, _ predictions: UnsafeMutablePointer<Double>?
) -> learners_status {
  answering {
    let model = unsafe try Handle.object(model, ModelHandle.self, named: "model")
    guard columns == model.featureCount else {
      throw Refusal(
        LEARNERS_BAD_ARGUMENT, "the model has \(model.featureCount) features, the matrix \(columns) columns")
    }
    guard (0...Int64(Int32.max)).contains(rows) else {
      throw Refusal(LEARNERS_BAD_ARGUMENT, "\(rows) rows: there can be 0 to \(Int32.max)")
    }
    let numbers = unsafe try Numbers(
      type, values, rows: Int(rows), columns: columns, rowStride: rowStride, columnStride: columnStride)
    unsafe try Argument.give(try model.predictions(numbers), at: predictions, count: rows, named: "predictions")
  }
}

@c @implementation
public func learners_predict_quantiles(
  _ model: OpaquePointer?, _ table: OpaquePointer?, _ quantiles: UnsafeMutablePointer<Double>?, _ count: Int64
) -> learners_status {
  answering {
    let model = unsafe try Handle.object(model, ModelHandle.self, named: "model")
    let table = unsafe try Handle.object(table, TableHandle.self, named: "table")
    guard !model.model.quantileLevels.isEmpty else {
      throw Refusal(LEARNERS_BAD_ARGUMENT, "the model predicts one number a row: fit one with several quantiles")
    }
    unsafe try Argument.give(
      try model.predictions(table).quantiles.elements, at: quantiles, count: count, named: "quantiles")
  }
}

@c @implementation
public func learners_predict_interval(
  _ model: OpaquePointer?, _ table: OpaquePointer?, _ level: Double, _ low: UnsafeMutablePointer<Double>?,
  _ high: UnsafeMutablePointer<Double>?, _ count: Int64
) -> learners_status {
  answering {
    let model = unsafe try Handle.object(model, ModelHandle.self, named: "model")
    let table = unsafe try Handle.object(table, TableHandle.self, named: "table")
    let features = try model.features(of: table)
    let ranges = try model.model.ranges(
      of: features, predictions: try model.model.predictions(of: features).values, level: level)
    let place = unsafe try Argument.place(low, named: "low")
    unsafe try Argument.give(ranges.map(\.upperBound), at: high, count: count, named: "high")
    unsafe try Argument.give(ranges.map(\.lowerBound), at: place, count: count, named: "low")
  }
}

@c @implementation
public func learners_explain(
  _ model: OpaquePointer?, _ table: OpaquePointer?, _ contributions: UnsafeMutablePointer<Double>?, _ count: Int64,
  _ base: UnsafeMutablePointer<Double>?
) -> learners_status {
  answering {
    let base = unsafe try Argument.place(base, named: "base")
    let model = unsafe try Handle.object(model, ModelHandle.self, named: "model")
    let table = unsafe try Handle.object(table, TableHandle.self, named: "table")
    let explanation = try model.model.explain(try model.features(of: table))
    unsafe try Argument.give(
      explanation.contributions.elements, at: contributions, count: count, named: "contributions")
    unsafe base.pointee = explanation.base
  }
}

extension ModelHandle {
  /// No rows have no predictions, whatever their columns are.
  fileprivate func predictions(_ table: TableHandle) throws -> Predictions {
    try model.predictions(of: try features(of: table))
  }

  /// Many rows are taken block by block, so that they are never in memory twice.
  fileprivate func predictions(_ numbers: Numbers) throws -> [Double] {
    let block = 1 << 16
    guard numbers.rows > block else { return try predictionsAtOnce(numbers) }
    var predictions: [Double] = []
    predictions.reserveCapacity(numbers.rows)
    for rows in numbers.blocks(ofRows: block) { predictions += try predictionsAtOnce(rows) }
    return predictions
  }

  /// Few rows at once are predicted without taking them apart into columns; the numbers are the same.
  private func predictionsAtOnce(_ numbers: Numbers) throws -> [Double] {
    let few = 256
    guard numbers.rows > 0 else { return [] }
    guard numbers.rows > few else {
      let elements = try numbers.elements()
      try check(categoriesOf: elements)
      return try predictor.predict(elements)
    }
    let columns = try numbers.columnArrays()
    for (place, feature) in categorical { try Self.check(columns[place], as: feature) }
    return try model.predictions(
      of: FeatureColumns(features: model.pipeline.features, columns: columns, rowCount: numbers.rows)
    ).values
  }

  private func check(categoriesOf elements: [Double]) throws {
    for (place, feature) in categorical {
      let column = stride(from: place, to: elements.count, by: featureCount).map { elements[$0] }
      try Self.check(column, as: feature)
    }
  }

  private static func check(_ column: [Double], as feature: Feature) throws {
    guard let levels = feature.levels else { return }
    let isSound = column.allSatisfy { $0.isNaN || ($0 >= 0 && $0 <= Double(levels.count) && $0 == $0.rounded()) }
    guard isSound else {
      throw Refusal(
        LEARNERS_BAD_DATA,
        "column \(feature.name) holds categories: numbers there are places of its \(levels.count) levels from 0 on")
    }
  }
}
