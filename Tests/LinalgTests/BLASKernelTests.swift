import Linalg
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite struct BLASKernelTests {
  static let avx512 = ["avx", "avx2", "fma", "avx512f", "avx512dq", "avx512bw", "avx512vl"]

  @Test(arguments: [
    ("Haswell", avx512, true), ("Zen", avx512, true), ("Prescott", avx512, true), ("ZEN", avx512, true),
    ("SkylakeX", avx512, false), ("Cooperlake", avx512, false), ("SapphireRapids", avx512, false),
    ("SomethingNew", avx512, false), ("", avx512, false),
    ("Haswell", ["avx", "avx2", "fma"], false), ("Prescott", [], false),
    ("Haswell", ["avx512f", "avx512dq", "avx512bw"], false), ("Haswell", ["avx512f"], false),
  ])
  func switchesOnlyFromWeakerKernelsToInstructionsThatExist(name: String, sets: [String], expected: Bool) {
    #expect(BLASKernel.shouldSwitch(from: name, instructionSets: sets) == expected)
  }

  @Test func prepareUsesWhatTheProcessorHas() {
    BLASKernel.prepare()
    #expect(BLASKernel.threads == 1)
    #expect(BLASKernel.configuration.contains("OpenBLAS"))
    if !userHasChosen {
      #expect(!BLASKernel.shouldSwitch(from: BLASKernel.name, instructionSets: Processor.instructionSets))
    }
  }

  /// Whoever uses Linalg without calling `prepare` gets the same bits: OpenBLAS never runs on threads of its own.
  @Test(arguments: 0..<13)
  func everyEntryPointPrepares(_ entryPoint: Int) async {
    await #expect(processExitsWith: .success) { [entryPoint] in
      let square = Matrix<Double>.identity(2)
      var (vector, matrix) = ([1.0, 2], square)
      switch entryPoint {
      case 0: BLAS.gemv(square, [1, 2], into: &vector)
      case 1: BLAS.symv(square, [1, 2], into: &vector)
      case 2: BLAS.ger([1, 2], [1, 2], into: &matrix)
      case 3: _ = BLAS.dot(vector, vector)
      case 4: BLAS.axpy(1, [1, 2], into: &vector)
      case 5: BLAS.gemm(square, square, into: &matrix)
      case 6: BLAS.syrk(square, into: &matrix)
      case 7: BLAS.trsm(.lower, square, solving: &matrix)
      case 8: _ = try Cholesky(factoring: square)
      case 9: _ = try SymmetricEigen(decomposing: square)
      case 10: _ = try QR(factoring: square)
      case 11: BLAS.syrkLower(square, into: &matrix)
      default: _ = try SVD(decomposing: square)
      }
      #expect(BLASKernel.threads == 1)
    }
  }

  @Test(.enabled(if: canSwitch, "needs AVX-512 and an OpenBLAS with gotoblas_dynamic_init"))
  func switchesKernelsUnlessTheUserHasChosen() async {
    await #expect(processExitsWith: .success) {
      setUsersChoice(nil)
      #expect(BLASKernel.switchKernels(to: "Haswell"))
      #expect(BLASKernel.name == "Haswell")
      BLASKernel.prepare()
      #expect(BLASKernel.name == "SkylakeX")
      #expect(!userHasChosen, "child processes choose for themselves")
    }
    await #expect(processExitsWith: .success) {
      #expect(BLASKernel.switchKernels(to: "Haswell"))
      setUsersChoice("Haswell")
      BLASKernel.prepare()
      #expect(BLASKernel.name == "Haswell")
    }
  }

  @Test(.enabled(if: canSwitch, "needs AVX-512 and an OpenBLAS with gotoblas_dynamic_init"))
  func kernelsAgree() async {
    await #expect(processExitsWith: .success) {
      BLASKernel.prepare()
      let (a, b): (Matrix<Double>, Matrix<Double>) = (randomMatrix(300, 200), randomMatrix(200, 250))
      let products = ["SkylakeX", "Haswell", "Sandybridge", "SkylakeX"].map { name in
        #expect(BLASKernel.switchKernels(to: name))
        #expect(BLASKernel.name == name)
        return a.times(b)
      }
      // Sums of 200 products below 1, in another order or with fused multiplication: 200 ε = 4e-14 is the scale.
      #expect(products.allSatisfy { distance($0, products[0]) < 1e-12 })
      #expect(products[3] == products[0])
      #expect(products[2] != products[0], "the kernels are different ones")
    }
  }

  private static var canSwitch: Bool {
    Set(avx512).isSubset(of: Processor.instructionSets) && BLASKernel.canSwitch
  }
}

private var userHasChosen: Bool { unsafe getenv("OPENBLAS_CORETYPE") != nil }

private func setUsersChoice(_ name: String?) {
  if let name { unsafe setenv("OPENBLAS_CORETYPE", name, 1) } else { unsafe unsetenv("OPENBLAS_CORETYPE") }
}
