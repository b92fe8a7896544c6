internal import Learners
internal import Linalg
internal import Testing

@Suite struct NetworkTrainingTests {
  @Test func `the epoch with the least loss on held-out rows is kept`() {
    // Pure noise: the longer the network learns, the worse it gets.
    let rows = NetworkTests.rows(200, features: 5, weighted: true)
    var settings = MLP.Parameters()
    settings.patience = 20
    let network = Network(featureCount: 5, hiddenWidths: [32, 32], activation: .relu)
    let split = Holdout(rows: rows.count, settings, seed: 0).split(1)
    let trained = NetworkTraining(network, rows: rows, split: split, settings, seed: 0, member: 1).run()
    var random = RandomStream(seed: 0, purpose: RandomPurpose("test.untrained"))
    let untrained = network.loss(network.initialParameters(random: &random), of: split.validation, in: rows)
    let losses = [untrained] + trained.losses
    #expect(trained.losses.count == min(settings.maxEpochs, trained.bestEpoch + settings.patience))
    #expect(losses[trained.bestEpoch] == losses.min())
    #expect(network.loss(trained.parameters, of: split.validation, in: rows) == losses[trained.bestEpoch])
    #expect(trained.losses.last! > 1.05 * losses[trained.bestEpoch])
    #expect(!trained.diverged)
  }

  @Test func `without held-out rows the last epoch is kept`() {
    let rows = NetworkTests.rows(50, features: 3, weighted: false)
    var settings = MLP.Parameters()
    settings.earlyStopping = false
    settings.maxEpochs = 300
    let network = Network(featureCount: 3, hiddenWidths: [32], activation: .mish)
    let split = Holdout(rows: rows.count, settings, seed: 0).split(0)
    let trained = NetworkTraining(network, rows: rows, split: split, settings, seed: 0, member: 0).run()
    #expect(trained.losses.count == 300 && trained.bestEpoch == 300)
    #expect(trained.losses.last! < 0.8 * trained.losses[0])
  }

  @Test(arguments: [true, false])
  func `a loss that is no number ends training at a network that predicts`(earlyStopping: Bool) {
    let rows = NetworkTests.rows(100, features: 3, weighted: false)
    var settings = MLP.Parameters()
    settings.learningRate = 1e30
    settings.earlyStopping = earlyStopping
    let network = Network(featureCount: 3, hiddenWidths: [8, 8], activation: .relu)
    let split = Holdout(rows: rows.count, settings, seed: 0).split(0)
    let trained = NetworkTraining(network, rows: rows, split: split, settings, seed: 0, member: 0).run()
    #expect(trained.diverged)
    #expect(trained.parameters.allSatisfy { $0.isFinite })
    #expect(trained.bestEpoch < trained.losses.count)
  }

  @Test func `the step size warms up and falls to zero`() {
    #expect(NetworkTraining.stepFactor(0) > 0 && NetworkTraining.stepFactor(0) < 0.05)
    #expect(NetworkTraining.stepFactor(0.05) == 1)
    #expect(abs(NetworkTraining.stepFactor(0.525) - 0.5) < 1e-12)
    #expect(abs(NetworkTraining.stepFactor(1)) < 1e-12)
  }
}
