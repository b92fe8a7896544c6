internal import Glibc
package import Logging
internal import NIOCore

/// Writes what the program logs to standard error, as a line of JSON or of text.
package struct LineLogHandler: LogHandler {
  package enum Form: String, Sendable, CaseIterable { case text, json }

  package var metadata: Logger.Metadata = [:]
  package var logLevel: Logger.Level
  private let form: Form
  private let writer: LogWriter

  /// - Parameter writer: of standard error.
  package init(form: Form, level: Logger.Level, writer: LogWriter) {
    self.form = form
    self.writer = writer
    logLevel = level
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
    var line = ByteBuffer()
    switch form {
    case .json:
      line.writeString("{\"time\":\"\(isoSecond(time(nil)))Z\",\"level\":\"\(event.level)\",\"message\":")
      line.writeJSON("\(event.message)")
      for (key, value) in all {
        line.writeStaticString(",")
        line.writeJSON(key)
        line.writeStaticString(":")
        line.writeJSON("\(value)")
      }
      line.writeStaticString("}\n")
    case .text:
      let level = event.level <= .info ? "" : "\(event.level): "
      let rest = all.map { " \($0.key)=\($0.value)" }.joined()
      line.writeString("learners: \(level)\(event.message)\(rest)\n")
    }
    // One call a line, so that lines of several processes do not mix.
    writer.write(line, count: 1)
  }
}
