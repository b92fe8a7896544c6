internal import FoundationEssentials
internal import Glibc

/// Releases of models, each a folder that never changes, and `models`, a link to the one that is served. A link changes in
/// one step: who reads through it reads a whole model, the old one or the new one.
package struct ReleaseFolder: Sendable {
  let folder: String
  let model: String

  package init(_ settings: DeliverySettings) {
    folder = settings.folder
    model = settings.model
  }

  private var releases: String { "\(folder)/releases" }
  private var current: String { "\(folder)/models" }
  /// What is served.
  package var servedPath: String { "\(current)/\(model).safetensors" }

  /// The name of the release that is served; nil where there is none.
  package var served: String? {
    var buffer = [CChar](repeating: 0, count: 4096)
    let length = unsafe readlink(current, &buffer, buffer.count)
    guard length > 0 else { return nil }
    let target = String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return target.split(separator: "/").last.map(String.init)
  }

  func path(of release: String) -> String { "\(releases)/\(release)/\(model).safetensors" }

  package func has(_ release: String) -> Bool { unsafe access(path(of: release), F_OK) == 0 }

  /// All releases, the latest first.
  package var all: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: releases)) ?? []
    return names.filter { !$0.hasSuffix(".new") && has($0) }.sorted { age($0) > age($1) }
  }

  private func age(_ release: String) -> Double {
    var status = stat()
    guard unsafe stat("\(releases)/\(release)", &status) == 0 else { return 0 }
    return Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) * 1e-9
  }

  /// Room on the disk, in bytes, for who is not root.
  var room: Int {
    var status = statvfs()
    guard unsafe statvfs(folder, &status) == 0 else { return 0 }
    return Int(status.f_bavail) * Int(status.f_frsize)
  }

  /// A folder for a release that is not one yet. What a killed push has left is removed.
  func draft(_ release: String) throws(Rejection) -> String {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: releases)) ?? [] where name.hasSuffix(".new") {
      try? FileManager.default.removeItem(atPath: "\(releases)/\(name)")
    }
    let path = "\(releases)/\(release).new"
    do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
      throw Rejection("\(releases) cannot be written to", advice: "see to the disk of prod, then push again")
    }
    return path
  }

  func discard(_ draft: String) { try? FileManager.default.removeItem(atPath: draft) }

  /// The draft is a release from now on. One of that name that is there is of the same commit.
  func finish(_ draft: String, as release: String) throws(Rejection) {
    try? FileManager.default.removeItem(atPath: "\(releases)/\(release)")
    guard unsafe rename(draft, "\(releases)/\(release)") == 0 else {
      throw Rejection("\(releases) cannot be written to", advice: "see to the disk of prod, then push again")
    }
    synchronize(releases)
  }

  /// Serves another release, in one step.
  func serve(_ release: String?) throws(Rejection) {
    guard let release else {
      unsafe unlink(current)
      return
    }
    let link = "\(folder)/.models.new"
    unsafe unlink(link)
    guard unsafe symlink("releases/\(release)", link) == 0, unsafe rename(link, current) == 0 else {
      throw Rejection("\(current) cannot be written", advice: "see to the disk of prod, then push again")
    }
    // The latest that was served is the youngest, so that it stays longest.
    unsafe utimensat(AT_FDCWD, "\(releases)/\(release)", nil, 0)
    synchronize(folder)
  }

  func remove(_ release: String) { try? FileManager.default.removeItem(atPath: "\(releases)/\(release)") }

  /// - Returns: how many stay.
  func prune(keeping count: Int) -> Int {
    let served = served
    var kept = 0
    for release in all {
      if release == served || kept < count {
        kept += 1
      } else {
        remove(release)
      }
    }
    return kept
  }

  private func synchronize(_ path: String) {
    let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    fsync(descriptor)
    close(descriptor)
  }
}
