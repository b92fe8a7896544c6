import ArgumentParser
import Deploy
import Learners

/// The table that models are judged by before they are served.
enum HeldOutTable {
  /// The rows with a target, as a model takes them.
  static func rows(_ path: String, for file: ModelFile) throws(DeployError) -> HeldOutRows {
    do {
      let options = try DataOptions.parse(["--data", path])
      let features = file.model.pipeline.features
      let source = try DataSource.load(options, for: features)
      let (table, target, _) = try source.rows(for: features, target: file.model.target)
      guard let target, case .numeric(let numbers) = target.values else {
        throw DeployError(
          .badData, "the held-out table on prod has no numbers \(printable(file.model.target))",
          advice: "publish a model of another target, or change the table")
      }
      let columns = try FeatureColumns(table, features: features)
      let known = numbers.indices.filter { !numbers[$0].isNaN }
      let kept = FeatureColumns(
        features: features, columns: columns.columns.map { column in known.map { column[$0] } }, rowCount: known.count)
      return HeldOutRows(features: kept, targets: known.map { numbers[$0] }, sha256: source.sha256)
    } catch let error as DeployError {
      throw error
    } catch {
      let reason = (error as? Failure)?.message ?? "\(error)"
      throw DeployError(
        .badData, "the held-out table on prod cannot be used: \(printable(reason))",
        advice: "fit for its columns, or change the table")
    }
  }
}
