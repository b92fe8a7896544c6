import Learners

/// A small text file that an option names.
enum OptionFile {
  /// The text without white space at its ends. What is in it is not shown in errors.
  static func text(_ path: String, option: String) throws -> String {
    do throws(DataError) {
      let bytes = try InputFile(reading: path).bytes
      guard bytes.count < 1 << 16, let text = String(validating: bytes, as: UTF8.self) else {
        throw DataError(.invalid, "it is no short text", at: .init(file: path), advice: "check the path")
      }
      let isSpace = { (character: Character) in character.isWhitespace }
      return String(text.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    } catch {
      throw Failure(error.code == .noInput ? .noInput : .badData, "\(option) \(path): \(error.what): \(error.advice)")
    }
  }
}
