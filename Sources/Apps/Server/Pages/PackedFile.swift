internal import Learners

/// What tables come packed in.
enum PackedFile {
  private static let kinds: [(begin: [UInt8], name: String, advice: String)] = [
    ([0x1f, 0x8b], "gzip", "unpack it, as gunzip does, and send what is in it"),
    (Array("PK\u{3}\u{4}".utf8), "ZIP, as workbooks are", "unpack it, or save the workbook as CSV, and send that"),
    ([0x28, 0xb5, 0x2f, 0xfd], "zstd", "unpack it, as unzstd does, and send what is in it"),
    ([0xfd] + Array("7zXZ".utf8), "xz", "unpack it, as unxz does, and send what is in it"),
    (Array("BZh".utf8), "bzip2", "unpack it, as bunzip2 does, and send what is in it"),
  ]

  /// - Throws: where the bytes begin as a packed file does: nobody wants to read that as a table.
  static func refuse(_ bytes: [UInt8]) throws(DataError) {
    guard let kind = kinds.first(where: { bytes.starts(with: $0.begin) }) else { return }
    throw DataError(.invalid, "it is packed (\(kind.name))", advice: kind.advice)
  }
}
