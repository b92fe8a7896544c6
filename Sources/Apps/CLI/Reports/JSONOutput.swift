import FoundationEssentials

/// One JSON object with sorted keys, two spaces deep; the same value gives the same bytes.
func jsonText(_ value: some Encodable) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
  guard let bytes = try? encoder.encode(value) else { preconditionFailure("a value has no JSON form") }
  return String(decoding: bytes, as: UTF8.self)
}

extension Double {
  /// JSON has no NaN and no infinity: they become null.
  var finiteOrNull: Double? { isFinite ? self : nil }
}

/// The same on one line.
func jsonLine(_ value: some Encodable) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  guard let bytes = try? encoder.encode(value) else { preconditionFailure("a value has no JSON form") }
  return String(decoding: bytes, as: UTF8.self)
}
