import Learners
import Linalg
import TestSupport
import Testing

struct BinningTests {
  private static func bins(_ values: [Double], weights: [Double]? = nil, maxBins: Int) -> FeatureBins {
    FeatureBins(column: 0, sortedValues: values, weights: weights, maxBins: maxBins)
  }

  @Test func distinctValuesThatFitHaveBinsOfTheirOwn() {
    let values = [-3.0, -3, -1, 0, 0, 2.5, 7]
    let bins = Self.bins(values, maxBins: 5)
    let edges = [(-3.0, -1.0), (-1, 0), (0, 2.5), (2.5, 7)].map { UnitFree.threshold(between: $0, and: $1) }
    #expect(bins.cuts == .numeric(edges: edges))
    #expect(zip(edges, [-2, -0.5, 1.25, 4.75]).allSatisfy { $0 > $1 && $0 < $1 + 1e-8 })
    #expect(values.map(bins.bin) == [0, 0, 1, 2, 2, 3, 4])
    #expect(bins.bin(of: .nan) == bins.missingBin && bins.missingBin == 5)
  }

  @Test(arguments: [2, 10, 255])
  func manyValuesAreSharedOutEvenly(maxBins: Int) {
    var random = RandomStream(seed: 1, purpose: RandomPurpose("test.binning"))
    let values = (0..<5000).map { _ in random.normal() }.sorted()
    let bins = Self.bins(values, maxBins: maxBins)
    var counts = [Int](repeating: 0, count: bins.count)
    for value in values { counts[bins.bin(of: value)] += 1 }
    let even = 5000.0 / Double(maxBins)
    #expect(bins.count == maxBins)
    #expect(counts.allSatisfy { Double($0) > even - 2 && Double($0) < even + 2 })
  }

  @Test func aHeavyValueHasABinOfItsOwn() {
    let values = (0..<1000).map { Double(max(0, $0 - 700)) }  // 701 zeros, then 1 ... 299
    let bins = Self.bins(values, maxBins: 10)
    #expect(bins.bin(of: 0) == 0 && bins.bin(of: 1) == 1)
    #expect(bins.count == 10)
  }

  @Test func aWeightIsSoManyCopies() {
    let values = (0..<40).map { Double($0) }
    let weights = values.map { 1 + ($0 * 7).truncatingRemainder(dividingBy: 5) }
    let copies = zip(values, weights).flatMap { Array(repeating: $0, count: Int($1)) }
    #expect(Self.bins(values, weights: weights, maxBins: 8) == Self.bins(copies, maxBins: 8))
  }

  @Test func rareLevelsShareABin() {
    let masses = (0..<300).map { $0 == 7 ? 0 : Double($0 % 50 + 1) }
    let bins = FeatureBins(column: 0, levelMasses: masses, maxBins: 255)
    #expect(bins.count == 255)
    #expect(bins.bin(of: 7) == bins.missingBin)
    #expect(bins.bin(of: 0) == 254 && bins.bin(of: 50) == 254)  // the lightest
    #expect(Set((0..<300).map { bins.bin(of: Double($0)) }).count == 256)
    #expect(FeatureBins(column: 0, levelMasses: [0, 2, 1], maxBins: 255).count == 2)
  }

  @Test func bothOrdersHoldTheBinsOfTheRows() throws {
    var random = RandomStream(seed: 2, purpose: RandomPurpose("test.binning"))
    let x = Matrix<Double>(rows: 500, columns: 4) { _, column in
      switch column {
      case 0: random.normal()
      case 1: random.uniform() < 0.3 ? .nan : Double(random.uniform(below: 3))
      case 2: 5  // constant: cannot split
      default: random.uniform() < 0.1 ? .nan : Double(random.uniform(below: 300))
      }
    }
    let kinds: [FeatureKind] = [.numeric, .numeric, .numeric, .categorical(levels: 400)]
    let training = try TrainingSet(x: x, y: x.column(0), kinds: kinds)
    let used = (0..<500).filter { $0 % 3 != 0 }.map { UInt32($0) }
    let binning = Binning(learningFrom: training, rows: used, maxBins: 64, seed: 0)
    let rows = BinnedRows(training, rows: used, binning: binning)
    #expect(binning.features.map(\.column) == [0, 1, 3])
    for (place, feature) in binning.features.enumerated() {
      let expected = used.map { UInt8(feature.place(ofBin: feature.bin(of: x[Int($0), feature.column])).code) }
      #expect(used.indices.map { rows.code(row: $0, column: place).columnMajor } == expected)
      #expect(used.indices.map { rows.code(row: $0, column: place).rowMajor } == expected)
    }
  }

  @Test func manyLevelsTakeSeveralColumns() throws {
    let x = Matrix<Double>(rows: 1201, columns: 2) { row, column in
      row == 1200 ? .nan : column == 0 ? Double(row % 600) : Double(row % 2)
    }
    let training = try TrainingSet(
      x: x, y: (0..<1201).map { Double($0) }, kinds: [.categorical(levels: 600), .numeric])
    let used = (0..<1201).map { UInt32($0) }
    let binning = Binning(learningFrom: training, rows: used, maxBins: 255, seed: 0)
    let rows = BinnedRows(training, rows: used, binning: binning)
    #expect(binning.columns(of: 0) == 0..<3 && binning.columns(of: 1) == 3..<4)
    for row in [0, 254, 255, 599, 600, 1200] {
      let bin = row == 1200 ? 600 : row % 600
      let place = binning.features[0].place(ofBin: bin)
      for column in 0..<3 {
        let expected = UInt8(column == place.column ? place.code : FeatureBins.elsewhere)
        #expect(rows.code(row: row, column: column) == (expected, expected))
      }
    }
    let coarse = Binning(learningFrom: training, rows: used, maxBins: 64, seed: 0)
    #expect(coarse.features[0].count == 64 && coarse.columnCount == 2)
  }
}
