import ArgumentParser
import Deploy
import Learners

struct PublishCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish",
    abstract: "Deliver a model to production, which says whether it takes it.",
    discussion: """
      Stages, commits and pushes the model; production verifies the file, compares it with the model that it serves on rows \
      that neither has seen, takes it or refuses it, and prints why. Ends with status 65 where it is refused. On dev:

        learners publish models/best.safetensors

      The same by hand: git commit, git push production. docs/deployment.md has the way back, too.
      """)

  @Argument(help: ArgumentHelp("The model file.", valueName: "model")) var model: String
  @Option(help: ArgumentHelp("The git repository that is pushed from. (default: ~/models)", valueName: "folder"))
  var repository: String?
  @Option(help: ArgumentHelp("The remote of that repository that is pushed to.", valueName: "name"))
  var remote = "production"
  @Option(
    name: .shortAndLong, help: ArgumentHelp("Why it is published. (default: what the model is)", valueName: "text"))
  var message: String?

  func validate() throws {
    if model.isEmpty || repository == "" { throw ValidationError("a path is empty") }
    if remote.isEmpty || remote.hasPrefix("-") { throw ValidationError("--remote \(printable(remote)): is no name") }
  }

  func run() throws {
    // What production would refuse after a long way is refused here.
    let file: ModelFile
    do throws(ModelFileError) { file = try ModelFile(reading: model) } catch {
      if case .file(let error) = error { throw Failure(error, advice: "name a model that fit has written") }
      throw Failure(.badData, "\(printable(model)): this is no model to be trusted: \(error): fit it again")
    }
    let text = message ?? "\(file.model.name) for \(file.model.target), fitted on \(file.provenance.rows) rows"
    let folder = try repository ?? DeployOptions.home() + "/models"
    let publisher = Publisher(repository: folder, remote: remote)
    guard try publisher.publish(model, message: printable(text)) else {
      throw Failure(
        .badData,
        "\(printable(model)): production does not serve it: the reason is above: the model that was served is served further"
      )
    }
  }
}
