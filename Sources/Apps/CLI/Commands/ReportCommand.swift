import ArgumentParser
import Learners
import Report

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Compare models and write all that there is to say about it into one file for others.",
    discussion: """
      Models are compared as fit does it, with the same options and the same figures; then the best is looked at closely. \
      The report says which model to use, how good it is, how sure that is and what would help, and has the figures: \
      corrected intervals, paired comparisons, errors, ranges, a learning curve, importance and effects of the columns, the \
      worst rows with reasons, and the data. One file that needs no network. No model is written: that is what fit is for.

        learners report --data houses.csv --target price --out report.html
        learners report --data houses.csv --target price --groups owner --out report.md
        learners report --data houses.csv --target price --models models
        learners report --data houses.csv --format json --no-times

      With --models the models and settings are those that fit or tune left in a folder; all is cross-validated again. It takes \
      two to four times as long as fit.
      """)

  @OptionGroup var data: DataOptions
  @OptionGroup var experiment: ExperimentOptions
  @OptionGroup var comparison: ComparisonOptions
  @Option(
    help: ArgumentHelp(
      "Compare the models in this folder of fit or tune, with their settings, instead of --model and --set.",
      valueName: "dir"))
  var models: String?
  @OptionGroup var output: ReportOutput
  @OptionGroup var threading: ThreadOptions

  func validate() throws {
    try comparison.check(with: experiment)
    if models != nil && (comparison.model != nil || !comparison.assignments.isEmpty) {
      throw ValidationError("--models brings models and settings: leave out --model and --set")
    }
  }

  func run() throws {
    threading.apply()
    var outputs = OutputGuard(keeping: data.paths + [experiment.folds])
    try outputs.check(output.path)
    let making = ReportMaking(
      job: try job(DataSource.load(data)), foldsAreGiven: experiment.folds != nil, isTimed: !output.leavesOutTimes,
      command: Self.typed)
    let report = try Interruption.ending(with: { "no report was written" }) { try making.run() }
    let text = output.form.text(of: report)
    guard let path = output.path else { return try Terminal.writeOutput(text) }
    try OutputFile.write(Array(text.utf8), to: path)
    try Terminal.writePage(SummaryText(report).text + "\n\nThe report is \(path).\n")
  }

  private func job(_ source: DataSource) throws -> FitJob {
    guard let models else {
      return try FitJob(
        source, comparison.grids(), experiment, comparing: comparison, blendSize: comparison.size)
    }
    let folder = try ModelFolder(reading: models)
    if folder.dataSHA256 != [source.sha256] {
      Terminal.writeError(
        "learners: warning: \(models): its models were fitted on other data: only their settings are taken")
    }
    // --blend-size says otherwise, 0 included.
    let size = comparison.blendSize == nil ? folder.blendSize : comparison.size
    return try FitJob(
      source, folder.grids, experiment, comparing: comparison, blendSize: size, bags: folder.holdsBags)
  }

  /// The command as a shell reads it.
  private static var typed: String {
    (["learners"] + CommandLine.arguments.dropFirst().map(\.shellWord)).joined(separator: " ")
  }
}

extension String {
  /// Quoted where a shell would read more in it.
  fileprivate var shellWord: String {
    let isPlain =
      !isEmpty
      && utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
          true
        default: "_.,-/=:+@%".utf8.contains(byte)
        }
      }
    return isPlain ? self : "'" + replacing("'", with: "'\\''") + "'"
  }
}
