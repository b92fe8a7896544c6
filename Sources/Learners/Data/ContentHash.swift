internal import CCrypto

/// SHA-256 (FIPS 180-4) of contents: which data a model was made from.
public enum ContentHash {
  /// 64 lower-case hexadecimal digits: the hash of the files' bytes as they are on disk, one after the other.
  public static func sha256(of files: [InputFile]) throws(DataError) -> String {
    try sha256 { update throws(DataError) in
      for file in files { try file.content.forEachPiece { bytes throws(DataError) in update(bytes) } }
    }
  }

  public static func sha256(of bytes: [UInt8]) -> String {
    sha256(ofParts: [bytes])
  }

  internal static func sha256(ofParts parts: [[UInt8]]) -> String {
    sha256 { update in for part in parts { update(part.span) } }
  }

  /// - Parameter feed: hands over the content piece by piece.
  private static func sha256<Thrown: Error>(
    _ feed: ((Span<UInt8>) -> Void) throws(Thrown) -> Void
  ) throws(Thrown) -> String {
    let context = unsafe EVP_MD_CTX_new()
    defer { unsafe EVP_MD_CTX_free(context) }
    // These only fail for want of memory.
    var isDone = unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
    try feed { bytes in
      isDone =
        unsafe bytes.withUnsafeBytes { unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count) == 1 } && isDone
    }
    var digest = [UInt8](repeating: 0, count: 32)
    isDone = unsafe EVP_DigestFinal_ex(context, &digest, nil) == 1 && isDone
    precondition(isDone, "SHA-256: OpenSSL refuses")
    return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
