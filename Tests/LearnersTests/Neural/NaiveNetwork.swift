internal import Foundation
internal import Learners

/// The naive twin of `Network`: Double, one row and one unit at a time, gradient by central differences of the loss.
struct NaiveNetwork {
  let network: Network

  func output(_ parameters: [Double], _ x: [Double]) -> Double {
    var values = x
    for layer in network.layers {
      values = (0..<layer.outputs).map { unit in
        var z = parameters[layer.biases + unit]
        for input in 0..<layer.inputs { z += values[input] * parameters[layer.weights + input * layer.outputs + unit] }
        return activation(z)
      }
    }
    return values.indices.reduce(parameters[network.headBias]) {
      $0 + values[$1] * parameters[network.headWeights + $1]
    }
  }

  private func activation(_ z: Double) -> Double {
    switch network.activation {
    case .relu: max(z, 0)
    case .mish: z * tanh(log1p(exp(z)))
    }
  }

  func loss(_ parameters: [Double], _ rows: NetworkRows) -> Double {
    let n = rows.featureCount
    let losses = (0..<rows.count).map { row in
      let error = output(parameters, rows.x[row * n..<(row + 1) * n].map(Double.init)) - Double(rows.y[row])
      return Double(rows.weights?[row] ?? 1) * 0.5 * error * error
    }
    return losses.reduce(0, +) / Double(rows.count)
  }

  func gradient(_ parameters: [Double], _ rows: NetworkRows) -> [Double] {
    parameters.indices.map { index in
      let step = 1e-6
      var (above, below) = (parameters, parameters)
      above[index] += step
      below[index] -= step
      return (loss(above, rows) - loss(below, rows)) / (2 * step)
    }
  }
}
