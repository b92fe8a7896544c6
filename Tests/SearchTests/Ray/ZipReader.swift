import CZlib

/// Reads ZIP files by their directory, as programs do that Ray unpacks packages with.
struct ZipReader {
  struct Member: Equatable {
    let content: [UInt8]
    /// Unix permissions.
    let mode: Int
  }

  struct Damaged: Error { let what: String }

  private(set) var members: [String: Member] = [:]

  init(_ bytes: [UInt8]) throws {
    func number(_ place: Int, _ count: Int) throws -> Int {
      guard place >= 0, place + count <= bytes.count else { throw Damaged(what: "it ends early") }
      return (0..<count).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
    }
    let end = bytes.count - 22
    guard try number(end, 4) == 0x0605_4b50 else { throw Damaged(what: "it has no directory") }
    var place = try number(end + 16, 4)
    for _ in 0..<(try number(end + 10, 2)) {
      guard try number(place, 4) == 0x0201_4b50 else { throw Damaged(what: "its directory is broken") }
      let (packed, size, length) = (try number(place + 20, 4), try number(place + 24, 4), try number(place + 28, 2))
      let name = String(decoding: bytes[place + 46..<place + 46 + length], as: UTF8.self)
      let local = try number(place + 42, 4)
      guard try number(local, 4) == 0x0403_4b50, try number(local + 14, 4) == number(place + 16, 4) else {
        throw Damaged(what: "\(name) is not where it should be")
      }
      let start = local + 30 + (try number(local + 26, 2)) + (try number(local + 28, 2))
      let content = try Self.inflate(Array(bytes[start..<start + packed]), size)
      let sum = unsafe content.withUnsafeBufferPointer { unsafe crc32_z(0, $0.baseAddress, content.count) }
      guard Int(sum) == (try number(place + 16, 4)) else { throw Damaged(what: "\(name) has another sum") }
      members[name] = Member(content: content, mode: try number(place + 38, 4) >> 16 & 0o7777)
      place += 46 + length + (try number(place + 30, 2)) + (try number(place + 32, 2))
    }
  }

  private static func inflate(_ packed: [UInt8], _ size: Int) throws -> [UInt8] {
    var stream = unsafe z_stream()
    guard unsafe inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw Damaged(what: "zlib does not start")
    }
    defer { unsafe _ = inflateEnd(&stream) }
    var (input, output) = (packed + [0], [UInt8](repeating: 0, count: size + 1))
    let status = unsafe input.withUnsafeMutableBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer { output in
        unsafe stream.next_in = input.baseAddress
        unsafe stream.avail_in = UInt32(packed.count)
        unsafe stream.next_out = output.baseAddress
        unsafe stream.avail_out = UInt32(size + 1)
        return unsafe CZlib.inflate(&stream, Z_FINISH)
      }
    }
    guard status == Z_STREAM_END, unsafe Int(stream.total_out) == size else {
      throw Damaged(what: "a member is broken")
    }
    return Array(output.prefix(size))
  }
}
