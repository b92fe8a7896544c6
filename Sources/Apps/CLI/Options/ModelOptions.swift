import ArgumentParser
import Learners

/// The model file of a command that uses one.
struct ModelOptions: ParsableArguments {
  @Option(
    name: .customLong("model"),
    help: ArgumentHelp("A model that fit has written, such as models/best.safetensors.", valueName: "file"))
  var path: String

  func load() throws -> ModelFile {
    do throws(ModelFileError) {
      return try ModelFile(reading: path)
    } catch {
      if case .file(let error) = error { throw Failure(error, advice: "name a model that fit has written") }
      throw Failure(.badData, "\(path): this is no model to be trusted: \(error): fit it again")
    }
  }
}
