internal import CKernels

/// The thresholds of an ensemble as small numbers.
///
/// A row's code in a column is the number of the column's thresholds that are below its element; x ≤ the k-th of them,
/// counted from 0, just where the code is at most k. So a comparison of codes is that of the numbers themselves. A column
/// has up to 255 thresholds of one feature, so that codes are bytes; a feature with more has several columns. A missing
/// element is the lowest code where it goes left and the highest where it goes right: where both occur there are two
/// columns.
internal struct ThresholdCodes {
  /// Where a numeric split looks and what codes go right: those above.
  struct Place: BitwiseCopyable {
    var column: UInt32 = 0
    var code: UInt8 = 0
  }

  private static let mostThresholds = 255

  private(set) var columns: [KernelsCodeColumn] = []
  /// `KERNELS_COLUMN_EDGES` a column.
  private(set) var edges: [Double] = []
  /// One a node; what stands at leaves and categorical splits means nothing.
  private(set) var places: [Place]

  /// The thresholds that are being collected, and the columns for missing elements that go right and left.
  private var thresholds: [Double] = []
  private var open: [Int?] = [nil, nil]

  /// O(n log n) for n splits.
  init(coding nodes: [TreeNode]) {
    places = Array(repeating: Place(), count: nodes.count)
    var feature: Int?
    for index in Self.sortedSplits(of: nodes) {
      let node = nodes[index]
      if feature != node.feature { close() }
      feature = node.feature
      if thresholds.last != node.threshold {
        if thresholds.count == Self.mostThresholds { close() }
        thresholds.append(node.threshold)
      }
      places[index] = Place(column: UInt32(column(for: node)), code: UInt8(thresholds.count - 1))
    }
    close()
  }

  /// The numeric splits by feature and threshold.
  private static func sortedSplits(of nodes: [TreeNode]) -> [Int] {
    let splits = nodes.indices.filter { !nodes[$0].isLeaf && !nodes[$0].isCategorical }
    return splits.sorted {
      let (left, right) = (nodes[$0], nodes[$1])
      return left.feature == right.feature ? left.threshold < right.threshold : left.feature < right.feature
    }
  }

  private mutating func column(for node: TreeNode) -> Int {
    let direction = node.missingGoesLeft ? 1 : 0
    if let column = open[direction] { return column }
    let missing = node.missingGoesLeft ? 0 : UInt32(Self.mostThresholds)
    columns.append(KernelsCodeColumn(feature: UInt32(node.feature), missing: missing))
    edges.append(contentsOf: repeatElement(.infinity, count: Int(KERNELS_COLUMN_EDGES)))
    open[direction] = columns.count - 1
    return columns.count - 1
  }

  private mutating func close() {
    for column in open.compactMap({ $0 }) {
      let start = column * Int(KERNELS_COLUMN_EDGES)
      edges.replaceSubrange(start..<start + thresholds.count, with: thresholds)
    }
    thresholds.removeAll(keepingCapacity: true)
    open = [nil, nil]
  }

  /// Every sixteenth edge.
  var pivots: [Double] { stride(from: 15, to: edges.count, by: 16).map { edges[$0] } }
}
