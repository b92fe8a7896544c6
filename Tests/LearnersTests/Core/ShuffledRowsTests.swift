import Learners
import Linalg
import Testing

@Suite struct ShuffledRowsTests {
  private static let purpose = RandomPurpose("test.shuffled")

  @Test func withoutGroupsItIsAPermutationThatMayBeCutAnywhere() {
    var random = RandomStream(seed: 3, purpose: Self.purpose)
    for groups in [nil, Array(repeating: 4, count: 50)] {
      let rows = ShuffledRows(rows: 50, groups: groups, seed: 3, purpose: Self.purpose)
      #expect(rows.order.sorted() == Array(0..<50))
      #expect(rows.cut(near: 17) == 17 && rows.end(after: 17, atMost: 9) == 26 && rows.end(after: 45, atMost: 9) == 50)
    }
    let expected = random.permutation(50)
    #expect(ShuffledRows(rows: 50, groups: nil, seed: 3, purpose: Self.purpose).order == expected)
  }

  @Test func groupsAreNeighboursAndCutsAreBetweenThem() {
    let groups = (0..<40).map { $0 % 7 == 0 ? 9 : $0 % 4 }
    let rows = ShuffledRows(rows: 40, groups: groups, seed: 1, purpose: Self.purpose)
    let inOrder = rows.order.map { groups[$0] }
    #expect(zip(inOrder, inOrder.dropFirst()).count { $0 != $1 } == 4)
    for place in 0...40 {
      let cut = rows.cut(near: place)
      #expect(cut == 0 || cut == 40 || inOrder[cut] != inOrder[cut - 1])
      guard cut < 40 else { continue }
      let end = rows.end(after: cut, atMost: 12)
      #expect(end > cut && (end == 40 || inOrder[end] != inOrder[end - 1]))
      #expect(end - cut <= 12 || Set(inOrder[cut..<end]).count == 1)
    }
    #expect(rows.cut(near: 0) == 0 && rows.cut(near: 40) == 40)
  }
}
