import Foundation
import Glibc
import Server

/// A plain socket to the server: sends any bytes and reads what comes.
final class Connection: @unchecked Sendable {
  // Used by one thread at a time.
  let descriptor: Int32

  /// - Parameter receiveBuffer: bytes that the machine keeps for it; nil for as many as it likes.
  init(port: Int, timeout: Double = 10, receiveBuffer: Int32? = nil) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
    var limit = timeval(tv_sec: Int(timeout), tv_usec: Int((timeout - timeout.rounded(.down)) * 1e6))
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    if var receiveBuffer {
      unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(MemoryLayout<Int32>.size))
    }
    let outcome = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    // `deinit` closes the descriptor, also of what throws here.
    guard outcome == 0 else { throw ConnectionError(what: "connect: \(errno)") }
  }

  /// To a socket of the file system.
  init(path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: Array(path.utf8)) }
    let outcome = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard outcome == 0 else { throw ConnectionError(what: "connect: \(errno)") }
  }

  deinit { close(descriptor) }

  func send(_ text: String) throws { try send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.send(descriptor, $0.baseAddress!, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw ConnectionError(what: "send: \(errno)") }
      rest = rest.dropFirst(count)
    }
  }

  /// After so many seconds `send` throws.
  func sendTimeout(_ seconds: Double) {
    var limit = timeval(tv_sec: Int(seconds), tv_usec: Int((seconds - seconds.rounded(.down)) * 1e6))
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  /// Tells the server that nothing more comes.
  func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// What has come, at least one byte; empty at the end.
  func receive() throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress!, $0.count, 0) }
    guard count >= 0 else { throw ConnectionError(what: "receive: \(errno)") }
    return Array(buffer[..<count])
  }

  private var unread: [UInt8] = []

  /// Reads one answer.
  func answer(toHead: Bool = false) throws -> Answer {
    while true {
      if let end = unread.firstRange(of: Array("\r\n\r\n".utf8)) {
        let head = String(decoding: unread[..<end.lowerBound], as: UTF8.self)
        var lines = head.components(separatedBy: "\r\n")
        let status = Int(lines.removeFirst().split(separator: " ")[1]) ?? 0
        var headers: [String: String] = [:]
        for line in lines {
          let parts = line.split(separator: ":", maxSplits: 1)
          headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        unread.removeFirst(end.upperBound)
        if status == 100 { continue }
        let body = toHead ? [] : try self.body(headers)
        return Answer(status: status, headers: headers, body: body)
      }
      let more = try receive()
      guard !more.isEmpty else { throw ConnectionError(what: "the connection ended") }
      unread += more
    }
  }

  private func body(_ headers: [String: String]) throws -> [UInt8] {
    if headers["transfer-encoding"] == "chunked" { return try chunkedBody() }
    let count = headers["content-length"].flatMap { Int($0) } ?? 0
    return try take(count)
  }

  private func chunkedBody() throws -> [UInt8] {
    var body: [UInt8] = []
    while true {
      while unread.firstRange(of: [13, 10]) == nil { try fill() }
      let end = unread.firstRange(of: [13, 10])!
      let count = Int(String(decoding: unread[..<end.lowerBound], as: UTF8.self), radix: 16) ?? 0
      unread.removeFirst(end.upperBound)
      let chunk = try take(count + 2)
      if count == 0 { return body }
      body += chunk.dropLast(2)
    }
  }

  private func take(_ count: Int) throws -> [UInt8] {
    while unread.count < count { try fill() }
    defer { unread.removeFirst(count) }
    return Array(unread[..<count])
  }

  private func fill() throws {
    let more = try receive()
    guard !more.isEmpty else { throw ConnectionError(what: "the body is cut off") }
    unread += more
  }

  /// Whether the server ends the connection before the time of `receive` is up.
  func isEnded() -> Bool {
    while true {
      guard let bytes = try? receive() else { return errno == ECONNRESET }
      if bytes.isEmpty { return true }
    }
  }
}

struct ConnectionError: Error { let what: String }

struct Answer {
  let status: Int
  let headers: [String: String]
  let body: [UInt8]

  var text: String { String(decoding: body, as: UTF8.self) }

  /// The predictions of a target, to the last bit; nil where the answer has none.
  func predictions(_ target: String = "price") -> [Double]? {
    struct Body: Decodable { let predictions: [[String: Double]] }
    return (try? JSONDecoder().decode(Body.self, from: Data(body)))?.predictions.compactMap { $0[target] }
  }

  var json: [String: Any] {
    ((try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any]) ?? [:]
  }
}

extension Scene {
  /// One request on a connection of its own.
  func ask(
    _ method: String, _ target: String, _ body: String? = nil, headers: [String: String] = [:]
  ) throws -> Answer {
    try Scene.ask(port: listener.port, method, target, body, headers: headers)
  }

  static func ask(
    port: Int, _ method: String, _ target: String, _ body: String? = nil, headers: [String: String] = [:]
  ) throws -> Answer {
    let connection = try Connection(port: port)
    try connection.send(request(method, target, body, headers: headers))
    return try connection.answer(toHead: method == "HEAD")
  }

  static func request(
    _ method: String, _ target: String, _ body: String? = nil, headers: [String: String] = [:]
  ) -> String {
    var all = headers
    all["Host"] = all["Host"] ?? "localhost"
    if let body {
      all["Content-Type"] = all["Content-Type"] ?? "application/json"
      all["Content-Length"] = all["Content-Length"] ?? String(body.utf8.count)
    }
    let lines = all.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\r\n" }.joined()
    return "\(method) \(target) HTTP/1.1\r\n\(lines)\r\n\(body ?? "")"
  }
}

/// Runs what blocks on a thread of its own: the threads of tasks are few.
func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Swift.Result { try body() }) }
  }
}
