internal import NIOCore

/// Why a request cannot be answered, as RFC 9457 (Problem Details for HTTP APIs) tells it.
package struct Problem: Error, Sendable {
  /// One thing that is wrong with the request.
  package struct Fault: Sendable {
    /// Such as `instances[3].forks`.
    package let path: String
    package let detail: String

    package init(path: String, detail: String) {
      self.path = path
      self.detail = detail
    }
  }

  package let status: Int
  /// The last part of the problem's type, such as `invalid-value`: for programs.
  package let code: String
  /// What is wrong and what to do: for people.
  package let detail: String
  package let faults: [Fault]
  package var headers: [(name: String, value: String)] = []

  package init(
    _ status: Int, _ code: String, _ detail: String, faults: [Fault] = [],
    headers: [(name: String, value: String)] = []
  ) {
    self.status = status
    self.code = code
    self.detail = detail
    self.faults = faults
    self.headers = headers
  }

  /// One fault, whose detail is the problem's as well.
  package init(_ status: Int, _ code: String, at path: String, _ detail: String) {
    self.init(status, code, "\(path): \(detail)", faults: [Fault(path: path, detail: detail)])
  }

  package var answer: WebAnswer {
    var body = ByteBuffer()
    body.writeStaticString("{\"type\":")
    body.writeJSON("urn:learners:problem:\(code)")
    body.writeStaticString(",\"title\":")
    body.writeJSON(reasonPhrase(status))
    body.writeStaticString(",\"status\":")
    body.writeString(String(status))
    body.writeStaticString(",\"detail\":")
    body.writeJSON(detail)
    if !faults.isEmpty {
      body.writeStaticString(",\"errors\":[")
      for (index, fault) in faults.enumerated() {
        if index > 0 { body.writeStaticString(",") }
        body.writeStaticString("{\"path\":")
        body.writeJSON(fault.path)
        body.writeStaticString(",\"detail\":")
        body.writeJSON(fault.detail)
        body.writeStaticString("}")
      }
      body.writeStaticString("]")
    }
    body.writeStaticString("}")
    var answer = WebAnswer(status: status, contentType: "application/problem+json", body: body, headers: headers)
    answer.detail = detail
    return answer
  }

  /// As the Open Inference Protocol has it.
  package var inferenceAnswer: WebAnswer {
    var body = ByteBuffer()
    body.writeStaticString("{\"error\":")
    body.writeJSON(detail)
    body.writeStaticString("}")
    var answer = WebAnswer.json(body, status: status)
    answer.headers = headers
    return answer
  }
}

/// What a status is called.
package func reasonPhrase(_ status: Int) -> String {
  switch status {
  case 200: "OK"
  case 202: "Accepted"
  case 204: "No Content"
  case 303: "See Other"
  case 304: "Not Modified"
  case 400: "Bad Request"
  case 401: "Unauthorized"
  case 403: "Forbidden"
  case 404: "Not Found"
  case 405: "Method Not Allowed"
  case 408: "Request Timeout"
  case 411: "Length Required"
  case 413: "Content Too Large"
  case 414: "URI Too Long"
  case 415: "Unsupported Media Type"
  case 417: "Expectation Failed"
  case 421: "Misdirected Request"
  case 422: "Unprocessable Content"
  case 429: "Too Many Requests"
  case 431: "Request Header Fields Too Large"
  case 500: "Internal Server Error"
  case 501: "Not Implemented"
  case 502: "Bad Gateway"
  case 503: "Service Unavailable"
  case 504: "Gateway Timeout"
  case 505: "HTTP Version Not Supported"
  default: "Status \(status)"
  }
}
