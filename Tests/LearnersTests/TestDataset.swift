import Learners
import Linalg
import TestSupport

/// Datasets for tests of pipelines and selection.
enum TestDataset {
  /// One feature with given values: numbers, or indices of levels.
  static func make(feature: Feature, values: [Double], target: [Double]) throws -> Dataset {
    let column: Column
    if let levels = feature.levels {
      // An index past the levels stands for a text that the training rows do not have.
      let texts = values.map { $0.isNaN ? nil : Int($0) < levels.count ? levels[Int($0)] : "unknown-\($0)" }
      column = Column(name: feature.name, texts: texts)
    } else {
      column = Column(name: feature.name, values: .numeric(values))
    }
    let table = Table(columns: [column, Column(name: "y", values: .numeric(target))])
    return try Dataset(table)
  }

  /// Friedman's first problem with a categorical feature that shifts the target, and missing values in one feature.
  static func mixed(rows: Int, seed: UInt64 = 0) throws -> Dataset {
    let (x, y) = SyntheticData.friedman(rows: rows, features: 6, seed: seed)
    var columns = (0..<6).map { index in
      let values = x.column(index).enumerated().map { row, value in index == 5 && row % 9 == 0 ? .nan : value }
      return Column(name: "x\(index)", values: .numeric(values))
    }
    columns.append(Column(name: "kind", texts: (0..<rows).map { $0 % 13 == 0 ? nil : ["a", "b", "c"][$0 % 3] }))
    let target = y.enumerated().map { row, value in value + (row % 3 == 1 ? 4 : 0) }
    columns.append(Column(name: "y", values: .numeric(target)))
    return try Dataset(Table(columns: columns))
  }
}
