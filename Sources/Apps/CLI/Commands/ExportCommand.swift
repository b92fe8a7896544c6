public import ArgumentParser
import Learners
public import ONNX

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a model in a form that other programs run.",
    discussion: """
      The whole model is in the ONNX file: how columns are prepared, what was learned, and the way back to the target's own \
      numbers. Where all columns are numbers the input is one matrix, X, with them in the model's order; where some are \
      categories, each column is an input of its name, and categories are texts.

        learners export --model models/best.safetensors --format onnx --out best.onnx
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument { case onnx }

  @OptionGroup var model: ModelOptions
  @Option(help: "Form of the file.") var format: Format
  @Option(help: ArgumentHelp("The file to write.", valueName: "file")) var out: String
  @Option(help: "Numbers that go in and come out: single (float32), which most programs expect, or double.")
  var precision = ExportOptions.Precision.single

  func run() throws {
    var outputs = OutputGuard(keeping: [model.path])
    try outputs.check(out)
    let file = try model.load()
    var options = ExportOptions()
    options.precision = precision
    options.programVersion = programVersion
    let bytes: [UInt8]
    do throws(ExportError) {
      bytes = try file.model.onnx(options)
    } catch {
      throw Failure(.usage, "\(model.path): \(error)")
    }
    try OutputFile.write(bytes, to: out)
    Terminal.writeError("learners: wrote \(file.model.name) of \(file.model.target) as ONNX to \(out)")
  }
}

extension ExportOptions.Precision: ExpressibleByArgument {}
