import Extraction
import Foundation
import HTTPClient
import Repositories
import Synchronization

/// A clock that jumps: waiting takes no time.
final class JumpingClock: WallClock {
  private let moment = Mutex(1_800_000_000.0)

  var now: Timestamp { Timestamp(secondsSince1970: moment.withLock { $0 }) }
  var isSimulated: Bool { false }
  func sleep(seconds: Double) { moment.withLock { $0 += max(0, seconds) } }
}

/// Answers requests as a test says, and remembers them.
final class ScriptedExchange: HTTPExchange {
  struct Asked {
    let request: HTTPRequest
    let time: Timestamp
  }

  private let clock: JumpingClock
  private let answer: @Sendable (_ request: HTTPRequest, _ number: Int) throws(HTTPError) -> HTTPResponse
  private let requests = Mutex<[Asked]>([])

  init(
    _ clock: JumpingClock,
    _ answer: @escaping @Sendable (_ request: HTTPRequest, _ number: Int) throws(HTTPError) -> HTTPResponse
  ) {
    self.clock = clock
    self.answer = answer
  }

  var asked: [Asked] { requests.withLock { $0 } }

  func send(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
    let asked = Asked(request: request, time: clock.now)
    let number = requests.withLock { requests in
      requests.append(asked)
      return requests.count - 1
    }
    // An answer takes a while.
    clock.sleep(seconds: 0.3)
    return try answer(request, number)
  }
}

/// Remembers what it is told.
final class Listener: ExtractionObserver {
  private(set) var waits: [(reason: String, end: Timestamp)] = []
  private(set) var notes: [String] = []
  private(set) var progress: [ExtractionProgress] = []

  func waits(_ reason: String, until end: Timestamp) { waits.append((reason, end)) }
  func notes(_ text: String) { notes.append(text) }
  func progressed(_ progress: ExtractionProgress) { self.progress.append(progress) }
}

extension HTTPResponse {
  init(_ status: Int, _ headers: [String: String] = [:], body: String = "{}") {
    self.init(
      status: status, headers: HTTPHeaders(headers.map { HTTPHeader($0.key, $0.value) }), body: Array(body.utf8),
      url: "https://api.github.com/")
  }

  /// A search answer with repositories of these numbers, each with its number of stars.
  static func search(total: Int, _ repositories: [(id: Int, stars: Int)], isIncomplete: Bool = false) -> HTTPResponse {
    let items = repositories.map {
      #"{"id":\#($0.id),"node_id":"N\#($0.id)","full_name":"o/r\#($0.id)","stargazers_count":\#($0.stars)}"#
    }
    return HTTPResponse(
      200, ["ETag": "\"\(total)\""],
      body:
        #"{"total_count":\#(total),"incomplete_results":\#(isIncomplete),"items":[\#(items.joined(separator: ","))]}"#)
  }
}

extension Answer {
  init(_ status: Int, _ headers: [String: String] = [:], body: String = "{}") {
    self.init(HTTPResponse(status, headers, body: body), received: Timestamp(secondsSince1970: 1_800_000_000))
  }
}
