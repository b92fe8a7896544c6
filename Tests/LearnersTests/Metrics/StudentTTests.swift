import Learners
import TestSupport
import Testing

@Suite struct StudentTTests {
  /// SciPy's, by Tests/Fixtures/make-report.py.
  struct Cases: Decodable {
    struct Student: Decodable {
      let freedom: Double
      let t: [Double]
      let below: [Double]
      let shares: [Double]
      let quantiles: [Double]
    }
    let student: [Student]
  }

  /// Both sum some hundred terms, and SciPy promises no more.
  static let tolerance = 1e-11

  @Test func sharesAndQuantilesAreSciPys() throws {
    for known in try fixture("report", as: Cases.self).student {
      let student = StudentT(freedom: known.freedom)
      #expect(largestRelativeError(known.t.map(student.share), known.below) < Self.tolerance, "\(known.freedom)")
      let quantiles = known.shares.map(student.quantile)
      #expect(largestRelativeError(quantiles, known.quantiles, floor: 1e-12) < Self.tolerance, "\(known.freedom)")
    }
  }

  /// With one degree it is Cauchy's: a quarter is below -1, and the quantile of a share is a tangent.
  @Test func oneDegreeIsCauchys() {
    let cauchy = StudentT(freedom: 1)
    #expect(abs(cauchy.share(below: -1) - 0.25) < 1e-15 && abs(cauchy.quantile(0.75) - 1) < 1e-14)
  }

  @Test func endsAreEnds() {
    let student = StudentT(freedom: 4)
    #expect(student.share(below: .infinity) == 1 && student.share(below: -.infinity) == 0)
    #expect(student.share(below: 1e200) == 1 && student.share(below: -1e200) == 0 && student.share(below: .nan).isNaN)
    #expect(student.share(below: 0) == 0.5 && student.quantile(0.5) == 0)
    #expect(student.quantile(0.1) == -student.quantile(0.9))
  }
}
