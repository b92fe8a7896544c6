import CBuild
import CLearners

/// The version of all programs, pages and model files that are made here. A release has this name.
let programVersion = LEARNERS_VERSION

enum ProgramVersion {
  /// Commit and toolchain of a release; a program that was just built says that it is none.
  static var build: String { unsafe String(cString: learners_build()) }

  static var description: String { "learners \(programVersion)\n\(build)" }
}
