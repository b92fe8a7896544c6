import Glibc
import Learners
import Testing

struct GaussLegendreTests {
  /// A rule of n nodes is exact for degrees below 2 n, and for no higher one.
  @Test(arguments: [1, 2, 3, 5, 8, 9, 16, 33, 64])
  func isExactUpToItsDegree(count: Int) {
    let rule = GaussLegendre(count: count)
    #expect(rule.nodes.allSatisfy { 0 < $0 && $0 < 1 } && rule.nodes == rule.nodes.sorted())
    #expect(Set(rule.nodes).count == count)
    for degree in Set([0, 1, count, 2 * count - 1]) {
      let integral = zip(rule.nodes, rule.weights).reduce(0) { $0 + $1.1 * pow($1.0, Double(degree)) }
      // Sums of so many rounded numbers of size 1.
      #expect(abs(integral - 1 / Double(degree + 1)) < 1e-14)
    }
    guard count <= 5 else { return }
    let beyond = zip(rule.nodes, rule.weights).reduce(0) { $0 + $1.1 * pow($1.0, Double(2 * count)) }
    #expect(abs(beyond - 1 / Double(2 * count + 1)) > 1e-7)
  }
}
