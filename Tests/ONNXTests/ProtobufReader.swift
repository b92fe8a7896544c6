/// Reads what was written: fields of a message with their content, none of its meaning.
struct ProtobufReader {
  enum Content {
    case number(UInt64)
    case bytes(ArraySlice<UInt8>)
  }

  let fields: [(number: Int, content: Content)]

  init(_ bytes: ArraySlice<UInt8>) {
    var (rest, fields) = (bytes, [(number: Int, content: Content)]())
    while !rest.isEmpty {
      let tag = Self.varint(&rest)
      let content: Content
      switch tag & 7 {
      case 0: content = .number(Self.varint(&rest))
      case 2: content = .bytes(Self.take(Int(Self.varint(&rest)), &rest))
      case 5: content = .bytes(Self.take(4, &rest))
      default: preconditionFailure("a field of the type \(tag & 7)")
      }
      fields.append((Int(tag >> 3), content))
    }
    self.fields = fields
  }

  private static func take(_ count: Int, _ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  static func varint(_ rest: inout ArraySlice<UInt8>) -> UInt64 {
    var (number, shift) = (UInt64(0), UInt64(0))
    while let byte = rest.popFirst() {
      number |= UInt64(byte & 0x7F) << shift
      guard byte & 0x80 != 0 else { break }
      shift += 7
    }
    return number
  }

  func bytes(_ field: Int) -> [ArraySlice<UInt8>] {
    fields.compactMap { if case .bytes(let bytes) = $0.content, $0.number == field { bytes } else { nil } }
  }

  func numbers(_ field: Int) -> [Int] {
    fields.compactMap {
      if case .number(let number) = $0.content, $0.number == field { Int(truncatingIfNeeded: number) } else { nil }
    }
  }

  func messages(_ field: Int) -> [ProtobufReader] { bytes(field).map { ProtobufReader($0) } }

  func texts(_ field: Int) -> [String] { bytes(field).map { String(decoding: $0, as: UTF8.self) } }

  func text(_ field: Int) -> String { texts(field).first ?? "" }

  func packed(_ field: Int) -> [Int] {
    bytes(field).flatMap { bytes in
      var (rest, numbers) = (bytes, [Int]())
      while !rest.isEmpty { numbers.append(Int(truncatingIfNeeded: Self.varint(&rest))) }
      return numbers
    }
  }
}
