import ArgumentParser

/// Rows that know of each other.
struct KinOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A column that names what rows belong to, such as their owner: whole groups are held out, by folds and by what learners hold out themselves. It is no feature.",
      valueName: "column"))
  var groups: String?
  @Option(
    help: ArgumentHelp(
      "A column of dates or numbers: every fold is predicted from the rows before it.", valueName: "column"))
  var time: String?

  func validate() throws {
    if groups != nil && time != nil { throw ValidationError("--groups and --time exclude each other") }
  }
}
