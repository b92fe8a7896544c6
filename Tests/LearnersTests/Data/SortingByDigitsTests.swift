import Learners
import Linalg
import Testing

@Suite struct SortingByDigitsTests {
  @Test func sortingByDigitsSorts() {
    var random = RandomStream(seed: 3, purpose: RandomPurpose("test.sorting"))
    let numbers =
      (0..<1000).map { _ in random.normal() * 1e5 } + [
        0, Double.leastNonzeroMagnitude, -Double.greatestFiniteMagnitude,
      ]
    #expect(sortedByDigits(numbers) == numbers.sorted())
    #expect(sortedByDigits([2, 1]) == [1, 2])
    #expect(sortedByDigits(Array(repeating: 4, count: 100)) == Array(repeating: 4, count: 100))
  }
}
