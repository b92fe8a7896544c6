internal import CZlib

/// The bytes in gzip form.
package func gzip(_ bytes: [UInt8], level: Int32 = 1) -> [UInt8] {
  var stream = unsafe z_stream()
  // 16 more than the window's 15 bits asks for gzip in place of zlib's own form.
  guard
    unsafe deflateInit2_(
      &stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
      == Z_OK
  else { preconditionFailure("gzip: zlib does not start") }
  defer { unsafe _ = deflateEnd(&stream) }
  var input = bytes
  return unsafe input.withUnsafeMutableBufferPointer { input in
    unsafe [UInt8](unsafeUninitializedCapacity: Int(deflateBound(&stream, UInt(input.count)))) { output, count in
      unsafe stream.next_in = input.baseAddress
      unsafe stream.avail_in = UInt32(input.count)
      unsafe stream.next_out = output.baseAddress
      unsafe stream.avail_out = UInt32(output.count)
      let result = unsafe deflate(&stream, Z_FINISH)
      precondition(result == Z_STREAM_END, "gzip: zlib stopped with \(result)")
      count = unsafe Int(stream.total_out)
    }
  }
}
