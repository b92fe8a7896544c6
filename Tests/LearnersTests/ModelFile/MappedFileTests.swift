import Learners
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Reading goes through `SafetensorsFile`, whose errors say what kind of thing was found.
@Suite struct MappedFileTests {
  @Test func missingFileAndFoldersAreToldApart() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/none"
      #expect(throws: ModelFileError.file(.notFound(path: path))) { try SafetensorsFile(reading: path) }
      #expect(throws: ModelFileError.file(.cannotRead(path: folder, reason: "it is not a regular file"))) {
        try SafetensorsFile(reading: folder)
      }
      let pipe = folder + "/pipe"
      unsafe mkfifo(pipe, 0o600)
      #expect(throws: ModelFileError.file(.cannotRead(path: pipe, reason: "it is not a regular file"))) {
        try SafetensorsFile(reading: pipe)
      }
    }
  }

  @Test(.enabled(if: geteuid() != 0, "root may read anything"))
  func fileWithoutPermissionIsNamed() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/secret"
      try FileDraft.write([1], to: path)
      unsafe chmod(path, 0)
      #expect(throws: ModelFileError.file(.noPermission(path: path))) { try SafetensorsFile(reading: path) }
    }
  }

  @Test func emptyFileIsTruncated() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/empty"
      try FileDraft.write([], to: path)
      #expect(throws: ModelFileError.truncated(reason: "0 bytes cannot hold the length of a header")) {
        try SafetensorsFile(reading: path)
      }
    }
  }
}
