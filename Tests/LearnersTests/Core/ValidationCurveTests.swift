import Glibc
import Learners
import Linalg
import TestSupport
import Testing

struct ValidationCurveTests {
  private static func fit(_ change: (inout Boosting.Parameters) -> Void) throws -> Boosting {
    let data = SyntheticData.friedman(rows: 300, features: 6)
    var parameters = Boosting.Parameters()
    parameters.maxIterations = 40
    parameters.folds = 3
    change(&parameters)
    return try Boosting(fitting: try TrainingSet(x: data.x, y: data.y.map(abs)), parameters: parameters, seed: 2)
  }

  @Test(arguments: Boosting.Loss.allCases)
  func isTheLossOfTheRowsLeftOut(loss: Boosting.Loss) throws {
    let model = try Self.fit {
      $0.loss = loss
      $0.folds = 1
      $0.quantile = 0.7
    }
    let curve = try #require(model.validationCurves.first)
    #expect(model.validationCurves.count == 1 && curve.count == 41)
    // What is left out, the part says; the model's trees end at the lowest point.
    let data = SyntheticData.friedman(rows: 300, features: 6)
    let part = try #require(ValidationPart.parts(rows: 300, parameters: model.parameters, seed: 2).first)
    let objective = Objective(loss: loss, quantile: 0.7, targets: data.y.map(abs), weights: nil)
    let base = objective.meanLoss(rows: part.validation, scores: Array(repeating: model.startingBase, count: 300))
    // Poisson's loss is that of targets / unit, times the unit: without the mean of y ln unit, which no score changes.
    let unit = data.y.reduce(0) { $0 + abs($1) } / 300
    let mean = part.validation.reduce(0) { $0 + abs(data.y[Int($1)]) } / Double(part.validation.count)
    let constant = loss == .poisson ? mean * log(unit) : 0
    #expect(abs(curve[0] - base - constant) < 1e-9 * max(1, abs(base)))
    var sums = [Double](repeating: model.startingBase, count: 300)
    model.trees.addPredictions(of: data.x, trees: 0..<model.trees.treeCount, into: &sums)
    let last = objective.meanLoss(rows: part.validation, scores: sums)
    let best = try #require(curve.min())
    #expect(abs(last + constant - best) < 1e-9 * max(1, abs(best)))
  }

  @Test func theMeanIsOverTheRunsThatGoOn() throws {
    let model = try Self.fit {
      $0.maxIterations = 2000
      $0.learningRate = 0.5
      $0.earlyStoppingRounds = 5
    }
    let curves = model.validationCurves
    let mean = try #require(ValidationCurve(of: model))
    #expect(curves.count == 3 && mean.runs == 3 && Set(curves.map(\.count)).count > 1)
    #expect(mean.losses.count == curves.map(\.count).min())
    #expect(abs(mean.losses[1] - (curves[0][1] + curves[1][1] + curves[2][1]) / 3) < 1e-12)
    #expect(mean.losses[mean.best] == mean.losses.min())
  }

  @Test func aFitOnAllRowsHasNone() throws {
    #expect(try Self.fit { $0.folds = 0 }.validationCurves.isEmpty)
    #expect(ValidationCurve(of: try Self.fit { $0.folds = 0 }) == nil)
  }

  @Test func aPrefixHasThePrefixOfTheCurve() throws {
    let data = SyntheticData.friedman(rows: 200, features: 6)
    let training = try TrainingSet(x: data.x, y: data.y)
    let settings = [10, 30].map { iterations in
      var parameters = Boosting.Parameters()
      parameters.maxIterations = iterations
      return parameters
    }
    let path = try Boosting.fitPath(settings, on: training, seed: 1).learners
    #expect(path[0].validationCurves == path[1].validationCurves.map { Array($0.prefix(11)) })
  }
}
