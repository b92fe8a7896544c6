internal import CZlib

/// A ZIP file in memory (PKWARE's APPNOTE 6.3), its members deflated, with their permissions: Ray runs no program without them.
package struct ZipArchive {
  private var bytes: [UInt8] = []
  private var directory: [UInt8] = []
  private var count: UInt16 = 0

  package init() {}

  /// Adds a member. Sizes of 4 GiB and more have no place in this form.
  /// - Parameter mode: Unix permissions, such as 0o755.
  package mutating func add(_ name: String, _ content: [UInt8], mode: UInt32) {
    precondition(content.count < 1 << 32 && bytes.count < 1 << 32, "ZipArchive: \(name) is too large")
    let packed = Self.deflate(content)
    let sum = unsafe content.withUnsafeBufferPointer { unsafe crc32_z(0, $0.baseAddress, content.count) }
    let offset = UInt32(bytes.count)
    // Version 2.0, names in UTF-8, deflated, 1 January 1980: the same content is the same bytes.
    var common = little(20, 2) + little(0x0800, 2) + little(8, 2) + little(0, 2) + little(0x21, 2)
    common += little(UInt32(sum), 4) + little(UInt32(packed.count), 4) + little(UInt32(content.count), 4)
    common += little(UInt32(name.utf8.count), 2) + little(0, 2)
    bytes += little(0x0403_4b50, 4) + common + name.utf8 + packed
    // Made by Unix; the permissions are the upper half of what is told about a regular file.
    directory += little(0x0201_4b50, 4) + little(3 << 8 | 20, 2) + common + little(0, 2) + little(0, 2) + little(0, 2)
    directory += little((0o100000 | mode) << 16, 4) + little(offset, 4) + name.utf8
    count += 1
  }

  /// The whole file.
  package consuming func finished() -> [UInt8] {
    let (start, size) = (UInt32(bytes.count), UInt32(directory.count))
    var all = bytes
    all += directory
    all += little(0x0605_4b50, 4) + little(0, 2) + little(0, 2) + little(UInt32(count), 2) + little(UInt32(count), 2)
    return all + little(size, 4) + little(start, 4) + little(0, 2)
  }

  private func little(_ number: UInt32, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> UInt32(8 * $0)) }
  }

  /// Without zlib's own frame. The fastest level: programs shrink to a third even so.
  private static func deflate(_ content: [UInt8]) -> [UInt8] {
    var stream = unsafe z_stream()
    guard
      unsafe deflateInit2_(
        &stream, 1, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { preconditionFailure("zlib does not start") }
    defer { unsafe _ = deflateEnd(&stream) }
    var input = content
    return unsafe input.withUnsafeMutableBufferPointer { input in
      unsafe [UInt8](unsafeUninitializedCapacity: Int(deflateBound(&stream, UInt(input.count)))) { output, count in
        unsafe stream.next_in = input.baseAddress
        unsafe stream.avail_in = UInt32(input.count)
        unsafe stream.next_out = output.baseAddress
        unsafe stream.avail_out = UInt32(output.count)
        let result = unsafe CZlib.deflate(&stream, Z_FINISH)
        precondition(result == Z_STREAM_END, "zlib stopped with \(result)")
        count = unsafe Int(stream.total_out)
      }
    }
  }
}
