import Glibc
import Learners

/// A validation curve in JSON.
struct CurveReport: Encodable {
  let runs: Int
  let best: Int
  let losses: [Double]

  init(_ curve: ValidationCurve) {
    (runs, best, losses) = (curve.runs, curve.best, curve.losses)
  }

  private enum CodingKeys: String, CodingKey {
    case runs, losses
    case best = "best_iteration"
  }
}

/// A validation curve drawn with blocks: the loss upwards, on a logarithmic scale where it is positive, the trees to the right.
enum CurveChart {
  private static let height = 8
  private static let blocks = Array(" ▁▂▃▄▅▆▇█")

  /// Lines at most `width` characters wide.
  static func lines(_ curve: ValidationCurve, width: Int) -> [String] {
    let losses = curve.losses
    guard losses.count >= 2, let least = losses.min(), let most = losses.max(), most > least else { return [] }
    let labels = [most.significant(4), least.significant(4)]
    let margin = labels.map(\.count).max() ?? 0
    let columns = min(losses.count, max(10, min(72, width - margin - 1)))
    let isLogarithmic = least > 0
    func height(_ loss: Double) -> Double {
      isLogarithmic ? log(loss / least) / log(most / least) : (loss - least) / (most - least)
    }
    let eighths = (0..<columns).map { column in
      let part = losses[losses.count * column / columns..<losses.count * (column + 1) / columns]
      return 1 + Int((height(part.reduce(0) { $0 + $1 / Double(part.count) }) * Double(8 * Self.height - 1)).rounded())
    }
    var lines = (0..<Self.height).reversed().map { row in
      let label = row == Self.height - 1 ? labels[0] : row == 0 ? labels[1] : ""
      let cells = eighths.map { blocks[min(max($0 - 8 * row, 0), 8)] }
      return String(repeating: " ", count: margin - label.count) + label + " " + String(cells)
    }
    let end = "\(losses.count - 1) trees"
    lines.append(
      String(repeating: " ", count: margin + 1) + "0" + String(repeating: " ", count: max(1, columns - 1 - end.count))
        + end)
    return lines
  }
}
