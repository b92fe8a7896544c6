import ArgumentParser
import Report

extension ReportForm: ExpressibleByArgument {}

/// Where a report goes, and as what.
struct ReportOutput: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The file of the report; its ending says what it is: .html, .md or .json. (default: report.html, with --format of another kind standard output)",
      valueName: "file"))
  var out: String?
  @Option(help: ArgumentHelp("What the report is written as. (default: by the file’s ending)")) var format: ReportForm?
  @Flag(
    name: .customLong("no-times"),
    help: "Leave out how long models take: the same command then gives the same bytes.")
  var leavesOutTimes = false

  func validate() throws {
    if out == "" { throw ValidationError("--out: the path is empty") }
    if let out, format == nil, ReportForm(ofFile: out) == nil {
      throw ValidationError("--out \(out): its ending is none of .html, .md and .json: choose one, or say --format")
    }
  }

  /// Nil for standard output.
  var path: String? { out ?? (format == nil || format == .html ? "report.html" : nil) }

  var form: ReportForm { format ?? out.flatMap(ReportForm.init(ofFile:)) ?? .html }
}
