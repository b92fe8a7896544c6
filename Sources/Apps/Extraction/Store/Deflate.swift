internal import CZlib
package import Learners

/// Bodies as they are kept: zlib's format (RFC 1950).
package enum Deflate {
  /// A body that claims to be larger than this is damaged: the HTTP client takes none that is.
  private static let largest = 1 << 28

  /// The fastest level: JSON shrinks to an eighth even so.
  package static func compress(_ bytes: [UInt8]) -> [UInt8] {
    let bound = compressBound(UInt(bytes.count))
    return unsafe [UInt8](unsafeUninitializedCapacity: Int(bound)) { buffer, count in
      var length = bound
      let status = unsafe bytes.withUnsafeBufferPointer {
        unsafe compress2(buffer.baseAddress, &length, $0.baseAddress, UInt(bytes.count), 1)
      }
      precondition(status == Z_OK, "zlib: compress2 returns \(status)")
      count = Int(length)
    }
  }

  /// - Throws: `DataError` where the bytes are no whole body of this length.
  package static func decompress(_ bytes: [UInt8], length: Int) throws(DataError) -> [UInt8] {
    var isWhole = (0...largest).contains(length)
    let body = unsafe [UInt8](unsafeUninitializedCapacity: isWhole ? max(1, length) : 0) { buffer, count in
      guard isWhole else { return }
      var written = UInt(buffer.count)
      let status = unsafe bytes.withUnsafeBufferPointer {
        unsafe uncompress(buffer.baseAddress, &written, $0.baseAddress, UInt(bytes.count))
      }
      isWhole = status == Z_OK && Int(written) == length
      count = isWhole ? length : 0
    }
    guard isWhole else {
      throw DataError(.invalid, "an answer in the store is damaged", advice: "restore a copy, or extract again")
    }
    return body
  }
}
