internal import Learners
internal import NIOCore

/// A body that is sent packed: `Content-Encoding: gzip`.
enum PackedBody {
  /// - Throws: `Problem` 413 where it unpacks to more than a body may have, 400 where it is no gzip.
  static func unpacked(_ request: WebRequest, limit: Int) throws(Problem) -> WebRequest {
    var plain = request
    let file = InputFile(name: "the body", bytes: request.body.allBytes)
    do throws(DataError) {
      plain.body = ByteBuffer(bytes: try Gzip.decompress(file, limit: limit))
      return plain
    } catch {
      if error.what.hasPrefix("unpacks to more") { throw .bodyTooLarge(limit: limit) }
      throw Problem(400, "content-encoding", "the body is said to be gzip and \(error.what)")
    }
  }
}
