internal import Dispatch
internal import Synchronization

/// A Ray cluster that does units of work, and how many at a time.
public final class RayCluster: Sendable {
  /// The address of Ray's dashboard, or `auto` for the cluster that this machine is a node of.
  let address: String
  /// Processors that a unit needs; threads that it uses.
  let threads: Int
  /// Units at a time at most; nil for as many as there is room for.
  let processes: Int?
  /// Bytes that each may use beside the data; nil for as many as there are.
  let memory: Int?
  /// How long nothing goes on before that is an error: no processor is free, or nobody answers.
  let patience: Duration
  /// Those of `variables` that the process has, which hold the token or say where it is.
  let environment: [String: String]
  private let job = Mutex<(jobs: JobsClient, id: String)?>(nil)

  /// Variables that say where a cluster is and who asks.
  public static let variables = ["RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH", "HOME", "RAY_API_SERVER_ADDRESS"]

  public init(
    address: String, threads: Int, processes: Int?, memory: Int?, patience: Duration, environment: [String: String]
  ) {
    precondition(threads >= 1, "RayCluster: \(threads) threads")
    self.address = address
    self.threads = threads
    self.processes = processes
    self.memory = memory
    self.patience = patience
    self.environment = environment
  }

  /// Whether a text can be an address.
  public static func isAddress(_ text: String) -> Bool {
    text == "auto" || ["http://", "https://"].contains { text.hasPrefix($0) && text.count > $0.count }
  }

  /// Finds the cluster and makes sure that it lets us in.
  package func connect() throws(SearchError) -> JobsClient {
    let found = address == "auto" ? try RayDiscovery.address(environment) : address
    return try JobsClient(found, token: try RayToken.find(environment))
  }

  /// What `stop` ends from now on.
  func note(_ id: String?, _ jobs: JobsClient) { job.withLock { $0 = id.map { (jobs, $0) } } }

  /// Ends what runs on the cluster, if anything does; from any thread. What is done there is found by the next run.
  public func stop() {
    guard let (jobs, id) = job.withLock({ $0 }) else { return }
    // Nobody waits for a cluster that does not answer.
    let done = DispatchSemaphore(value: 0)
    DispatchQueue.global().async {
      try? jobs.stop(id)
      done.signal()
    }
    _ = done.wait(timeout: .now() + 5)
  }

  /// What a job runs in the folder of the package.
  /// - Parameter job: what packages of further units are named by.
  func entrypoint(_ command: [String], job: String) -> String {
    let driver = ["python3", ShippedPackage.driver, "--feed", job, "--cpus", String(threads)]
    let worker = ["worker", "--prepared", ShippedPackage.data, "--threads", String(threads)]
    let budget = memory.map { ["--memory-bytes", String($0)] } ?? []
    return (driver + ["--most", String(processes ?? 1024), "--"] + command + worker + budget).joined(separator: " ")
  }
}
