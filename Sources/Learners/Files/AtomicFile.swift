/// Writing a file as a whole or not at all.
public enum AtomicFile {
  /// Writes `bytes` to a temporary file beside `path`, makes sure that they are on the disk, and gives it the name
  /// `path`, in the place of what had that name. After an error the old file is as it was, and no other remains.
  ///
  /// A link is followed, an existing file keeps its permissions. A device or a pipe is written to as it is.
  public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    let draft = try FileDraft(of: path)
    try draft.append(bytes[...])
    try draft.finish()
  }
}
