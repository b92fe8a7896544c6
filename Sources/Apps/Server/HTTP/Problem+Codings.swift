extension Problem {
  /// What is wrong with how the body is coded; nil where it is sent as it is, at most in chunks.
  init?(ofCodings facts: HeaderFacts, isOldProtocol: Bool) {
    if let transfer = facts.transferEncoding {
      // Who may have passed this on has not known what it is, nor where it ends.
      guard !isOldProtocol else {
        self = Problem(400, "transfer-encoding", "HTTP/1.0 has no Transfer-Encoding")
        return
      }
      guard transfer.lowercased() == "chunked" else {
        self = Problem(
          501, "transfer-encoding", "Transfer-Encoding “\(transfer.prefix(100))” is not understood: only chunked is")
        return
      }
    }
    // One layer of gzip is unpacked, by whoever gets the body whole.
    if facts.isGzip { return nil }
    let hasBody = facts.transferEncoding != nil || (facts.contentLength ?? 0) > 0
    guard let content = facts.contentEncoding, hasBody, !content.isEmpty, content.lowercased() != "identity" else {
      return nil
    }
    self = Problem(
      415, "content-encoding",
      "the body is packed (Content-Encoding: \(content.prefix(100))): send it as gzip, or unpacked and without Content-Encoding",
      headers: [("accept-encoding", "gzip, identity")])
  }
}
