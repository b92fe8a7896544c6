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
    for (name, option) in [(groups, "--groups"), (time, "--time")] where name == "" {
      throw ValidationError("\(option): the name of a column is empty")
    }
    if groups != nil && time != nil { throw ValidationError("--groups and --time exclude each other") }
  }
}
