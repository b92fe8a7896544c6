internal import Page

extension Summary {
  /// The answer to whether more rows would help, with how sure it is.
  var learning: String {
    guard let learning = words.report.studied.learning, let last = learning.lastDoubling,
      let next = learning.nextDoubling, let chance = learning.chance
    else { return "That cannot be told: there are too few rows or folds to learn from fewer." }
    let name = words.report.studied.name
    let past =
      "the last doubling took away \(words.percent(last.mean, 1)) of the errors of \(name) "
      + "(\(words.range(last) { words.percent($0, 1) }))"
    let worth = words.percent(LearningFigures.worthwhile)
    switch learning.answer {
    case .yes:
      return
        "Yes: \(past), and the next one would take away about \(words.percent(next, 1))\(outlook(next)). That it takes away "
        + "\(worth) at least has the probability \(words.chance(chance))."
    case .no:
      return
        "Hardly: \(past), and the next one would take away about \(words.percent(max(0, next), 1)). That it takes away "
        + "\(worth) at least has the probability \(words.chance(chance)). Other columns would help more than more rows."
    case .unclear:
      return "That is not clear: \(past). That the next one takes away \(worth) at least has the probability "
        + "\(words.chance(chance))."
    }
  }

  /// What the figure would become.
  private func outlook(_ fall: Double) -> String {
    guard let figure = words.best.figure else { return "" }
    let isR2 = words.report.moreIsBetter
    let then = isR2 ? 1 - (1 - figure) * (1 - fall) : figure * (1 - fall)
    return ": \(words.shortFigureName) would go from \(words.figure(figure)) to about \(words.figure(then))"
  }
}
