/// The arguments of a search as its store keeps them: what is searched, not how.
///
/// Paths are whole, so that a rerun works from any folder.
struct TuneArguments: Equatable {
  let words: [String]

  /// Options that say how a search is carried out; those with a value, and flags.
  private static let manner: Set<String> = [
    "--processes", "--threads", "--memory", "--time", "--store", "--ray", "--ray-wait",
  ]
  private static let flags: Set<String> = ["--json"]
  private static let paths: Set<String> = ["--data", "--folds", "--out"]

  /// - Parameter typed: what follows `learners tune`.
  init(typed: [String], in folder: String) {
    var words: [String] = []
    var option = ""
    var index = 0
    while index < typed.count {
      var word = typed[index]
      index += 1
      guard word.hasPrefix("--") else {
        words.append(Self.paths.contains(option) ? Self.whole(word, in: folder) : word)
        continue
      }
      option = String(word.prefix { $0 != "=" })
      if Self.flags.contains(option) { continue }
      if Self.manner.contains(option) {
        if word == option { index += 1 }
        continue
      }
      if Self.paths.contains(option), word != option {
        word = "\(option)=\(Self.whole(String(word.dropFirst(option.count + 1)), in: folder))"
      }
      words.append(word)
      // A value that looks like an option is the value of this one.
      if word == option, !Self.takesMany(option), index < typed.count, typed[index].hasPrefix("-") {
        words.append(typed[index])
        index += 1
      }
    }
    self.words = words
  }

  init(stored words: [String]) { self.words = words }

  private static func takesMany(_ option: String) -> Bool {
    option == "--data" || ["--header", "--no-header"].contains(option)
  }

  private static func whole(_ path: String, in folder: String) -> String {
    path == "-" || path.hasPrefix("/") || path.isEmpty ? path : "\(folder)/\(path)"
  }
}
