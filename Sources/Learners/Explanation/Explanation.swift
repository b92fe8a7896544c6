public import Linalg

/// What each feature of a table adds to a model's predictions, on the scale of the learner's sums.
///
/// A feature that the pipeline makes several columns of gets the sum of their contributions.
public struct Explanation: Sendable {
  /// What is predicted where nothing is known of a row.
  public let base: Double
  /// rows x features of the schema.
  public let contributions: Matrix<Double>
  public let link: Contributions.Link
  /// On the target's own scale, as `predict` gives them.
  public let predictions: [Double]

  /// Base plus contributions, one a row: the learner's prediction, or its logarithm.
  public var sums: [Double] {
    (0..<contributions.rows).map { contributions.row($0).reduce(base, +) }
  }

  /// Mean over the rows of the size of each feature's contributions; 0 without rows.
  public var meanSizes: [Double] {
    (0..<contributions.columns).map { column in
      contributions.column(column).reduce(0) { $0 + abs($1) / Double(contributions.rows) }
    }
  }
}

/// Why a model could not be explained.
public enum ExplanationError: Error, Equatable, Sendable {
  /// The learner has no exact contributions.
  case notExplainable(learner: String)
  case prediction(PredictionError)
}

extension ExplanationError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notExplainable(let learner):
      "the predictions of \(learner) cannot be divided exactly among the features"
    case .prediction(let error): error.description
    }
  }
}

extension Model {
  /// Explains the prediction of every row.
  public func explain(_ data: FeatureColumns) throws(ExplanationError) -> Explanation {
    if let blend = learner as? Blend { return try explain(blend, data) }
    // Sorted quantiles are no sums of contributions.
    guard let learner = learner as? any Explainable, quantileLevels.isEmpty else {
      throw .notExplainable(learner: quantileLevels.isEmpty ? name : "\(name) with several quantiles")
    }
    do throws(PredictionError) {
      let x = pipeline.matrix(of: Array(0..<data.rowCount), in: data)
      let found = try learner.contributions(of: x)
      let predictions = pipeline.target.inverse(try learner.predict(x))
      return Explanation(
        base: found.base, contributions: sumOfColumns(found.values), link: found.link, predictions: predictions)
    } catch {
      throw .prediction(error)
    }
  }

  /// The members' contributions by weight, where all of them are sums on the scale of the blend.
  private func explain(_ blend: Blend, _ data: FeatureColumns) throws(ExplanationError) -> Explanation {
    var (base, sums) = (0.0, Matrix<Double>(rows: data.rowCount, columns: data.features.count))
    for member in blend.members {
      let found = try member.model.explain(data)
      let target = member.model.pipeline.target
      guard found.link == .identity, target.targetScale == blend.scale, target.center == 0, target.scale == 1 else {
        throw .notExplainable(learner: "\(name) with \(member.model.name)")
      }
      base += member.weight * found.base
      sums = Matrix(rows: sums.rows, columns: sums.columns) { row, feature in
        sums[row, feature] + member.weight * found.contributions[row, feature]
      }
    }
    do throws(PredictionError) {
      return Explanation(base: base, contributions: sums, link: .identity, predictions: try predict(data))
    } catch { throw .prediction(error) }
  }

  /// Adds the columns that a feature has become.
  private func sumOfColumns(_ values: Matrix<Double>) -> Matrix<Double> {
    let starts = pipeline.encoders.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.width) }
    return Matrix(rows: values.rows, columns: pipeline.features.count) { row, feature in
      (starts[feature]..<starts[feature + 1]).reduce(0) { $0 + values[row, $1] }
    }
  }

  /// The scale of an explanation's sums for people: "price", "ln(1 + price)", "ln(price)".
  public func scaleName(_ link: Contributions.Link) -> String {
    let scale = pipeline.target.targetScale.label(of: target)
    return link == .logarithm ? "ln(\(scale))" : scale
  }
}
