package import FoundationEssentials
internal import Learners

/// What one worker does at a time: settings of one learner in one fold that share what they have in common.
package struct WorkUnit: Sendable, Codable, Hashable {
  /// Its number in the store.
  package let unit: Int64
  package let fold: Int
  package let learner: String
  /// As `Setting.text` writes them.
  package let settings: [String]

  package init(unit: Int64, fold: Int, learner: String, settings: [String]) {
    self.unit = unit
    self.fold = fold
    self.learner = learner
    self.settings = settings
  }

  /// The same for units of one experiment that do the same.
  package static func hash(experiment: String, fold: Int, settings hashes: [String]) -> String {
    let text = ([experiment, String(fold)] + hashes).joined(separator: "/")
    return String(ContentHash.sha256(of: Array(text.utf8)).prefix(32))
  }
}

/// What a worker made of a unit.
package struct UnitResult: Sendable, Codable {
  /// Of one setting: an error, or predictions.
  package struct Outcome: Sendable, Codable {
    /// Why it could not be fitted; nil where it could.
    package var error: String?
    /// Of the held-out rows in their order, little-endian doubles.
    package var predictions = Data()
    /// The same, rows x levels; empty for one number a row.
    package var quantiles = Data()
    package var levels = 0
    package var tellsRowsApart = true
    package var unconvergedReason: String?
    package var fitSeconds = 0.0
    package var predictSeconds = 0.0

    package enum CodingKeys: String, CodingKey {
      case error, predictions, quantiles, levels
      case tellsRowsApart = "tells_rows_apart"
      case unconvergedReason = "unconverged_reason"
      case fitSeconds = "fit_seconds"
      case predictSeconds = "predict_seconds"
    }
  }

  package let unit: Int64
  /// One a setting.
  package let outcomes: [Outcome]
  package let distinctFits: Int

  package enum CodingKeys: String, CodingKey {
    case unit, outcomes
    case distinctFits = "distinct_fits"
  }
}

/// Messages are a line of JSON each.
package enum MessageLine {
  package static func encode(_ message: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes]
    guard let bytes = try? encoder.encode(message) else { preconditionFailure("a message has no JSON form") }
    return Array(bytes) + [0x0a]
  }

  /// - Returns: nil for a line that is no such message.
  package static func decode<Message: Decodable>(_ type: Message.Type, _ line: some Sequence<UInt8>) -> Message? {
    try? JSONDecoder().decode(type, from: Data(line))
  }
}

extension Data {
  /// Little-endian, as all machines that this runs on.
  package init(doubles: [Double]) {
    self = unsafe doubles.withUnsafeBytes { unsafe Data($0) }
  }

  /// Nil where the length is no whole number of doubles.
  package var doubles: [Double]? {
    guard count % 8 == 0 else { return nil }
    let bytes = [UInt8](self)
    return unsafe [Double](unsafeUninitializedCapacity: bytes.count / 8) { buffer, count in
      unsafe bytes.withUnsafeBytes { unsafe UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
      count = bytes.count / 8
    }
  }
}
