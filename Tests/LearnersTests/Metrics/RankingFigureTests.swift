import Glibc
import Learners
import Linalg
import Testing

struct RankingFigureTests {
  private static let q9 = FittedLoss.quantiles([0.9], predicted: 0.9)

  @Test func theLossThatAllMinimiseIsWhatCounts() {
    #expect(RankingFigure(of: [FittedLoss.squared, .squared]) == .r2)
    #expect(RankingFigure(of: [FittedLoss.squared, .insensitive, .absolute]) == .r2)
    #expect(RankingFigure(of: [FittedLoss.absolute]) == .meanAbsoluteError)
    #expect(RankingFigure(of: [FittedLoss.absolute, .quantiles([0.5], predicted: 0.5)]) == .meanAbsoluteError)
    #expect(RankingFigure(of: [FittedLoss.deviance(power: 1)]) == .deviance(power: 1))
    #expect(RankingFigure(of: [FittedLoss.deviance(power: 1), .deviance(power: 1.5)]) == .r2)
    // Who asks for a quantile is not served by a mean.
    #expect(RankingFigure(of: [Self.q9, .squared, .insensitive]) == .pinball([0.9]))
    #expect(RankingFigure(of: [Self.q9, .quantiles([0.1], predicted: 0.1)]) == nil)
  }

  @Test func theSmallerLossIsBetter() {
    let targets = (0..<200).map { Double($0 % 20) }
    func scores(_ value: Double) -> Scores {
      Scores(
        predictions: targets.map { _ in value }, targets: targets, scale: .identity, loss: Self.q9)
    }
    let ranking = RankingFigure.pinball([0.9])
    #expect(ranking.cost(of: scores(17.5)) < ranking.cost(of: scores(9.5)))
    // By R² it is the other way round.
    #expect(RankingFigure.r2.cost(of: scores(9.5)) < RankingFigure.r2.cost(of: scores(17.5)))
    let coverage = scores(17.5).quantiles?.first?.coverage ?? 0
    #expect(abs(coverage - 0.9) < 1e-12)
  }

  @Test func severalQuantilesAreScoredEachByItself() {
    let targets = [1.0, 2, 3, 4]
    let quantiles = Matrix(rows: 4, columns: 2) { row, column in column == 0 ? 1.5 : Double(row + 1) }
    let scores = Scores(
      predictions: quantiles.column(1), targets: targets, scale: .identity,
      loss: .quantiles([0.25, 0.75], predicted: 0.75), quantiles: quantiles)
    #expect(scores.quantiles?.map(\.level) == [0.25, 0.75])
    #expect(scores.quantiles?.map(\.coverage) == [0.25, 1])
    #expect(scores.quantiles?[1].pinball == 0)
    let first = (0.75 * 0.5 + 0.25 * (0.5 + 1.5 + 2.5)) / 4
    #expect(abs((scores.quantiles?[0].pinball ?? .nan) - first) < 1e-12)
  }

  /// The deviance is twice what the log-likelihood lacks: least, and 0, where predictions are the targets.
  @Test(arguments: [1, 1.3, 1.5, 1.9, 2.0]) func devianceIsLeastAtTheTargets(power: Double) {
    let targets = [0.5, 1, 4, 0.1]
    func deviance(_ predictions: [Double]) -> Double {
      Metrics.meanDeviance(predictions: predictions, targets: targets, power: power)
    }
    #expect(abs(deviance(targets)) < 1e-12)
    for factor in [0.5, 0.9, 1.1, 2] { #expect(deviance(targets.map { $0 * factor }) > 1e-4) }
    // Units take out a power of 2 - p.
    let scaled = Metrics.meanDeviance(predictions: [2, 20, 30, 1], targets: targets.map { $0 * 10 }, power: power)
    #expect(abs(scaled - pow(10, 2 - power) * deviance([0.2, 2, 3, 0.1])) < 1e-9)
  }

  @Test func zerosHaveADeviance() {
    #expect(abs(Metrics.meanDeviance(predictions: [2], targets: [0], power: 1) - 4) < 1e-12)
    let half = Metrics.meanDeviance(predictions: [2], targets: [0], power: 1.5)
    #expect(abs(half - 4 * 2.0.squareRoot()) < 1e-12)
  }
}
