/// Collects one answer and refuses more than is allowed. libcurl's callbacks write into it.
internal final class Reception {
  private let maximumBodySize: Int
  private let maximumHeaderSize: Int
  private(set) var fields: [HTTPHeader] = []
  private(set) var body: [UInt8] = []
  private var headerSize = 0
  /// Whether the empty line came: libcurl takes a head that is cut off for a whole one.
  private(set) var isHeadComplete = false
  /// What was too large.
  private(set) var excess: String?

  init(_ configuration: HTTPConfiguration) {
    maximumBodySize = configuration.maximumBodySize
    maximumHeaderSize = configuration.maximumHeaderSize
  }

  /// Grows with every byte that came.
  var progress: Int { headerSize + body.count }

  /// Returns false to break off.
  func receive(body bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count <= maximumBodySize - body.count else {
      excess = "its body has more than \(maximumBodySize) bytes"
      return false
    }
    unsafe body.append(contentsOf: bytes)
    return true
  }

  /// One line of a head. There may be several heads, as before an answer that was announced by 103.
  func receive(header bytes: UnsafeRawBufferPointer) -> Bool {
    headerSize += bytes.count
    guard headerSize <= maximumHeaderSize else {
      excess = "its head has more than \(maximumHeaderSize) bytes"
      return false
    }
    let line = unsafe String(decoding: bytes, as: UTF8.self)
    if line.hasPrefix("HTTP/") {
      fields = []
      isHeadComplete = false
    } else if line.allSatisfy(\.isNewline) {
      isHeadComplete = true
    } else if let colon = line.firstIndex(of: ":") {
      let value = line[line.index(after: colon)...].drop(while: \.isWhitespace)
      let end = value.lastIndex { !$0.isWhitespace }.map(value.index(after:)) ?? value.startIndex
      fields.append(HTTPHeader(String(line[..<colon]), String(value[..<end])))
    }
    return true
  }
}
