import Linalg
import Testing

@Suite struct LinalgErrorTests {
  @Test func descriptionsHoldTheNumbers() {
    #expect(LinalgError.notPositiveDefinite(minor: 3).description.contains("order 3"))
    #expect(LinalgError.rankDeficient(rank: 2, columns: 5).description.contains("rank 2 but 5 columns"))
    #expect(LinalgError.notConverged(routine: "svd").description == "svd did not converge")
    #expect(LinalgError.nonFinite(row: 4, column: 1).description.contains("(4, 1)"))
  }
}
