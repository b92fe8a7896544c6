import Foundation
import LoopbackServer
import NIOCore
import NIOHTTP1
import Search
import Synchronization

/// Answers as the Jobs API of Ray's dashboard does, with its statuses and words, and does the units of a job at once.
final class JobsServer: Sendable {
  struct State {
    var version = "2.60.0"
    /// Nil where everybody is let in.
    var token: String?
    var packages: [String: [UInt8]] = [:]
    var jobs: [String: Job] = [:]
    var uploads: [String] = []
    /// Requests that still get no answer.
    var silent = 0
    /// What becomes of the next jobs; the last is done again.
    var courses: [Course] = [.done]
    var largestBody = 100 << 20
    /// Tokens that were shown.
    var shown: Set<String> = []
  }

  struct Job {
    var entrypoint: String
    var metadata: [String: String]
    var packages: [String]
    var log = ""
    var status = "PENDING"
    var polls = 0
    /// Units that it has had, and packages of further ones.
    var units = 0
    var fed = 0
    let course: Course
  }

  enum Course: Sendable, Equatable {
    /// All units are done, some a poll.
    case done
    /// The driver is killed when so many units are done.
    case killed(after: Int)
    /// The first units end the program.
    case loses(Int)
    /// The cluster is gone, and forgets all, when so many units are done.
    case forgotten(after: Int)
    /// Nothing goes on, in a cluster of so many processors.
    case held(cpus: Int)
    case stopped
  }

  let state: Mutex<State>
  private let server: Mutex<LoopbackServer?> = Mutex(nil)
  private let data: SharedWork

  init(_ scene: Scene, _ change: (inout State) -> Void = { _ in }) throws {
    var state = State()
    change(&state)
    self.state = Mutex(state)
    data = try scene.sharedWork()
    let server = try LoopbackServer { [unowned self] channel in
      try channel.pipeline.syncOperations.configureHTTPServerPipeline()
      try channel.pipeline.syncOperations.addHandler(JobsConnection(self))
    }
    self.server.withLock { $0 = server }
  }

  var url: String { server.withLock { $0?.url ?? "" } }

  func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }
  var now: State { state.withLock { $0 } }

  /// - Returns: nil for no answer.
  func answer(_ method: String, _ path: String, _ authorization: String?, _ body: [UInt8]) -> (Int, [UInt8])? {
    state.withLock { state in
      if state.silent > 0 {
        state.silent -= 1
        return nil
      }
      if let authorization { state.shown.insert(authorization) }
      if let token = state.token {
        guard let authorization else { return (401, Array("Unauthorized: Missing authentication token".utf8)) }
        guard authorization == "Bearer \(token)" else {
          return (403, Array("Forbidden: Invalid authentication token".utf8))
        }
      }
      let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      let (status, text) = state.answer(method, parts, body, data)
      return (status, Array(text.utf8))
    }
  }
}

extension JobsServer.State {
  fileprivate mutating func answer(
    _ method: String, _ path: [String], _ body: [UInt8], _ work: SharedWork
  ) -> (Int, String) {
    switch (method, path.dropFirst(2).first, path.count) {
    case ("GET", "version", 3): return (200, #"{"version":"4","ray_version":"\#(version)"}"#)
    case ("GET", "packages", 5): return packages[path[4]] == nil ? (404, "Package does not exist") : (200, "")
    case ("PUT", "packages", 5):
      guard body.count <= largestBody else { return (413, "Maximum request body size \(largestBody) exceeded.") }
      uploads.append(path[4])
      packages[path[4]] = body
      return (200, "")
    // With the slash at its end.
    case ("GET", "jobs", 4) where path[3].isEmpty:
      return (200, "[\(jobs.keys.sorted().map { text(of: $0) }.joined(separator: ","))]")
    case ("POST", "jobs", 4) where path[3].isEmpty: return submit(body)
    default: break
    }
    guard path.count >= 4, let job = jobs[path[3]] else { return (404, "Job does not exist") }
    switch (method, path.count > 4 ? path[4] : "") {
    case ("GET", ""):
      advance(path[3], job, work)
      return jobs[path[3]] == nil ? (404, "Job does not exist") : (200, text(of: path[3]))
    case ("GET", "logs"): return (200, json(["logs": job.log]))
    case ("POST", "stop"):
      if ["PENDING", "RUNNING"].contains(job.status) { jobs[path[3]]?.status = "STOPPED" }
      return (200, #"{"stopped": true}"#)
    case ("DELETE", ""):
      guard !["PENDING", "RUNNING"].contains(job.status) else { return (500, "not in a terminal state") }
      jobs[path[3]] = nil
      return (200, #"{"deleted": true}"#)
    default: return (404, "not found")
    }
  }

  private mutating func submit(_ body: [UInt8]) -> (Int, String) {
    guard let value = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any],
      let id = value["submission_id"] as? String, let entrypoint = value["entrypoint"] as? String,
      let environment = value["runtime_env"] as? [String: Any], let folder = environment["working_dir"] as? String,
      let further = environment["py_modules"] as? [String]
    else { return (400, "TypeError") }
    guard jobs[id] == nil else { return (500, "Traceback\nValueError: Job with submission_id \(id) already exists.") }
    let names = ([folder] + further).map { String($0.dropFirst("gcs://".count)) }
    jobs[id] = JobsServer.Job(
      entrypoint: entrypoint, metadata: value["metadata"] as? [String: String] ?? [:], packages: names,
      course: courses.count > 1 ? courses.removeFirst() : courses[0])
    return (200, #"{"job_id":"\#(id)","submission_id":"\#(id)"}"#)
  }

  /// What happens between two polls.
  private mutating func advance(_ id: String, _ job: JobsServer.Job, _ work: SharedWork) {
    guard ["PENDING", "RUNNING"].contains(job.status) else { return }
    var job = job
    defer { if jobs[id] != nil { jobs[id] = job } }
    job.polls += 1
    guard job.packages.allSatisfy({ packages[$0] != nil }) else {
      job.status = "FAILED"
      return
    }
    if job.polls == 1 { job.log = "\u{1b}[36mConnecting to Ray\u{1b}[0m\n\n" }
    job.status = "RUNNING"
    let package = job.polls == 1 ? job.packages[1] : "\(id)_\(job.fed + 1).zip"
    guard let bytes = packages[package] else { return }
    if job.polls > 1 {
      job.fed += 1
      packages[package] = nil
    }
    let units = job.polls > 1 ? bytes : try! ZipReader(bytes).members["learners_units/units.jsonl"]!.content
    for line in String(decoding: units, as: UTF8.self).split(separator: "\n") {
      job.units += 1
      switch job.course {
      case .held(let cpus): job.log += #"{"cluster": {"cpus": \#(cpus), "running": 0, "waiting": 3}}"# + "\n"
      case .stopped: job.status = "STOPPED"
      case .killed(let count) where job.units > count: job.status = "FAILED"
      case .forgotten(let count) where job.units > count:
        (jobs, packages) = ([:], [:])
        return
      case .loses(let count) where job.units <= count:
        job.log += "\n{\"key\": \"\(work.key(String(line)))\", \"lost\": \"signal 9\", \"process\": 7}\n"
      default:
        let (key, result) = work.answer(String(line))
        job.log += "\n{\"key\": \"\(key)\", \"result\": \(result)}\n"
      }
    }
  }

  private func text(of id: String) -> String {
    guard let job = jobs[id] else { return "null" }
    return json([
      "submission_id": id, "type": "SUBMISSION", "status": job.status, "message": "as it is", "metadata": job.metadata,
    ])
  }

  private func json(_ value: [String: Any]) -> String {
    String(decoding: try! JSONSerialization.data(withJSONObject: value), as: UTF8.self)
  }
}

/// Does units of any thread.
final class SharedWork: Sendable {
  private let work: Mutex<UnitWork>

  init(_ data: PreparedData) { work = Mutex(UnitWork(data)) }

  private struct Line: Decodable {
    let key: String
    let unit: WorkUnit
  }

  func key(_ line: String) -> String { MessageLine.decode(Line.self, line.utf8)!.key }

  /// The key of a line of units, and the answer in JSON.
  func answer(_ line: String) -> (key: String, result: String) {
    let line = MessageLine.decode(Line.self, line.utf8)!
    let result = work.withLock { $0.result(of: line.unit) }
    return (line.key, String(decoding: MessageLine.encode(result).dropLast(), as: UTF8.self))
  }
}

extension Scene {
  func sharedWork() throws -> SharedWork { SharedWork(try preparedData().data) }
}

/// One connection. Used on its event loop only.
private final class JobsConnection: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let server: JobsServer
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []

  init(_ server: JobsServer) { self.server = server }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): (self.head, body) = (head, [])
    case .body(var part): body += part.readBytes(length: part.readableBytes) ?? []
    case .end:
      guard let head else { return }
      let authorization = head.headers.first(name: "authorization")
      guard let (status, text) = server.answer(head.method.rawValue, head.uri, authorization, body) else {
        return context.close(promise: nil)
      }
      let headers = HTTPHeaders([("Content-Length", String(text.count))])
      let answer = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers)
      context.write(wrapOutboundOut(.head(answer)), promise: nil)
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: text)))), promise: nil)
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
  }
}
