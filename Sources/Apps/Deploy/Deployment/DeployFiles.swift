internal import FoundationEssentials
internal import Learners

/// Files that a deployment is told by.
public enum DeployFiles {
  public static func configuration(_ path: String) throws(DeployError) -> DeployConfiguration {
    guard let text = text(path) else {
      throw DeployError(.noInput, "\(shown(path)): it is not there", advice: "make one with learners deploy init")
    }
    return try DeployConfiguration(parsing: text, file: path)
  }

  /// nil where there is none, or it is no text.
  public static func text(_ path: String) -> String? {
    guard let bytes = try? InputFile(reading: path).bytes, bytes.count < 1 << 20 else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }

  /// The archive that was made last; nil where there is none.
  public static func latestRelease(in folder: String) -> String? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let archives = names.filter { $0.hasPrefix("learners-") && $0.hasSuffix(".tar.gz") }.map { "\(folder)/\($0)" }
    let age = { (path: String) in
      (try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate]) as? Date ?? .distantPast
    }
    return archives.max { age($0) < age($1) }
  }

  /// Six letters and digits that nobody else has chosen.
  public static func newName() -> String {
    "learners-" + String(UInt32.random(in: 0..<(36 * 36 * 36 * 36 * 36)) + 36 * 36 * 36 * 36 * 36, radix: 36)
  }
}
