internal import Learners
internal import NIOCore

/// `POST /api/predict/stream`: a line of JSON for each row in, a line for each row out, in the same order.
///
/// Rows are predicted as their lines arrive, together with those of the same piece. A line that is no row is answered by
/// a line with an `error` and does not end the stream. Memory: one piece and one line.
final class PredictStream: BodyStream {
  private let model: ServedModel
  private let wishes: PredictionWishes
  private let lineLimit: Int
  private let metrics: Metrics?
  /// The begin of a line whose end has not arrived.
  private var rest = ByteBuffer()
  private var lineNumber = 0
  /// Inside a line that is too long, which has been answered already.
  private var isSkipping = false
  /// Rows that wait for their prediction.
  private var rows: InstanceReader.Rows
  /// What is remarkable about them, by row: each line tells its own.
  private var warnings: [Int: [RowWarning]] = [:]
  private var output = ByteBuffer()

  var contentType: String { "application/x-ndjson" }
  /// The model is the same for the whole stream, whatever is swapped meanwhile.
  var headers: [(name: String, value: String)] {
    [("x-model-version", model.version), ("x-model-sha256", model.sha256)]
  }

  init(_ model: ServedModel, _ wishes: PredictionWishes = .none, lineLimit: Int, metrics: Metrics?) {
    self.model = model
    self.wishes = wishes
    self.lineLimit = lineLimit
    self.metrics = metrics
    rows = model.reader.rows()
  }

  func take(_ piece: ByteBuffer) -> ByteBuffer {
    output = ByteBuffer()
    var piece = piece
    while let count = piece.readableBytesView.firstIndex(of: UInt8(ascii: "\n")).map({ $0 - piece.readerIndex }),
      let line = piece.readSlice(length: count)
    {
      piece.moveReaderIndex(forwardBy: 1)
      end(line)
    }
    keep(piece)
    predict()
    return output
  }

  var heldBytes: Int { rest.readableBytes }

  func refuse(_ problem: Problem) -> ByteBuffer {
    output = ByteBuffer()
    writeError(problem, line: lineNumber + 1)
    return output
  }

  func finish() -> ByteBuffer {
    output = ByteBuffer()
    end(ByteBuffer())
    predict()
    return output
  }

  /// A line ends behind these bytes.
  private func end(_ last: ByteBuffer) {
    if isSkipping {
      isSkipping = false
      return
    }
    if rest.readableBytes == 0 {
      row(last)
    } else {
      rest.writeImmutableBuffer(last)
      row(rest)
      rest.clear()
    }
  }

  private func keep(_ begin: ByteBuffer) {
    guard !isSkipping else { return }
    rest.writeImmutableBuffer(begin)
    guard rest.readableBytes > lineLimit else { return }
    lineNumber += 1
    fail(Problem(413, "too-large", "the line is longer than \(lineLimit) bytes"))
    rest.clear()
    isSkipping = true
  }

  private func row(_ line: ByteBuffer) {
    lineNumber += 1
    if line.readableBytesView.allSatisfy({ $0 == 0x20 || $0 == 0x0d || $0 == 0x09 }) { return }
    do throws(Problem) {
      try model.reader.append(line.readableBytesUInt8Span, to: &rows)
      let last = rows.instances.values.suffix(model.features.count)
      let remarks = rows.takeWarnings(model.features) + model.warningsOfStrays(last)
      if !remarks.isEmpty { warnings[rows.instances.rowCount - 1] = remarks }
      if rows.instances.rowCount == Self.batch { predict() }
    } catch {
      fail(error)
    }
  }

  /// Rows that are predicted together, at most.
  private static let batch = 512

  private func predict() {
    guard rows.instances.rowCount > 0 else { return }
    do throws(Problem) {
      let predictions = try model.predict(rows.instances, wishes: wishes)
      for (row, prediction) in predictions.values.enumerated() {
        output.writeImmutableBuffer(model.predictionPrefix)
        output.writeJSON(prediction)
        predictions.writeRest(row: row, to: &output)
        if let remarks = warnings[row] {
          output.writeWarnings(remarks, as: RowWarning.member(beside: model.model.target))
        }
        output.writeStaticString("}\n")
      }
      metrics?.add(.predictions, rows.instances.rowCount)
    } catch {
      for _ in 0..<rows.instances.rowCount { writeError(error, line: nil) }
    }
    model.reader.clear(&rows)
    warnings.removeAll(keepingCapacity: true)
  }

  private func fail(_ problem: Problem) {
    // The lines before it come first.
    predict()
    writeError(problem, line: lineNumber)
  }

  private func writeError(_ problem: Problem, line: Int?) {
    output.writeStaticString("{\"error\":{")
    if let line { output.writeString("\"line\":\(line),") }
    output.writeStaticString("\"code\":")
    output.writeJSON(problem.code)
    if let path = problem.faults.first?.path {
      output.writeStaticString(",\"path\":")
      output.writeJSON(path)
    }
    output.writeStaticString(",\"detail\":")
    output.writeJSON(problem.detail)
    output.writeStaticString("}}\n")
  }
}
