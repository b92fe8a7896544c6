internal import CKernels
internal import Linalg
internal import Testing

/// The loops of boosting in CKernels beside their plain twins.
struct BoostingKernelsTests {
  private static let countBits: Int64 = 16
  private static let bins = 255

  private static func random(_ index: UInt64) -> RandomStream {
    RandomStream(seed: 7, purpose: RandomPurpose("test.boosting.kernels"), index: index)
  }

  /// A node of rows with integer derivatives, each in a bin.
  private struct Node {
    var gradients = [Int](repeating: 0, count: bins)
    var hessians = [Int](repeating: 0, count: bins)
    var counts = [Int](repeating: 0, count: bins)

    init(rows: Int, bins used: Int) {
      var random = BoostingKernelsTests.random(UInt64(rows * 1000 + used))
      for _ in 0..<rows {
        let bin = random.uniform(below: used) * (bins / used)
        gradients[bin] += random.uniform(below: 2_000_001) - 1_000_000
        hessians[bin] += 1 + random.uniform(below: 1000)
        counts[bin] += 1
      }
    }

    /// As the kernels take it.
    func words(width: Int) -> [UInt64] {
      var words = [UInt64](repeating: 0, count: (bins / 8 + 1) * 8 * width)
      for bin in 0..<bins {
        let entry = kernels_place_of_bin(bin, bins) * width
        words[entry] = UInt64(bitPattern: Int64(gradients[bin]) << countBits) &+ UInt64(counts[bin])
        if width == 2 { words[entry + 1] = UInt64(hessians[bin]) }
      }
      return words
    }

    /// Every cut tried, its score from its definition.
    func bestCut(width: Int, least: Int, l2: Double) -> (score: Double, bin: Int) {
      let masses = width == 1 ? counts : hessians
      let (total, all, rows) = (gradients.reduce(0, +), masses.reduce(0, +), counts.reduce(0, +))
      let both = Double(all) + 2 * l2
      var (gradient, mass, count) = (0, 0, 0)
      var best = (score: 0.0, bin: 0)
      for bin in 0..<bins {
        gradient += gradients[bin]
        mass += masses[bin]
        count += counts[bin]
        guard count >= least, rows - count >= least else { continue }
        let a = Double(mass) + l2
        let u = Double(gradient) - Double(total) * a / both
        let score = u * u / (a * (both - a))
        if score > best.score * (1 + 1e-12) { best = (score, bin) }
      }
      return best
    }
  }

  @Test(arguments: [2, 7, 45, 300, 3000], [1, 20])
  func theBestCutIsThatOfAllCuts(rows: Int, least: Int) {
    for width in [1, 2] {
      for used in [1, 5, 63, 255] {
        let node = Node(rows: rows, bins: used)
        let masses = width == 1 ? node.counts : node.hessians
        let hessian = Double(masses.reduce(0, +))
        let l2 = 3.0
        var shared = KernelsNode(
          mean: Double(node.gradients.reduce(0, +)) / (hessian + 2 * l2), both: hessian + 2 * l2, l2: l2,
          rows: Int64(rows), least_rows: Int64(least), hessian: hessian, least_hessian: 0, count_bits: Self.countBits)
        let found = unsafe kernels_best_cut(node.words(width: width), Self.bins, width, &shared)
        let expected = node.bestCut(width: width, least: least, l2: l2)
        // The two round a sum of some integers below 2^53 a few times each.
        #expect(abs(found.score - expected.score) <= 1e-9 * expected.score, "width \(width), \(used) bins")
        #expect(found.last == expected.bin, "width \(width), \(used) bins")
      }
    }
  }

  /// Rows with a bin in each of five features, of which the odd ones have missing values.
  private struct Leaf {
    static let spacing = 256
    let gradients: [Int]
    let hessians: [Int]
    let binCounts = [255, 200, 5, 1, 37]
    let codes: [[Int]]
    /// No more than are needed: missing values that were counted twice would not fit.
    let countBits: Int64

    init(rows: Int) {
      var random = BoostingKernelsTests.random(UInt64(rows))
      countBits = Int64(Int.bitWidth - rows.leadingZeroBitCount)
      gradients = (0..<rows).map { _ in random.uniform(below: 2_000_001) - 1_000_000 }
      hessians = (0..<rows).map { _ in 1 + random.uniform(below: 1000) }
      codes = binCounts.enumerated().map { feature, bins in
        (0..<rows).map { _ in
          feature % 2 == 1 && random.uniform(below: 4) == 0 ? bins : random.uniform(below: bins)
        }
      }
    }

    func words(_ row: Int, width: Int) -> [UInt64] {
      let first = UInt64(bitPattern: Int64(gradients[row]) << countBits) &+ 1
      return width == 1 ? [first] : [first, UInt64(hessians[row])]
    }

    func histogram(width: Int) -> [UInt64] {
      var histogram = [UInt64](repeating: 0, count: (codes.count * Self.spacing + 8) * width)
      for (feature, codes) in codes.enumerated() {
        for (row, code) in codes.enumerated() {
          let place = kernels_place_of_bin(code, binCounts[feature])
          for (word, value) in words(row, width: width).enumerated() {
            histogram[(feature * Self.spacing + place) * width + word] &+= value
          }
        }
      }
      return histogram
    }

    func node(width: Int, least: Int, l2: Double) -> KernelsNode {
      let hessian = Double(width == 1 ? gradients.count : hessians.reduce(0, +))
      return KernelsNode(
        mean: Double(gradients.reduce(0, +)) / (hessian + 2 * l2), both: hessian + 2 * l2, l2: l2,
        rows: Int64(gradients.count), least_rows: Int64(least), hessian: hessian, least_hessian: 0,
        count_bits: countBits)
    }

    /// Every cut tried on the rows themselves.
    func bestFeature(_ range: Range<Int>, width: Int, least: Int, l2: Double) -> KernelsFeatureCut {
      var best = KernelsFeatureCut()
      let (all, node) = (gradients.indices, node(width: width, least: least, l2: l2))
      for feature in range {
        let (bins, codes) = (binCounts[feature], codes[feature])
        let hasMissing = codes.contains(bins)
        for missing in hasMissing ? [0, 1] : [-1] {
          for last in 0..<bins {
            let left = all.filter { codes[$0] <= last || (missing == 1 && codes[$0] == bins) }
            guard left.count >= least, all.count - left.count >= least else { continue }
            let a = l2 + Double(left.reduce(0) { $0 + (width == 1 ? 1 : hessians[$1]) })
            let u = Double(left.reduce(0) { $0 + gradients[$1] }) - node.mean * a
            let score = u * u / (a * (node.both - a))
            guard score > best.cut.score * (1 + 1e-12) else { continue }
            let sums = left.reduce(into: [0, 0] as [UInt64]) { sums, row in
              for (word, value) in words(row, width: width).enumerated() { sums[word] &+= value }
            }
            let next = codes.filter { $0 > last && $0 < bins }.min() ?? last + 1
            best = KernelsFeatureCut(
              cut: KernelsCut(score: score, last: Int64(last), left: (sums[0], sums[1])), feature: Int64(feature),
              next: Int64(next), missing: Int64(missing))
          }
        }
      }
      return best
    }
  }

  @Test(arguments: [3, 40, 300, 500], [1, 20])
  func theBestFeatureIsThatOfAllFeatures(rows: Int, least: Int) {
    let leaf = Leaf(rows: rows)
    let features = leaf.binCounts.enumerated().map { KernelsFeature(column: UInt32($0), bins: UInt32($1)) }
    for width in [1, 2] {
      let histogram = leaf.histogram(width: width)
      for range in [0..<5, 0..<2, 2..<4, 3..<5] {
        var found = KernelsFeatureCut()
        unsafe histogram.withUnsafeBufferPointer { histogram in
          unsafe [0, 1, 2, 3, 4].withUnsafeBufferPointer { offered in
            var task = unsafe KernelsLeaf(
              histogram: histogram.baseAddress!, node: leaf.node(width: width, least: least, l2: 3),
              offered: offered.baseAddress!, offered_count: offered.count)
            found = unsafe kernels_best_feature(
              &task, features, Leaf.spacing, width, range.lowerBound, range.upperBound)
          }
        }
        let expected = leaf.bestFeature(range, width: width, least: least, l2: 3)
        // The two round a sum of some integers below 2^53 a few times each.
        #expect(abs(found.cut.score - expected.cut.score) <= 1e-9 * expected.cut.score, "width \(width), \(range)")
        guard expected.cut.score > 0 else { continue }
        #expect(found.feature == expected.feature && found.missing == expected.missing, "width \(width), \(range)")
        #expect(found.cut.last == expected.cut.last && found.next == expected.next, "width \(width), \(range)")
        #expect(found.cut.left == expected.cut.left, "width \(width), \(range)")
      }
    }
  }

  /// Lists around the lengths of a block and of what is read ahead.
  @Test(arguments: [1, 23, 24, 25, 1023, 1024, 1025, 1048, 2100])
  func histogramsAreSumsOfWords(listed: Int) {
    let (rows, columns, stride, spacing) = (3000, 7, 9, 16)
    var random = Self.random(UInt64(listed))
    let codes = (0..<rows * stride).map { _ in UInt8(random.uniform(below: spacing)) }
    let list = random.permutation(rows).prefix(listed).map { UInt32($0) }.sorted()
    for width in [1, 2] {
      let words = (0..<rows * width).map { _ in random.next() >> 24 }
      let before = (0..<columns * spacing * width).map { _ in random.next() >> 24 }
      for (chosen, subtracts) in [(nil, 0), (nil, 1), ([1, 2, 5], 0), ([0, 6], 1)] as [([UInt32]?, Int32)] {
        var found = before
        unsafe codes.withUnsafeBufferPointer { codes in
          let bins = unsafe KernelsBins(rows: codes.baseAddress!, stride: stride, columns: columns, spacing: spacing)
          unsafe kernels_histogram_add(
            &found, bins, chosen, chosen?.count ?? 0, list, list.count, words, width, subtracts)
        }
        var expected = before
        for row in list {
          for column in chosen?.map({ Int($0) }) ?? Array(0..<columns) {
            let entry = column * spacing + Int(codes[Int(row) * stride + column])
            for word in 0..<width {
              let value = words[Int(row) * width + word]
              expected[entry * width + word] &+= subtracts == 1 ? 0 &- value : value
            }
          }
        }
        #expect(found == expected, "width \(width), columns \(chosen ?? [])")
      }
    }
  }
}
