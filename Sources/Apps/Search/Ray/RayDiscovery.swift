internal import Glibc

/// Finds the cluster that this machine is a node of, as Ray's own tools do.
enum RayDiscovery {
  /// Only Ray itself knows where its dashboard is. It writes about much else, too.
  private static let question = """
    import sys
    try:
      import ray
    except ImportError:
      sys.exit(3)
    try:
      url = ray.init(address="auto", log_to_driver=False).dashboard_url
    except ConnectionError:
      sys.exit(4)
    print("dashboard=" + (url or ""))
    """

  /// - Throws: `SearchError` that says why there is none.
  static func address(_ environment: [String: String]) throws(SearchError) -> String {
    if let address = environment["RAY_API_SERVER_ADDRESS"], !address.isEmpty { return address }
    let (status, lines) = ask()
    switch status {
    case 0: break
    case 3, 127:
      throw SearchError(
        .unavailable, "--ray auto: Ray is not installed here: python3 does not know it",
        advice: "give the address of a cluster, --ray http://HEAD:8265, or put the python3 that has Ray first on PATH")
    case 4:
      throw SearchError(
        .unavailable, "--ray auto: no Ray cluster runs on this machine, and RAY_ADDRESS names none",
        advice: "start one (ray start), or give its address, --ray http://HEAD:8265")
    default:
      throw SearchError(
        .unavailable, "--ray auto: Ray does not let this process in (python3 ended with status \(status))",
        advice: "see what `ray status` says here; the token is in RAY_AUTH_TOKEN or RAY_AUTH_TOKEN_PATH")
    }
    let prefix = "dashboard="
    guard let line = lines.last(where: { $0.hasPrefix(prefix) }), line.count > prefix.count else {
      throw SearchError(
        .unavailable, "--ray auto: the cluster has no dashboard, which takes its jobs",
        advice: "install ray[default] on its head, or give an address, --ray http://HEAD:8265")
    }
    return "http://\(line.dropFirst(prefix.count))"
  }

  private static func ask() -> (status: Int32, lines: [Substring]) {
    guard let pipe = unsafe popen("python3 -c '\(question)' 2>/dev/null", "r") else { return (127, []) }
    var text: [UInt8] = []
    while true {
      let byte = unsafe fgetc(pipe)
      if byte == EOF { break }
      text.append(UInt8(truncatingIfNeeded: byte))
    }
    let status = unsafe pclose(pipe)
    return (
      status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f,
      String(decoding: text, as: UTF8.self).split(separator: "\n")
    )
  }
}
