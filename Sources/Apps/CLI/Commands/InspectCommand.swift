import ArgumentParser
import Learners

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what is in a model file.",
    discussion: """
      What it predicts, from which columns, how good it was in cross-validation, and where it comes from.

        learners inspect --model models/best.safetensors
      """)

  @OptionGroup var model: ModelOptions
  @Flag(help: "Print one JSON object.") var json = false

  func run() throws {
    var outputs = OutputGuard(keeping: [model.path])
    try outputs.check(nil)
    let card = ModelCard(try model.load())
    if json {
      try Terminal.writeOutput(jsonText(card) + "\n")
    } else {
      try Terminal.writePage(card.text(width: Terminal.width()) + "\n")
    }
  }
}
