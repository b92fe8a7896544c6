internal import CZlib

/// Unpacks gzip (RFC 1952).
package enum Gzip {
  /// The content of all members of a gzip file, one after the other.
  ///
  /// - Parameter limit: more bytes than this are an error: a few packed bytes can unpack to any number.
  /// - Throws: `DataError` where the file is damaged, cut short, no gzip at all, or unpacks to more than `limit`.
  package static func decompress(
    _ file: InputFile, limit: Int = InputFile.largestContent
  ) throws(DataError) -> [UInt8] {
    let location = DataError.Location(file: file.name)
    guard !file.bytes.isEmpty else { throw .emptyFile(file.name) }
    guard file.bytes.starts(with: [0x1f, 0x8b]) else {
      throw DataError(.invalid, "is not a gzip file", at: location, advice: "take .gz off its name if it is plain text")
    }
    switch unpack(file.bytes, limit: limit) {
    case .success(let content): return content
    case .failure(.damaged):
      throw DataError(.invalid, "is damaged gzip data", at: location, advice: "fetch or pack the file again")
    case .failure(.cutShort):
      throw DataError(.invalid, "is gzip data that is cut short", at: location, advice: "fetch or pack the file again")
    case .failure(.tooLarge):
      throw DataError(
        .invalid, "unpacks to more than \(limit >> 20) MB, half of this machine's memory", at: location,
        advice: "use fewer rows or a machine with more memory")
    }
  }

  private enum Fault: Error { case damaged, cutShort, tooLarge }

  private static let chunkSize = 1 << 18

  private static func unpack(_ packed: [UInt8], limit: Int) -> Result<[UInt8], Fault> {
    var stream = unsafe z_stream()
    // 15: the largest window; 16: gzip and nothing else.
    let status = unsafe inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK, "zlib: inflateInit2 returns \(status)")
    defer { unsafe inflateEnd(&stream) }
    var content: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: chunkSize)
    var consumed = 0
    while true {
      let step = unsafe inflate(packed, from: consumed, into: &chunk, &stream)
      consumed += step.consumed
      content.append(contentsOf: chunk[..<step.produced])
      if content.count > limit { return .failure(.tooLarge) }
      switch step.status {
      case Z_STREAM_END:
        // Another member may follow, or the zeros that fill a tape's block.
        if packed[consumed...].allSatisfy({ $0 == 0 }) { return .success(content) }
        guard packed[consumed...].starts(with: [0x1f, 0x8b]) else { return .failure(.damaged) }
        unsafe inflateReset(&stream)
      case Z_OK where step.consumed + step.produced > 0: continue
      case Z_OK, Z_BUF_ERROR: return .failure(.cutShort)
      default: return .failure(.damaged)
      }
    }
  }

  private static func inflate(
    _ packed: [UInt8], from start: Int, into chunk: inout [UInt8], _ stream: inout z_stream
  ) -> (status: Int32, consumed: Int, produced: Int) {
    unsafe packed.withUnsafeBufferPointer { input in
      unsafe chunk.withUnsafeMutableBufferPointer { output in
        let available = min(input.count - start, 1 << 30)
        unsafe stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress! + start)
        unsafe stream.avail_in = UInt32(available)
        unsafe stream.next_out = output.baseAddress
        unsafe stream.avail_out = UInt32(output.count)
        let status = unsafe CZlib.inflate(&stream, Z_NO_FLUSH)
        return unsafe (status, available - Int(stream.avail_in), output.count - Int(stream.avail_out))
      }
    }
  }
}
