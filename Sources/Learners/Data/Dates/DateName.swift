/// The name of a column that may hold dates written as whole numbers.
internal struct DateName {
  /// Its words, in lower case.
  private let words: [String]

  init(_ name: String) {
    var words: [String] = []
    var word = ""
    var wasLower = false
    for character in name {
      let startsWord = character.isUppercase && wasLower
      if startsWord || !character.isLetter, !word.isEmpty {
        words.append(word)
        word = ""
      }
      if character.isLetter { word += character.lowercased() }
      wasLower = character.isLowercase
    }
    if !word.isEmpty { words.append(word) }
    self.words = words
  }

  /// `date`, `order_date`, `createdAt`, `timestamp`, `event_ts`, `unix_time`, …
  var meansDate: Bool {
    let telling: Set<String> = ["date", "datetime", "timestamp", "epoch", "unix", "utc"]
    if words.contains(where: telling.contains) { return true }
    if words == ["time"] { return true }
    return words.count > 1 && ["at", "on", "ts"].contains(words.last)
  }
}
