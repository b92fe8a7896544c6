import Learners
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite struct WholeFileDraftTests {
  @Test func writesReplacesAndLeavesNothingElse() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a.bin"
      try FileDraft.write([1, 2, 3], to: path)
      try FileDraft.write([4, 5], to: path)
      #expect(contents(path) == [4, 5])
      try FileDraft.write([], to: path)
      #expect(contents(path) == [])
      #expect(filesIn(folder) == ["a.bin"])
    }
  }

  @Test func linksAreFollowedPermissionsKeptAndPipesWrittenTo() throws {
    try withTemporaryFolder { folder in
      try FileDraft.write([1], to: folder + "/real.bin")
      unsafe chmod(folder + "/real.bin", 0o600)
      unsafe symlink("real.bin", folder + "/link.bin")
      try FileDraft.write([2, 3], to: folder + "/link.bin")
      #expect(contents(folder + "/real.bin") == [2, 3])
      var status = stat()
      unsafe lstat(folder + "/link.bin", &status)
      #expect(status.st_mode & S_IFMT == S_IFLNK)
      unsafe stat(folder + "/real.bin", &status)
      #expect(status.st_mode & 0o777 == 0o600)
      unsafe symlink("/dev/null", folder + "/null")
      try FileDraft.write([4], to: folder + "/null")
      unsafe stat("/dev/null", &status)
      #expect(status.st_mode & S_IFMT == S_IFCHR, "a device is written to, not replaced")
      for name in ["null", "link.bin", "real.bin"] { unsafe unlink(folder + "/" + name) }
    }
  }

  @Test func missingFolderIsNamed() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/none/a.bin"
      #expect(throws: FileError.cannotWrite(path: path, reason: "its folder does not exist")) {
        try FileDraft.write([1], to: path)
      }
      #expect(throws: FileError.self) { try FileDraft.write([1], to: folder + "/") }
    }
  }

  /// Renaming onto a folder fails after everything was written: the temporary file must go.
  @Test func afterAnErrorNothingRemains() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/taken"
      unsafe mkdir(path, 0o755)
      defer { unsafe rmdir(path) }
      #expect(throws: FileError.self) { try FileDraft.write([1], to: path) }
      #expect(filesIn(folder) == ["taken"])
    }
  }

  @Test(.enabled(if: geteuid() != 0, "root may write anywhere"))
  func folderWithoutPermissionIsNamed() throws {
    try withTemporaryFolder { folder in
      unsafe chmod(folder, 0o555)
      defer { unsafe chmod(folder, 0o755) }
      let path = folder + "/a.bin"
      #expect(throws: FileError.noPermission(path: path)) { try FileDraft.write([1], to: path) }
    }
  }

  /// A full disk, in a child process that may write only 4 KB to a file.
  @Test func aWriteThatFailsHalfWayLeavesTheOldFile() async {
    await #expect(processExitsWith: .success) {
      signal(SIGXFSZ, SIG_IGN)
      try withTemporaryFolder { folder in
        let path = folder + "/a.bin"
        try FileDraft.write([7], to: path)
        limitFileSize(4096)
        do throws(FileError) {
          try FileDraft.write([UInt8](repeating: 1, count: 10_000), to: path)
          Issue.record("10 000 bytes fit into 4096")
        } catch {
          #expect(error == .cannotWrite(path: path, reason: "File too large"))
        }
        #expect(contents(path) == [7])
        #expect(filesIn(folder) == ["a.bin"])
      }
    }
  }
}

private func limitFileSize(_ size: UInt) {
  var limit = rlimit(rlim_cur: size, rlim_max: size)
  unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
}

private func contents(_ path: String) -> [UInt8]? {
  guard let file = unsafe fopen(path, "r") else { return nil }
  defer { unsafe fclose(file) }
  var bytes = [UInt8](repeating: 0, count: 1000)
  let count = unsafe fread(&bytes, 1, bytes.count, file)
  return Array(bytes.prefix(count))
}
