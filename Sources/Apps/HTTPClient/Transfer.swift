internal import CCurl

/// One exchange at a time over connections that it keeps: libcurl's easy handle, in a multi handle of its own so that
/// another thread can wake it.
///
/// `@unchecked`: whoever took it from the client's pool is the only one to use it, but for `wake`, which libcurl allows
/// from any thread.
@safe
internal final class Transfer: @unchecked Sendable {
  private let easy: UnsafeMutableRawPointer
  private let multi: UnsafeMutableRawPointer
  private let errorText: UnsafeMutableBufferPointer<CChar>

  /// nil without memory.
  init?() {
    _ = Transfer.isLibraryReady
    guard let easy = unsafe curl_easy_init() else { return nil }
    guard let multi = unsafe curl_multi_init() else {
      unsafe curl_easy_cleanup(easy)
      return nil
    }
    unsafe self.easy = easy
    unsafe self.multi = multi
    unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    unsafe errorText.initialize(repeating: 0)
  }

  deinit {
    unsafe curl_easy_cleanup(easy)
    unsafe curl_multi_cleanup(multi)
    unsafe errorText.deallocate()
  }

  private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

  /// Makes a running exchange look whether it is cancelled.
  func wake() { unsafe _ = curl_multi_wakeup(multi) }

  /// Sends a request and waits for the whole answer. Redirects are answers here.
  func perform(
    _ request: OutgoingRequest, _ configuration: HTTPConfiguration, until deadline: ContinuousClock.Instant,
    isCancelled: () -> Bool
  ) throws(HTTPError) -> HTTPResponse {
    let reception = Reception(configuration)
    unsafe curl_easy_reset(easy)
    unsafe errorText[0] = 0
    let sent = unsafe headerLines(request.sentHeaders)
    defer { unsafe curl_slist_free_all(sent) }
    apply(configuration, until: deadline)
    unsafe apply(request, headers: sent)
    let address = request.address.url
    let outcome = withoutBrokenPipeSignal {
      withExtendedLifetime(reception) {
        receive(into: reception)
        return run(stallTimeout: configuration.stallTimeout, progress: { reception.progress }, isCancelled)
      }
    }
    if let excess = reception.excess { throw HTTPError(stage: .tooLarge, url: address, reason: excess) }
    switch outcome {
    case .cancelled: throw HTTPError(stage: .cancelled, url: address, reason: "it was broken off")
    case .stalled:
      throw HTTPError(stage: .timeout, url: address, reason: "no byte came for \(configuration.stallTimeout)")
    case .finished(let code) where code != CURLE_OK:
      throw HTTPError(stage: stage(of: code), url: address, reason: reason(of: code))
    case .finished where !reception.isHeadComplete:
      throw HTTPError(stage: .interrupted, url: address, reason: "the answer ends within its head")
    case .finished:
      var status = 0
      unsafe curl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
      return HTTPResponse(status: status, headers: HTTPHeaders(reception.fields), body: reception.body, url: address)
    }
  }

  private enum Outcome {
    case finished(CURLcode)
    case stalled
    case cancelled
  }

  private func run(stallTimeout: Duration, progress: () -> Int, _ isCancelled: () -> Bool) -> Outcome {
    unsafe curl_multi_add_handle(multi, easy)
    defer { unsafe _ = curl_multi_remove_handle(multi, easy) }
    var (seen, lastProgress) = (-1, ContinuousClock.now)
    while true {
      if isCancelled() { return .cancelled }
      var running: Int32 = 0
      guard unsafe curl_multi_perform(multi, &running) == CURLM_OK else { return .finished(CURLE_FAILED_INIT) }
      if running == 0 { return .finished(result()) }
      var uploaded: curl_off_t = 0
      unsafe curl_get_offset(easy, CURLINFO_SIZE_UPLOAD_T, &uploaded)
      if progress() + Int(uploaded) != seen {
        (seen, lastProgress) = (progress() + Int(uploaded), .now)
      }
      let left = stallTimeout - (.now - lastProgress)
      if left <= .zero { return .stalled }
      unsafe curl_multi_poll(multi, nil, 0, Int32(min(left, .seconds(1)).milliseconds), nil)
    }
  }

  private func result() -> CURLcode {
    var waiting: Int32 = 0
    while let message = unsafe curl_multi_info_read(multi, &waiting) {
      if unsafe message.pointee.msg == CURLMSG_DONE { return unsafe message.pointee.data.result }
    }
    return CURLE_FAILED_INIT
  }

  private func reason(of code: CURLcode) -> String {
    let text = unsafe String(cString: errorText.baseAddress!)
    return text.isEmpty ? unsafe String(cString: curl_easy_strerror(code)) : text
  }

  private func stage(of code: CURLcode) -> HTTPError.Stage {
    // Invalid chunks come under the number of a cut connection; only the text tells them apart.
    code == CURLE_RECV_ERROR && reason(of: code).contains("chunked-encoding") ? .protocolViolation : code.stage
  }
}

// Setting up.
extension Transfer {
  private func apply(_ configuration: HTTPConfiguration, until deadline: ContinuousClock.Instant) {
    unsafe curl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText.baseAddress)
    unsafe curl_set_http_only(easy)
    unsafe curl_set_long(easy, CURLOPT_NOSIGNAL, 1)
    unsafe curl_set_quick_exit(easy)
    unsafe curl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
    unsafe curl_set_long(easy, CURLOPT_FRESH_CONNECT, configuration.reusesConnections ? 0 : 1)
    unsafe curl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
    unsafe curl_set_text(easy, CURLOPT_ACCEPT_ENCODING, "gzip")
    unsafe curl_set_text(easy, CURLOPT_USERAGENT, configuration.userAgent)
    // What is meant for the host is not shown to the proxy that leads there.
    unsafe curl_set_long(easy, CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))
    unsafe curl_set_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    unsafe curl_set_long(easy, CURLOPT_SSL_VERIFYPEER, 1)
    unsafe curl_set_long(easy, CURLOPT_SSL_VERIFYHOST, 2)
    if let file = configuration.certificateAuthority {
      unsafe curl_set_text(easy, CURLOPT_CAINFO, file)
      unsafe curl_set_text(easy, CURLOPT_CAPATH, nil)
    }
    unsafe curl_set_offset(easy, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(configuration.maximumBodySize))
    unsafe curl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, configuration.connectTimeout.milliseconds)
    unsafe curl_set_long(easy, CURLOPT_TIMEOUT_MS, (deadline - .now).milliseconds)
  }

  private func apply(_ request: OutgoingRequest, headers: UnsafeMutablePointer<curl_slist>?) {
    unsafe curl_set_text(easy, CURLOPT_URL, request.address.url)
    unsafe curl_set_pointer(easy, CURLOPT_HTTPHEADER, headers)
    if request.showsSecrets { unsafe curl_set_text(easy, CURLOPT_PROXY, "") }
    if let body = request.body ?? (request.method == "POST" ? [] : nil) {
      unsafe curl_set_long(easy, CURLOPT_POST, 1)
      unsafe curl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
      var bytes = body + [0]
      unsafe curl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, &bytes)
    }
    if request.method == "HEAD" { unsafe curl_set_long(easy, CURLOPT_NOBODY, 1) }
    unsafe curl_set_text(easy, CURLOPT_CUSTOMREQUEST, request.method)
  }

  private func receive(into reception: Reception) {
    let target = unsafe Unmanaged.passUnretained(reception).toOpaque()
    unsafe curl_set_pointer(easy, CURLOPT_WRITEDATA, target)
    unsafe curl_set_pointer(easy, CURLOPT_HEADERDATA, target)
    unsafe curl_set_receiver(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, target in
      let bytes = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
      let reception = unsafe Unmanaged<Reception>.fromOpaque(target!).takeUnretainedValue()
      return unsafe reception.receive(body: bytes) ? bytes.count : 0
    }
    unsafe curl_set_receiver(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, target in
      let bytes = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
      let reception = unsafe Unmanaged<Reception>.fromOpaque(target!).takeUnretainedValue()
      return unsafe reception.receive(header: bytes) ? bytes.count : 0
    }
  }
}

/// libcurl's own headers that nobody asked for are taken away, unless the request has them.
private func headerLines(_ headers: [HTTPHeader]) -> UnsafeMutablePointer<curl_slist>? {
  let names = Set(headers.map { $0.name.lowercased() })
  let unwanted = ["Expect", "Content-Type"].filter { !names.contains($0.lowercased()) }.map { $0 + ":" }
  let lines = headers.map { $0.value.allSatisfy(\.isWhitespace) ? "\($0.name);" : "\($0.name): \($0.value)" }
  var list: UnsafeMutablePointer<curl_slist>?
  for line in unwanted + lines { unsafe list = curl_slist_append(list, line) ?? list }
  return unsafe list
}

extension Duration {
  /// At least 1, as 0 has another meaning for libcurl.
  fileprivate var milliseconds: Int { max(1, min(Int(Int32.max), Int(self / .milliseconds(1)))) }
}
