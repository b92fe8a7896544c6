public import FoundationEssentials

/// A folder that is removed with its content at the end of a test.
public final class TemporaryFolder: Sendable {
  public let url: URL

  public init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "learners-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  public func path(_ name: String) -> String { url.appending(path: name).path(percentEncoded: false) }

  /// A folder in it.
  public func folder(_ name: String) throws -> URL {
    try FileManager.default.createDirectory(at: url.appending(path: name), withIntermediateDirectories: true)
    return url.appending(path: name)
  }

  public func write(_ name: String, _ text: String) throws { try write(name, bytes: Array(text.utf8)) }

  public func write(_ name: String, bytes: [UInt8]) throws { try Data(bytes).write(to: url.appending(path: name)) }

  public func read(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: url.appending(path: name))) }

  /// Names of all files below, sorted.
  public func files(below folder: String = "") -> [String] {
    (try? FileManager.default.subpathsOfDirectory(atPath: url.appending(path: folder).path()))?.sorted() ?? []
  }
}

/// Calls `body` with the path of a folder, which is removed with its content then.
public func withTemporaryFolder(_ body: (String) throws -> Void) throws {
  let folder = try TemporaryFolder()
  try withExtendedLifetime(folder) { try body(folder.url.path()) }
}
