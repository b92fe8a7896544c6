extension Section {
  static func summary(_ words: Wording) -> [Section] {
    let cautions = Cautions(words: words).all
    let first = Section(name: "summary", title: "In short", blocks: [.questions(Summary(words: words).points)])
    guard !cautions.isEmpty else { return [first] }
    return [first, Section(name: "cautions", title: "To be careful about", blocks: [.points(cautions)])]
  }
}
