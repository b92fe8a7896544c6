/// What the driver tells by a line of its log; see `driver.py`.
enum DriverLine {
  case result(key: String, UnitResult)
  case lost(key: String, cause: String, process: Int32)
  case cluster(Cluster)

  struct Cluster: Decodable {
    /// Processors of all nodes.
    let cpus: Double
    /// Units that are being done, and those for which no processor was free.
    let running: Int
    let waiting: Int
  }

  private struct Message: Decodable {
    let key: String?
    let result: UnitResult?
    let lost: String?
    let process: Int32?
    let cluster: Cluster?
  }

  /// Nil for what others have written.
  init?(_ line: Substring.UTF8View) {
    guard line.first == UInt8(ascii: "{"), let message = MessageLine.decode(Message.self, line) else { return nil }
    if let cluster = message.cluster {
      self = .cluster(cluster)
    } else if let key = message.key, let result = message.result {
      self = .result(key: key, result)
    } else if let key = message.key, let lost = message.lost {
      self = .lost(key: key, cause: lost, process: message.process ?? 0)
    } else {
      return nil
    }
  }

  /// All lines of a log behind so many bytes, and where the last of them ends: one that is being written is left for later.
  static func all(in log: String, after start: Int) -> (lines: [DriverLine], end: Int) {
    var log = log
    return log.withUTF8Lines(after: start)
  }
}

extension String {
  fileprivate mutating func withUTF8Lines(after start: Int) -> (lines: [DriverLine], end: Int) {
    makeContiguousUTF8()
    let bytes = self[...].utf8
    guard let begin = bytes.index(bytes.startIndex, offsetBy: start, limitedBy: bytes.endIndex),
      let last = bytes[begin...].lastIndex(of: 0x0a)
    else { return ([], start) }
    let lines = bytes[begin..<last].split(separator: 0x0a).compactMap { DriverLine($0) }
    return (lines, bytes.distance(from: bytes.startIndex, to: last) + 1)
  }
}
