internal import CMalloc

/// How this process gives memory back to the system.
public enum HeapMemory {
  /// Keeps up to 32 MB that were freed for what comes next, in pieces of up to 8 MB; each of several threads may keep as much.
  ///
  /// By itself the C library hands matrices of some megabytes back as soon as they are free, and the system clears the pages
  /// of the next one anew: a third of the time in which ridge is fitted and chosen on 10,000 rows. For programs that compute
  /// and end: what lives on gets larger by it, a server by 75 MB.
  public static func keepFreedPieces() {
    _ = mallopt(M_MMAP_THRESHOLD, 8 << 20)
    _ = mallopt(M_TRIM_THRESHOLD, 32 << 20)
  }
}
