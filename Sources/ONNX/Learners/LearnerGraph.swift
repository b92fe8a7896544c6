internal import Learners
internal import Linalg

/// The operators of a fitted model.
internal enum LearnerGraph {
  /// What the model predicts, on the target's own scale: rows x 1, double.
  static func prediction(
    of model: Model, _ inputs: GraphInputs, in graph: inout GraphBuilder
  ) throws(ExportError) -> GraphBuilder.Value {
    let output = try output(of: model, inputs, in: &graph)
    return graph.target(of: output, model.pipeline.target)
  }

  /// What its learner predicts, on the scale of fitting.
  private static func output(
    of model: Model, _ inputs: GraphInputs, in graph: inout GraphBuilder
  ) throws(ExportError) -> GraphBuilder.Value {
    guard model.quantileLevels.isEmpty else { throw .quantiles }
    let pipeline = model.pipeline
    switch model.learner {
    case let mean as Mean: return graph.column(of: mean.value, besides: inputs.anyInput)
    case let forest as Forest:
      let sum = TreeSums.sum(of: forest.ensemble, from: nil, pipeline: pipeline, inputs, in: &graph)
      return graph.average(sum, of: forest.ensemble, FittedTensors(forest))
    case let forest as ExtraTrees:
      let sum = TreeSums.sum(of: forest.ensemble, from: nil, pipeline: pipeline, inputs, in: &graph)
      return graph.average(sum, of: forest.ensemble, FittedTensors(forest))
    case let boosting as Boosting:
      let sum = TreeSums.sum(of: boosting.trees, from: boosting.base, pipeline: pipeline, inputs, in: &graph)
      guard boosting.parameters.loss.isLogarithmic else { return sum }
      return graph.clipped(graph.apply("Exp", [sum]), 0, .greatestFiniteMagnitude)
    case let ridge as Ridge:
      let x = DenseColumns.matrix(of: pipeline, inputs, in: &graph)
      return graph.linear(x, ridge.coefficients, ridge.intercept)
    case let svr as SVR: return graph.kernelSum(DenseColumns.matrix(of: pipeline, inputs, in: &graph), svr)
    case let mlp as MLP: return graph.networks(DenseColumns.matrix(of: pipeline, inputs, in: &graph), mlp)
    case let blend as Blend: return try blended(blend, inputs, in: &graph)
    default: throw .learner(model.name)
    }
  }

  /// The weighted mean of the members on the scale that the weights are meant on.
  private static func blended(
    _ blend: Blend, _ inputs: GraphInputs, in graph: inout GraphBuilder
  ) throws(ExportError) -> GraphBuilder.Value {
    var parts: [GraphBuilder.Value] = []
    for member in blend.members {
      let predicted = try prediction(of: member.model, inputs, in: &graph)
      parts.append(graph.times(member.weight, graph.location(of: predicted, blend.scale)))
    }
    return graph.sum(parts)
  }
}

extension GraphBuilder {
  fileprivate mutating func average(_ sum: Value, of ensemble: TreeEnsemble, _ tensors: FittedTensors) -> Value {
    times(tensors.doubles("targetScale")[0], divided(sum, by: Double(ensemble.treeCount)))
  }

  internal mutating func linear(_ x: Value, _ coefficients: [Double], _ intercept: Double) -> Value {
    let weights = constant(Tensor(coefficients, shape: [coefficients.count, 1]))
    return adding(intercept, to: apply("MatMul", [x, weights]))
  }
}
