import Glibc
import Learners
import Linalg
import Testing

/// Ranges around predictions, on tables whose truth is known.
@Suite struct IntervalsTests {
  /// y = 3 x0 + noise whose size is that of `size`; x1 is noise, kind a text.
  private static func table(
    _ rows: Int, seed: UInt64, size: (_ x: [Double], _ kind: Int) -> Double, isSkewed: Bool = false
  ) throws -> Dataset {
    var random = RandomStream(seed: seed, purpose: RandomPurpose("test.intervals"))
    var (first, second, kinds, target): ([Double], [Double], [Int], [Double]) = ([], [], [], [])
    for row in 0..<rows {
      let x = [random.uniform(), random.uniform()]
      let noise = isSkewed ? exp(random.normal()) - 1 : random.normal()
      first.append(x[0])
      second.append(x[1])
      kinds.append(row % 3)
      target.append(3 * x[0] + size(x, row % 3) * noise)
    }
    let columns = [
      Column(name: "x0", values: .numeric(first)), Column(name: "x1", values: .numeric(second)),
      Column(name: "kind", texts: kinds.map { ["a", "b", "c"][$0] }), Column(name: "y", values: .numeric(target)),
    ]
    return try Dataset(Table(columns: columns))
  }

  private static func model(
    _ dataset: Dataset, _ learner: any Regressor.Type = Ridge.self, cv: Int = 5,
    _ transform: TargetTransform.Choice = .none
  ) throws -> Model {
    let folds = try Folds(shuffling: dataset.rowCount, into: cv, seed: 0)
    let experiment = Experiment(dataset: dataset, folds: folds, targetTransform: transform, seed: 0)
    return try experiment.refit(experiment.run(Candidate(learner)))
  }

  private static func ranges(_ model: Model, _ data: Dataset, level: Double = 0.9) throws -> [ClosedRange<Double>] {
    let predictions = try model.predict(data.features)
    return try model.ranges(of: data.features, predictions: predictions, level: level)
  }

  private static func coverage(
    _ ranges: [ClosedRange<Double>], _ data: Dataset, where isIn: (Int) -> Bool = { _ in true }
  ) -> Double {
    let rows = ranges.indices.filter(isIn)
    return Double(rows.count { ranges[$0].contains(data.target[$0]) }) / Double(rows.count)
  }

  @Test func rangesHoldTheirShareOfRowsThatWereNotSeen() throws {
    let model = try Self.model(Self.table(1500, seed: 1, size: { _, _ in 0.5 }))
    let fresh = try Self.table(4000, seed: 2, size: { _, _ in 0.5 })
    for level in [0.5, 0.8, 0.9, 0.99] {
      // Four standard errors of a share that both 1500 and 4000 rows leave open.
      let tolerance = 4 * (level * (1 - level) * (1 / 1500.0 + 1 / 4000.0)).squareRoot()
      #expect(abs(Self.coverage(try Self.ranges(model, fresh, level: level), fresh) - level) < tolerance)
    }
    // Nothing makes one row more uncertain than another: the normal quantiles, everywhere.
    let widths = try Self.ranges(model, fresh).map { $0.upperBound - $0.lowerBound }
    #expect(widths.allSatisfy { abs($0 - 2 * 1.645 * 0.5) < 0.15 })
    #expect(model.intervals?.followsRows == false && model.intervals?.rows == 1500)
  }

  @Test(arguments: [false, true]) func rangesAreAsWideAsTheirRowIsUncertain(isSkewed: Bool) throws {
    func noisy(_ rows: Int, _ seed: UInt64) throws -> Dataset {
      try Self.table(rows, seed: seed, size: { x, kind in (kind == 0 ? 0.1 : 0.4) * (0.2 + x[1]) }, isSkewed: isSkewed)
    }
    let model = try Self.model(noisy(3000, 3))
    let fresh = try noisy(6000, 4)
    let ranges = try Self.ranges(model, fresh)
    #expect(model.intervals?.followsRows == true)
    #expect(abs(Self.coverage(ranges, fresh) - 0.9) < 0.02)
    for (_, isIn) in Self.regions(fresh) {
      let coverage = Self.coverage(ranges, fresh, where: isIn)
      #expect(abs(coverage - 0.9) < 0.06)
    }
    let (quiet, loud) = (fresh.rowCount / 3, fresh.rowCount / 3 * 2)
    let width = { (rows: [Int]) in rows.reduce(0) { $0 + ranges[$1].upperBound - ranges[$1].lowerBound } }
    let kinds = fresh.features.columns[2]
    let (few, many) = (ranges.indices.filter { kinds[$0] == 0 }, ranges.indices.filter { kinds[$0] != 0 })
    #expect(width(many) / Double(loud) > 2.5 * width(few) / Double(quiet))
  }

  /// By the text, and by the number that the noise grows with.
  private static func regions(_ data: Dataset) -> [(String, (Int) -> Bool)] {
    let (second, kinds) = (data.features.columns[1], data.features.columns[2])
    return [
      ("quiet", { kinds[$0] == 0 }), ("loud", { kinds[$0] != 0 }), ("low", { second[$0] < 0.3 }),
      ("high", { second[$0] > 0.7 }),
    ]
  }

  @Test func amountsOnALogarithmicScaleHaveNoRangeBelowZero() throws {
    var dataset = try Self.table(1200, seed: 5, size: { _, _ in 0.8 })
    dataset = try TestDataset.replacing(target: dataset.target.map { exp(2 * $0).rounded(.down) }, of: dataset)
    let model = try Self.model(dataset, Ridge.self, cv: 5, .log1p)
    let ranges = try Self.ranges(model, dataset)
    #expect(ranges.allSatisfy { $0.lowerBound >= 0 && $0.upperBound.isFinite })
    #expect(abs(Self.coverage(ranges, dataset) - 0.9) < 0.03)
  }

  /// Of two folds in time a blend leaves out the first.
  @Test func foldsMayBeLeftOutWhole() throws {
    let dataset = try Self.table(200, seed: 8, size: { _, _ in 0.5 })
    let folds = try Folds(shuffling: dataset.rowCount, into: 2, seed: 0)
    let experiment = Experiment(dataset: dataset, folds: folds, targetTransform: .none, seed: 0)
    let entry = try experiment.run(Candidate(Ridge.self))
    let kept = entry.validation.predictions.indices.map { row in
      folds.assignments[row] == 0 ? Double.nan : entry.validation.predictions[row]
    }
    let model = try experiment.refit(Candidate(Ridge.self))
      .addingIntervals(from: dataset, folds: folds, predictions: kept, seed: 0)
    #expect(model.intervals?.rows == 100)
  }

  @Test func fewRowsTellOnlyWhatTheyCan() throws {
    let model = try Self.model(Self.table(12, seed: 6, size: { _, _ in 0.1 }), cv: 4)
    let data = try Self.table(50, seed: 7, size: { _, _ in 0.1 })
    #expect(model.intervals?.highestLevel == 1 - 2 / 13.0)
    #expect(throws: Never.self) { try Self.ranges(model, data, level: 0.84) }
    #expect(throws: IntervalError.levelTooHigh(0.9, highest: 1 - 2 / 13.0)) { try Self.ranges(model, data) }
    // What is said of them is said of a share that can be asked for.
    #expect(try model.intervals?.scores.level == 0.8 && Self.ranges(model, data, level: 0.8).count == 50)
    #expect(throws: IntervalError.invalidLevel(1)) { try Self.ranges(model, data, level: 1) }
    #expect(throws: IntervalError.self) { try Self.ranges(model, data, level: .nan) }
    let tiny = try Self.model(Self.table(8, seed: 6, size: { _, _ in 0.1 }), cv: 4)
    #expect(throws: IntervalError.none) { try Self.ranges(tiny, data, level: 0.5) }
  }

  @Test func aModelThatIsNeverWrongHasRangesOfNoWidth() throws {
    let model = try Self.model(Self.table(200, seed: 8, size: { _, _ in 0 }))
    let ranges = try Self.ranges(model, Self.table(30, seed: 9, size: { _, _ in 0 }))
    #expect(ranges.allSatisfy { $0.upperBound - $0.lowerBound < 1e-6 })
  }

  /// The same alone and in company, from the table and row by row, before and after a file.
  @Test func aRowHasTheSameRangeEverywhere() throws {
    let dataset = try Self.table(900, seed: 10, size: { x, kind in (kind == 0 ? 0.1 : 0.6) * (0.2 + x[1]) })
    let model = try Self.model(dataset, Boosting.self)
    #expect(model.intervals?.followsRows == true)
    let ranges = try Self.ranges(model, dataset)
    let provenance = ModelFile.Provenance(dataSHA256: "00", rows: 900, seed: 0, programVersion: "test")
    let file = try ModelFile(model, scores: nil, provenance: provenance, trainingData: dataset.features)
    let loaded = try ModelFile(bytes: file.bytes).model
    #expect(try Self.ranges(loaded, dataset) == ranges)
    let bare = Model(pipeline: model.pipeline, learner: model.learner, target: model.target)
    let small = try ModelFile(bare, scores: nil, provenance: provenance, trainingData: dataset.features)
    #expect(file.bytes.count - small.bytes.count < 60_000)
    let predictor = RowPredictor(loaded)
    for row in [0, 1, 500] {
      let values = dataset.features.columns.map { $0[row] }
      let alone = try predictor.ranges(of: values, predictions: predictor.predict(values), level: 0.9)
      #expect(alone == [ranges[row]])
    }
  }

  @Test func aFileWithDamagedIntervalsIsRefused() throws {
    let dataset = try Self.table(300, seed: 11, size: { _, kind in kind == 0 ? 0.01 : 1 })
    let model = try Self.model(dataset)
    let provenance = ModelFile.Provenance(dataSHA256: "00", rows: 300, seed: 0, programVersion: "test")
    let file = try ModelFile(model, scores: nil, provenance: provenance, trainingData: dataset.features)
    let (tensors, metadata) = file.encoded()
    func refused(_ tensors: TensorStore, _ metadata: [String: String]) -> Bool {
      (try? ModelFile(tensors: tensors, metadata: metadata)) == nil
    }
    let isRefused = refused(tensors, metadata)
    #expect(!isRefused)
    for name in ["intervals.errors", "intervals.spread.base", "intervals.spread.trees.starts"] {
      var without = TensorStore()
      for (other, tensor) in tensors.tensors where other != name {
        without.set(other, shape: tensor.shape, tensor.elements)
      }
      let isRefused = refused(without, metadata)
      #expect(isRefused, "\(name)")
    }
    let text = try #require(metadata["intervals"])
    for (old, new) in [
      ("\"rows\":300", "\"rows\":299"), ("\"power\":", "\"power\":7"), ("\"level\":0.9", "\"level\":90"),
      ("\"encoders\":[", "\"encoders\":[null,"),
    ] {
      var damaged = metadata
      damaged["intervals"] = text.replacing(old, with: new)
      let isRefused = damaged["intervals"] != text && refused(tensors, damaged)
      #expect(isRefused, "\(old)")
    }
    var without = metadata
    without["intervals"] = nil
    #expect(try ModelFile(tensors: tensors, metadata: without).model.intervals == nil)
  }
}
