internal import CBLAS
internal import Glibc

/// Which kernels of OpenBLAS run, and the choice of better ones.
///
/// OpenBLAS picks its kernels by a list of CPU models. On AMD CPUs with AVX-512, up to at least 0.3.31, it picks AVX2
/// kernels of about half the speed; on a CPU newer than itself it may fall back to those of 2004 ("Prescott").
/// It reads `OPENBLAS_CORETYPE` when it fills its kernel table; emptying and filling the table again with the variable
/// set switches the kernels inside a running process.
public enum BLASKernel {
  /// The kernel set in use, in OpenBLAS's words, such as "SkylakeX".
  public static var name: String { unsafe String(cString: openblas_get_corename()) }

  /// OpenBLAS's version and build options, with the kernel set that it picked first.
  public static var configuration: String { unsafe String(cString: openblas_get_config()) }

  /// Threads that OpenBLAS itself uses: 1 once it is prepared.
  public static var threads: Int { Int(openblas_get_num_threads()) }

  /// Puts OpenBLAS on one thread (`Parallel` does the rest) and on its AVX-512 kernels where the CPU has the
  /// instructions and the library picked weaker ones. Does so once; later calls do nothing.
  ///
  /// Every product and factorisation of this module calls it, so that results never depend on who did. A program
  /// should still call it first thing, before it has other threads: the switch sets an environment variable for a
  /// moment, which another thread must not read just then. A value of `OPENBLAS_CORETYPE` that the user has set is
  /// honoured, and a library without the two entry points is left alone.
  public static func prepare() { prepared }

  private static let prepared: Void = {
    let picked = name
    if unsafe getenv(variable) == nil, shouldSwitch(from: picked, instructionSets: Processor.instructionSets) {
      let switched = switchKernels(to: "SkylakeX")
      // A library that was built without these kernels falls back to its oldest.
      if switched && name != "SkylakeX" { _ = switchKernels(to: picked) }
    }
    openblas_set_num_threads(1)
  }()

  private static let variable = "OPENBLAS_CORETYPE"

  /// True where the CPU has AVX-512 and kernels without it were picked. A name that is not known is left alone.
  package static func shouldSwitch(from name: String, instructionSets: [String]) -> Bool {
    let needed: Set<String> = ["avx512f", "avx512dq", "avx512bw", "avx512vl"]
    let weaker: Set<String> = [
      "prescott", "core2", "penryn", "dunnington", "nehalem", "sandybridge", "haswell",
      "barcelona", "bobcat", "bulldozer", "piledriver", "steamroller", "excavator", "zen",
    ]
    return needed.isSubset(of: instructionSets) && weaker.contains(name.lowercased())
  }

  /// Makes OpenBLAS fill its kernel table for another CPU, which must not happen while it computes.
  /// - Returns: whether the library has the entry points for it.
  package static func switchKernels(to name: String) -> Bool {
    guard let table = tableEntryPoints else { return false }
    unsafe setenv(variable, name, 1)
    table.empty()
    table.fill()
    unsafe unsetenv(variable)
    return true
  }

  package static var canSwitch: Bool { tableEntryPoints != nil }

  private typealias EntryPoint = @convention(c) () -> Void

  private static var tableEntryPoints: (empty: EntryPoint, fill: EntryPoint)? {
    guard let empty = openblas_table_quit(), let fill = openblas_table_init() else { return nil }
    return (empty, fill)
  }
}
