internal import CBLAS
internal import Glibc

/// Which kernels of OpenBLAS run, and the choice of better ones.
///
/// OpenBLAS up to at least 0.3.31 runs AVX2 kernels on AMD CPUs that have AVX-512, at about half their speed.
/// `OPENBLAS_CORETYPE` is read when the library starts; stopping and starting its kernel table with the variable
/// set switches the kernels inside a running process.
public enum BLASKernel {
  /// The kernel set in use, in OpenBLAS's words, such as "SkylakeX".
  public static var name: String { unsafe String(cString: openblas_get_corename()) }

  /// OpenBLAS's version and build options.
  public static var configuration: String { unsafe String(cString: openblas_get_config()) }

  /// Puts OpenBLAS on one thread (`Parallel` does the rest) and on its AVX-512 kernels where the CPU has the
  /// instructions and the library picked weaker ones.
  ///
  /// Call it first thing in a program, before any other thread exists and before the first BLAS call. A value of
  /// `OPENBLAS_CORETYPE` that the user has set is honoured, and a library without the two entry points is left alone.
  public static func prepare() {
    if unsafe getenv("OPENBLAS_CORETYPE") == nil, shouldSwitch(from: name, instructionSets: Processor.instructionSets) {
      switchKernels(to: "SkylakeX")
    }
    openblas_set_num_threads(1)
  }

  /// True where a weaker kernel than the CPU's AVX-512 was picked.
  internal static func shouldSwitch(from name: String, instructionSets: [String]) -> Bool {
    let needed: Set<String> = ["avx512f", "avx512dq", "avx512bw", "avx512vl"]
    let weaker: Set<String> = ["haswell", "zen", "sandybridge", "nehalem", "prescott", "excavator", "steamroller", "piledriver", "bulldozer"]
    return needed.isSubset(of: instructionSets) && weaker.contains(name.lowercased())
  }

  private static func switchKernels(to name: String) {
    typealias EntryPoint = @convention(c) () -> Void
    guard
      let quit = unsafe dlsym(nil, "gotoblas_dynamic_quit"), let start = unsafe dlsym(nil, "gotoblas_dynamic_init")
    else { return }
    unsafe setenv("OPENBLAS_CORETYPE", name, 1)
    unsafe unsafeBitCast(quit, to: EntryPoint.self)()
    unsafe unsafeBitCast(start, to: EntryPoint.self)()
    unsafe unsetenv("OPENBLAS_CORETYPE")
  }
}
