internal import Learners
internal import Linalg

/// What the encoders of a pipeline make of each level of each category, found by asking the pipeline.
///
/// A table has a row for each level, then one for an unknown level and one for a missing value.
internal struct LevelTables {
  private let matrix: Matrix<Double>
  /// First column of each feature.
  private let starts: [Int]
  private let heights: [Int]

  init(_ pipeline: Pipeline) {
    heights = pipeline.features.map { $0.levels.map { $0.count + 2 } ?? 0 }
    let height = heights.max() ?? 0
    let columns = heights.map { rows in
      (0..<height).map { row in rows == 0 ? 0 : row < rows - 1 ? Double(row) : Double.nan }
    }
    let data = FeatureColumns(features: pipeline.features, columns: columns, rowCount: height)
    matrix = pipeline.matrix(of: Array(0..<height), in: data)
    starts = pipeline.encoders.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.width) }
  }

  /// Row by row.
  func rows(of feature: Int) -> [[Double]] {
    (0..<heights[feature]).map { row in
      (starts[feature]..<starts[feature + 1]).map { matrix[row, $0] }
    }
  }
}

extension GraphBuilder {
  /// The row of a table for each code, as double. Rows that are the same are written once.
  mutating func rows(of table: [[Double]], at codes: Value) -> Value {
    var (distinct, places): ([[Double]], [[UInt64]: Int]) = ([], [:])
    let place = table.map { row in
      let bits = row.map(\.bitPattern)
      if let known = places[bits] { return known }
      places[bits] = distinct.count
      distinct.append(row)
      return distinct.count - 1
    }
    let isAll = distinct.count == table.count
    let rows = isAll ? codes : apply("Gather", [constant(Tensor(place)), codes], [.int("axis", 0)])
    let elements = distinct.flatMap { $0 }
    let shape = [distinct.count, table[0].count]
    // One-hot columns take an eighth so.
    guard elements.allSatisfy({ $0 == 0 || $0 == 1 }) else {
      return apply("Gather", [constant(Tensor(elements, shape: shape)), rows], [.int("axis", 0)])
    }
    let small = constant(Tensor(elements.map { UInt8($0) }, shape: shape))
    return cast(apply("Gather", [small, rows], [.int("axis", 0)]), to: .double)
  }
}
