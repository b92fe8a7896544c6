extension Section {
  /// All parts of a report, in their order: first what a reader wants to know, last how it came about.
  static func all(_ words: Wording) -> [Section] {
    let parts: [Section?] =
      summary(words) + [
        models(words), errors(words), ranges(words), learning(words), importance(words), effects(words),
        worstRows(words), data(words), cost(words), repetition(words),
      ]
    return parts.compactMap(\.self)
  }
}
