internal import FoundationEssentials
internal import Glibc

/// The program that is running, with all libraries that it has loaded, the C library and its loader among them: a node needs
/// nothing but the same kind of processor, whatever distribution it runs.
package struct ShippedProgram {
  static let name = "learners"
  static let folder = "lib"

  /// Where the program is, also where its file was replaced meanwhile.
  package let path: String
  /// Names by which they are looked for, and where they are.
  package let libraries: [(name: String, path: String)]

  /// The one that is running.
  package init() throws(SearchError) {
    path = "/proc/\(getpid())/exe"
    // What ldd does: the loader tells what it would load, and runs nothing.
    guard let pipe = unsafe popen("LD_TRACE_LOADED_OBJECTS=1 \(path) 2>/dev/null", "r") else {
      throw Self.failure("its libraries are not known")
    }
    var text: [UInt8] = []
    while true {
      let byte = unsafe fgetc(pipe)
      if byte == EOF { break }
      text.append(UInt8(truncatingIfNeeded: byte))
    }
    guard unsafe pclose(pipe) == 0 else { throw Self.failure("its libraries are not known") }
    libraries = Self.libraries(in: String(decoding: text, as: UTF8.self))
    guard libraries.contains(where: { Self.isLoader($0.name) }) else { throw Self.failure("its loader is not known") }
  }

  package init(path: String, libraries: [(name: String, path: String)]) {
    self.path = path
    self.libraries = libraries
  }

  /// From lines such as `libz.so.1 => /lib/libz.so.1 (0x7f…)` and `/lib64/ld-linux-x86-64.so.2 (0x7f…)`.
  package static func libraries(in listing: String) -> [(name: String, path: String)] {
    listing.split(separator: "\n").compactMap { line in
      guard let start = line.firstIndex(of: "/"), let end = line.ranges(of: " (0x").last?.lowerBound, start < end else {
        return nil
      }
      let path = String(line[start..<end])
      let words = line.drop(while: \.isWhitespace).prefix { !$0.isWhitespace }
      guard let name = words.split(separator: "/").last else { return nil }
      return (String(name), path)
    }
  }

  private static func isLoader(_ name: String) -> Bool { name.hasPrefix("ld-linux") || name.hasPrefix("ld.so") }

  /// How it is started in the folder that it was put in.
  var command: [String] {
    let loader = libraries.first { Self.isLoader($0.name) }?.name ?? ""
    return ["\(Self.folder)/\(loader)", "--library-path", Self.folder, "./\(Self.name)"]
  }

  /// All files: the name in the package, where it is, its permissions.
  var files: [(name: String, path: String, mode: UInt32)] {
    [(Self.name, path, 0o755)] + libraries.map { ("\(Self.folder)/\($0.name)", $0.path, 0o755) }
  }

  static func read(_ path: String) throws(SearchError) -> [UInt8] {
    guard let bytes = try? Data(contentsOf: URL(filePath: path)) else { throw failure("\(path) cannot be read") }
    return Array(bytes)
  }

  private static func failure(_ reason: String) -> SearchError {
    SearchError(
      .unavailable, "the program cannot be handed to Ray: \(reason)",
      advice: "use the program of a release (make dist), which has its libraries beside it")
  }
}
