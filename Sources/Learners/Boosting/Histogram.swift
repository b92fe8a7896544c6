internal import Linalg

/// Where each feature's bins lie in a histogram of all features: bin b of feature f is entry `offsets[f] + b`, an entry
/// being one or two words. The last bin of a feature is for missing values.
internal struct HistogramLayout: Sendable {
  let offsets: [Int]
  /// Entries of all features.
  let entries: Int
  let width: Int

  init(_ binning: Binning, width: Int) {
    var offsets: [Int] = []
    var entries = 0
    for feature in binning.features {
      offsets.append(entries)
      entries += feature.count + 1
    }
    self.offsets = offsets
    self.entries = entries
    self.width = width
  }

  var words: Int { entries * width }
}

/// Builds histograms: for each feature and bin the sum of the words of the rows in it.
///
/// Integers, so that a row needs one addition a feature, and blocks of rows may be summed by different threads.
/// Cost: rows x features x 0.5 ns, twice that with second derivatives.
internal struct HistogramBuilder: Sendable {
  private let kernel: HistogramKernel
  private let layout: HistogramLayout
  /// A histogram for each block of rows.
  private var blocks: [UInt64] = []

  private static let mostBlocks = 4
  /// Nanoseconds of work that are worth a block.
  private static let blockCost = 100_000.0

  init(_ rows: BinnedRows, layout: HistogramLayout) {
    kernel = HistogramKernel(rows: rows, layout: layout)
    self.layout = layout
  }

  /// Overwrites slot `slot` of `pool` with the sums over the rows `list[range]`, for the given features.
  mutating func build(
    _ list: [UInt32], _ range: Range<Int>, features: [Int], words: [UInt64], into pool: inout [UInt64], slot: Int
  ) {
    let cost = Double(range.count) * (4 + 0.5 * Double(features.count * layout.width))
    let count = Parallel.threads > 1 ? min(Self.mostBlocks, Int(cost / Self.blockCost)) : 1
    let size = layout.words
    guard count > 1 else {
      return unsafe pool.withUnsafeMutableBufferPointer { pool in
        let histogram = unsafe UnsafeMutableBufferPointer(rebasing: pool[slot * size..<(slot + 1) * size])
        unsafe kernel.add(list, range, features: features, words: words, to: histogram)
      }
    }
    sumBlocks(count, of: list, range, features: features, words: words)
    unsafe pool.withUnsafeMutableBufferPointer { pool in
      unsafe blocks.withUnsafeBufferPointer { blocks in
        for word in 0..<size {
          var sum: UInt64 = 0
          for block in 0..<count { unsafe sum &+= blocks[block &* size &+ word] }
          unsafe pool[slot &* size &+ word] = sum
        }
      }
    }
  }

  private mutating func sumBlocks(
    _ count: Int, of list: [UInt32], _ range: Range<Int>, features: [Int], words: [UInt64]
  ) {
    let (kernel, size) = (kernel, layout.words)
    if blocks.count != count * size { blocks = Array(repeating: 0, count: count * size) }
    Parallel.fill(&blocks, stride: size, cost: Self.blockCost) { places, part in
      unsafe part.withUnsafeMutableBufferPointer { part in
        for (index, block) in places.enumerated() {
          let start = range.lowerBound + block * range.count / count
          let end = range.lowerBound + (block + 1) * range.count / count
          let histogram = unsafe UnsafeMutableBufferPointer(rebasing: part[index * size..<(index + 1) * size])
          unsafe kernel.add(list, start..<end, features: features, words: words, to: histogram)
        }
      }
    }
  }

  /// Subtracts slot `other` from slot `slot`: the larger child is what remains of its parent.
  func subtract(_ other: Int, from slot: Int, in pool: inout [UInt64]) {
    let size = layout.words
    precondition(other != slot && max(other, slot) * size + size <= pool.count, "HistogramBuilder: no such slot")
    unsafe pool.withUnsafeMutableBufferPointer { buffer in
      for word in 0..<size { unsafe buffer[slot &* size &+ word] &-= buffer[other &* size &+ word] }
    }
  }
}

/// The innermost loops.
private struct HistogramKernel: Sendable {
  let rows: BinnedRows
  let layout: HistogramLayout

  /// Overwrites `histogram` with the sums over the rows `list[range]`; features that are not given stay 0.
  func add(
    _ list: [UInt32], _ range: Range<Int>, features: [Int], words: [UInt64],
    to histogram: UnsafeMutableBufferPointer<UInt64>
  ) {
    unsafe histogram.update(repeating: 0)
    guard let target = histogram.baseAddress else { return }
    let offsets = features.map { layout.offsets[$0] * layout.width }
    let stride = layout.offsets.count
    unsafe list.withUnsafeBufferPointer { list in
      unsafe words.withUnsafeBufferPointer { words in
        unsafe rows.rowMajor.withUnsafeBufferPointer { bins in
          unsafe features.withUnsafeBufferPointer { features in
            unsafe offsets.withUnsafeBufferPointer { offsets in
              let selected = unsafe UnsafeBufferPointer(rebasing: list[range])
              if layout.width == 1 {
                unsafe addSingles(selected, words, bins, stride, features, offsets, target)
              } else {
                unsafe addPairs(selected, words, bins, stride, features, offsets, target)
              }
            }
          }
        }
      }
    }
  }

  @inline(__always)
  private func addSingles(
    _ list: UnsafeBufferPointer<UInt32>, _ words: UnsafeBufferPointer<UInt64>, _ bins: UnsafeBufferPointer<UInt8>,
    _ stride: Int, _ features: UnsafeBufferPointer<Int>, _ offsets: UnsafeBufferPointer<Int>,
    _ histogram: UnsafeMutablePointer<UInt64>
  ) {
    for index in 0..<list.count {
      let row = unsafe Int(list[index])
      let word = unsafe words[row]
      let start = row &* stride
      for place in 0..<features.count {
        let entry = unsafe offsets[place] &+ Int(bins[start &+ features[place]])
        unsafe histogram[entry] &+= word
      }
    }
  }

  @inline(__always)
  private func addPairs(
    _ list: UnsafeBufferPointer<UInt32>, _ words: UnsafeBufferPointer<UInt64>, _ bins: UnsafeBufferPointer<UInt8>,
    _ stride: Int, _ features: UnsafeBufferPointer<Int>, _ offsets: UnsafeBufferPointer<Int>,
    _ histogram: UnsafeMutablePointer<UInt64>
  ) {
    for index in 0..<list.count {
      let row = unsafe Int(list[index])
      let first = unsafe words[2 &* row]
      let second = unsafe words[2 &* row &+ 1]
      let start = row &* stride
      for place in 0..<features.count {
        let entry = unsafe offsets[place] &+ 2 &* Int(bins[start &+ features[place]])
        unsafe histogram[entry] &+= first
        unsafe histogram[entry &+ 1] &+= second
      }
    }
  }
}
