/// Appends JSON to bytes.
struct JSONWriter {
  var bytes: [UInt8] = []

  mutating func raw(_ text: String) { bytes += text.utf8 }
  mutating func number(_ value: Int) { bytes += String(value).utf8 }

  /// A string literal. Only what the server makes up itself is written: quotes, backslashes and control characters are
  /// escaped, everything else stays UTF-8.
  mutating func string(_ text: String?) {
    guard let text else { return raw("null") }
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case ..<0x20: raw("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}

/// A JSON value to be written.
indirect enum JSONValue {
  case null
  case bool(Bool)
  case number(Int)
  case string(String)
  case array([JSONValue])
  /// In this order, as GraphQL answers in the order of the question.
  case object([(String, JSONValue)])
  /// Already written.
  case written([UInt8])

  static func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }

  var bytes: [UInt8] {
    var writer = JSONWriter()
    write(into: &writer)
    return writer.bytes
  }

  func write(into writer: inout JSONWriter) {
    switch self {
    case .null: writer.raw("null")
    case .bool(let value): writer.raw(value ? "true" : "false")
    case .number(let value): writer.number(value)
    case .string(let value): writer.string(value)
    case .written(let value): writer.bytes += value
    case .array(let values):
      writer.raw("[")
      for (index, value) in values.enumerated() {
        if index > 0 { writer.raw(",") }
        value.write(into: &writer)
      }
      writer.raw("]")
    case .object(let fields):
      writer.raw("{")
      for (index, field) in fields.enumerated() {
        if index > 0 { writer.raw(",") }
        writer.string(field.0)
        writer.raw(":")
        field.1.write(into: &writer)
      }
      writer.raw("}")
    }
  }
}
