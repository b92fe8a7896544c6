internal import Glibc
internal import Page

/// How the figures of a report are written, the same in all its forms.
package struct Wording {
  let report: Report
  /// How numbers of the target are written.
  let numbers: TargetNumbers
  /// What is predicted, in words.
  let noun: String

  package init(_ report: Report) {
    self.report = report
    noun = ["stargazers_count", "stargazers"].contains(report.target) ? "stars" : report.target
    numbers = TargetNumbers(
      report.outOfFold?.actual ?? [], areTrue: true, isLogarithmic: report.scale.isLogarithmic,
      typicalError: report.outOfFold?.typicalError)
  }

  var isStars: Bool { noun == "stars" }

  var best: ModelFigures { report.models[0] }

  /// What models are ranked by: "R² of ln(1 + stars)", "mean absolute error".
  var figureName: String {
    switch report.rankedBy {
    case "r2_transformed": report.scale.isLogarithmic ? "R² of \(scaleName)" : "R²"
    case "mae": "mean absolute error"
    case "pinball": "pinball loss"
    default: "mean deviance"
    }
  }

  /// For the head of a column.
  var shortFigureName: String { report.rankedBy == "r2_transformed" ? "R²" : figureName }

  var scaleName: String { report.scale.label.replacing(report.target, with: noun) }

  package func figure(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "–" }
    return report.rankedBy == "r2_transformed" ? value.decimals(3) : TargetNumbers(.digits(4)).text(value)
  }

  /// "0.771 to 0.806"; "–" where it is not known.
  func range(_ estimate: Estimate?, _ text: (Double) -> String) -> String {
    guard let low = estimate?.low, let high = estimate?.high else { return "–" }
    return "\(text(low)) to \(text(high))"
  }

  func figureRange(_ estimate: Estimate?) -> String { range(estimate) { figure($0) } }

  /// A probability: never so sure as 0 or 1.
  package func chance(_ chance: Double?) -> String {
    guard let chance else { return "–" }
    if chance > 0.995 { return "> 0.99" }
    return chance < 0.005 ? "< 0.01" : chance.decimals(2)
  }

  func percent(_ share: Double, _ digits: Int = 0) -> String { (share * 100).decimals(digits) + " %" }

  /// An error on the scale of fitting: "× 1.31" of what was predicted, or a difference.
  func error(_ error: Double) -> String {
    guard report.scale.isLogarithmic else {
      let text = numbers.errorText(error.magnitude)
      return error < 0 ? "−\(text)" : "+\(text)"
    }
    return factor(error)
  }

  /// What a difference of logarithms is a factor of.
  package func factor(_ difference: Double) -> String {
    let factor = exp(difference)
    if factor >= 0.995 { return "× \(factor.decimals(factor < 9.95 ? 2 : factor < 99.5 ? 1 : 0))" }
    let inverse = 1 / factor
    return "÷ \(inverse.decimals(inverse < 9.95 ? 2 : inverse < 99.5 ? 1 : 0))"
  }

  func value(_ value: Double) -> String { TargetNumbers(.digits(4)).exactText(value) }

  /// "1.2 MB", "34 kB".
  package func size(_ bytes: Int) -> String {
    let size = Double(bytes)
    if size >= 1e6 { return "\((size / 1e6).decimals(size < 1e7 ? 1 : 0)) MB" }
    return size >= 1e3 ? "\((size / 1e3).decimals(size < 1e4 ? 1 : 0)) kB" : "\(bytes) bytes"
  }

  func seconds(_ seconds: Double) -> String { seconds == 0 ? "0 s" : TargetNumbers(.digits(3)).text(seconds) + " s" }

  /// "a", "a and b", "a, b and c".
  package func list(_ names: [String]) -> String {
    guard names.count > 1 else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
  }
}
