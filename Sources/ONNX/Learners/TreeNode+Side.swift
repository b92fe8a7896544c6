internal import Learners

extension TreeNode {
  /// Whether a value goes left at this split. The bit pattern of a categorical split's threshold says where in the ensemble's
  /// `levelSets` the levels are that go left: the first word in the high half, the number of words in the low half.
  internal func goesLeft(_ value: Double, levelSets: [UInt64]) -> Bool {
    guard !value.isNaN else { return missingGoesLeft }
    guard isCategorical else { return value <= threshold }
    let (first, words) = (Int(threshold.bitPattern >> 32), Int(threshold.bitPattern & 0xFFFF_FFFF))
    guard value >= 0 && value < Double(words * 64) else { return missingGoesLeft }
    let level = Int(value)
    return levelSets[first + level / 64] >> UInt64(level % 64) & 1 == 1
  }
}
