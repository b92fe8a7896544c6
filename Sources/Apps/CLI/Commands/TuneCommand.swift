import ArgumentParser
import Search

struct TuneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune",
    abstract: "Search for good hyper-parameters over several processes; nothing that is done is ever lost.",
    discussion: """
      Settings are cross-validated on the same folds; the best of each model is fitted on all rows and written as fit does \
      it. All that is done is kept in the store. Whatever ends the search, the same command goes on with it.

        learners tune --data houses.csv --target price --time 10m
        learners tune --data houses.csv --model svr --set svr.c=0.1..1000:log --set svr.epsilon=0.05,0.1
        learners tune --store models/tune.sqlite --trials +50
        learners trials --store models/tune.sqlite

      A search is extended by the same store with more --trials, other values or ranges, or more models: only what is new \
      is fitted. Without --set each model has a space of its own: see docs/search.md. Models and their hyper-parameters:

      \(ParameterHelp.text)
      """)

  @OptionGroup var options: TuneOptions

  func run() throws {
    let typed = TuneArguments(typed: Array(CommandLine.arguments.dropFirst(2)), in: OutputFile.currentFolder)
    let (options, arguments) = try resumed(typed)
    try TuneJob(options, arguments).run()
  }

  /// Without --data, an existing store says what is searched; what is typed is added to it.
  private func resumed(_ typed: TuneArguments) throws -> (TuneOptions, TuneArguments) {
    guard options.data.paths.isEmpty, OutputFile.exists(options.storePath),
      let last = try SearchStore(reading: options.storePath).lastRequest()
    else { return (options, typed) }
    // What was asked for last and is asked for again is the same request.
    let isKnown = last.arguments.suffix(typed.words.count).elementsEqual(typed.words)
    let all = TuneArguments(stored: isKnown ? last.arguments : last.arguments + typed.words)
    var known = try TuneOptions.parse(all.words)
    known.takeManner(of: options)
    if options.trials == nil { known.trials = typed.words.isEmpty ? last.trials.map { .total($0) } : nil }
    return (known, all)
  }
}
