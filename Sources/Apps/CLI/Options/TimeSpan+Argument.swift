import ArgumentParser

extension TimeSpan {
  /// What an option says.
  /// - Throws: what is wrong, with times as they are written.
  init(option text: String) throws {
    guard let span = TimeSpan(parsing: text) else {
      throw ValidationError("a time is above 0 and has units, the larger first: write 30s, 10m or 1h30m")
    }
    self = span
  }
}
