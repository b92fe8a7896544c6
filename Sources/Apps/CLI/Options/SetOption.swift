/// One `--set MODEL.PARAMETER=VALUE`, or `MODEL.PARAMETER=VALUE,VALUE,…` for several values to choose from.
struct SetOption {
  let model: String
  let parameter: String
  /// What follows the sign, as it was typed.
  let value: String

  init(parsing text: String) throws {
    guard let equals = text.firstIndex(of: "="), let dot = text[..<equals].firstIndex(of: ".") else {
      throw Failure(
        .usage, "--set \(text): must look like boosting.learningRate=0.05 or ridge.alpha=1,10,100: correct it")
    }
    model = String(text[..<dot])
    parameter = String(text[text.index(after: dot)..<equals])
    value = String(text[text.index(after: equals)...])
  }
}
