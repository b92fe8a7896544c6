import ArgumentParser
import Learners

struct ContinueCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "continue",
    abstract: "Go on with the trees of a boosting model.",
    discussion: """
      The model must have been fitted with boosting.folds=0, so that no rows left out have ended it. On the same table the \
      result is that of one fit with so many iterations more, bit for bit; on another the new trees correct what the old ones \
      leave. Columns, their encoding and the scale of the target stay those of the model, the range of what it may predict is \
      widened to hold the new targets. Nothing is cross-validated: judge \
      the result by evaluate, on rows that neither fit has seen.

        learners fit --model boosting --set boosting.folds=0 --set boosting.maxIterations=200 --data houses.csv
        learners continue --model models/boosting.safetensors --data houses.csv --iterations 100 --out longer.safetensors
      """)

  @OptionGroup var model: ModelOptions
  @OptionGroup var data: DataOptions
  @OptionGroup var threading: ThreadOptions
  @Option(help: "Trees to add at most.") var iterations: Int
  @Option(help: "Seed of every random choice. (default: that of the model)") var seed: UInt64?
  @Option(help: ArgumentHelp("Write the model to this file.", valueName: "file")) var out: String

  func validate() throws {
    if iterations < 1 || iterations > 100_000 {
      throw ValidationError("--iterations \(iterations): must be 1 ... 100000")
    }
    if out.isEmpty { throw ValidationError("--out: the path is empty") }
  }

  /// The encoding stays that of the model: a level that came later has no place in it.
  private func noteUnknownLevels(_ data: FeatureColumns) {
    for (feature, column) in zip(data.features, data.columns) {
      guard let levels = feature.levels else { continue }
      let count = column.count { $0 == Double(levels.count) }
      guard count > 0 else { continue }
      Terminal.writeError(
        "learners: note: \(printable(feature.name)): \(count) row\(count == 1 ? " has a level" : "s have levels") that the model "
          + "does not know: they are missing values to it; fit anew to learn them")
    }
  }

  func run() throws {
    threading.apply()
    var outputs = OutputGuard(keeping: data.paths + [model.path])
    try outputs.check(out)
    let file = try model.load()
    let source = try DataSource.load(data, for: file.model.pipeline.features)
    let rows = try ModelRows(of: file.model, from: source)
    guard let (features, target) = try rows.known else {
      throw Failure(.badData, "\(source.description): there is no column \(file.model.target) to learn from: add it")
    }
    noteUnknownLevels(features)
    let longer: ModelFile
    let count: Int
    do {
      let seed = seed ?? file.provenance.seed
      let model = try file.model.continued(on: features, target: target, iterations: iterations, seed: seed)
      let provenance = ModelFile.Provenance(
        dataSHA256: source.sha256, rows: features.rowCount, seed: seed, programVersion: programVersion)
      longer = try ModelFile(model, scores: nil, provenance: provenance, trainingData: features)
      count = (model.learner as? Boosting)?.trees.treeCount ?? 0
    } catch let error as FitError {
      throw failure(error, rows, source)
    } catch {
      throw Failure(.badData, "\(model.path): \(error): change the model or the data")
    }
    if file.model.meanCorrection != nil {
      Terminal.writeError(
        "learners: note: how means follow from its predictions was learned from the old rows: the new model knows only medians"
      )
    }
    if file.model.intervals != nil {
      Terminal.writeError("learners: note: ranges were learned from the old rows: the new model knows none")
    }
    try OutputFile.write(longer.bytes, to: out)
    try Terminal.writePage("\(count) trees, \(features.rowCount) rows: \(out)\n")
  }

  /// A target that the model cannot take is found in the table, whose rows without a target do not count.
  private func failure(_ error: FitError, _ rows: ModelRows, _ source: DataSource) -> Failure {
    guard case .invalidTarget(let row, let reason) = error, case .numeric(let numbers) = rows.target?.values else {
      return Failure(.badData, "\(model.path): \(error): change the model or the data")
    }
    let places = numbers.indices.filter { !numbers[$0].isNaN }
    let place = places.indices.contains(row) ? source.place(ofRow: places[row]) : "row \(row)"
    return Failure(
      .badData,
      "\(source.description): the target in \(place) \(reason): change it, or fit a model with another loss or scale")
  }
}
