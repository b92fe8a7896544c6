internal import Glibc

/// What the kernel tells about the CPU.
public enum Processor {
  /// The CPU's name.
  public static let name = firstValue(of: "model name", in: "/proc/cpuinfo") ?? "unknown"

  /// The instruction sets that matter for BLAS, in the words of /proc/cpuinfo.
  public static let instructionSets: [String] = {
    let present = Set((firstValue(of: "flags", in: "/proc/cpuinfo") ?? "").split(separator: " ").map(String.init))
    return ["avx", "avx2", "fma", "avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512_bf16"].filter(present.contains)
  }()

  /// Cores that this process may run on: `taskset` and container CPU sets are honoured.
  public static let availableCores: Int = {
    let mask = firstValue(of: "Cpus_allowed", in: "/proc/self/status") ?? ""
    let allowed = mask.reduce(0) { $0 + ($1.hexDigitValue ?? 0).nonzeroBitCount }
    return allowed > 0 ? allowed : max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }()

  /// The value of the first line "KEY : value" of a file below /proc.
  private static func firstValue(of key: String, in path: String) -> String? {
    guard let file = unsafe fopen(path, "r") else { return nil }
    defer { unsafe fclose(file) }
    var line = [CChar](repeating: 0, count: 16_384)
    while unsafe fgets(&line, Int32(line.count), file) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      guard let colon = text.firstIndex(of: ":"),
        text[..<colon].split(whereSeparator: \.isWhitespace).joined(separator: " ") == key
      else { continue }
      return String(text[text.index(after: colon)...].drop(while: \.isWhitespace).prefix { $0 != "\n" })
    }
    return nil
  }
}
