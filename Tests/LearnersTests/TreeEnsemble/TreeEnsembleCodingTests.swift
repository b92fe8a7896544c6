import Learners
import Linalg
import Testing

@Suite struct TreeEnsembleCodingTests {
  static let kinds: [FeatureKind] = [.numeric, .categorical(levels: 100), .numeric]

  @Test func comesBackEqual() throws {
    let ensemble = RandomTrees.ensemble(trees: 12, kinds: Self.kinds, depth: 7, seed: 1)
    #expect(try TreeEnsemble(decoding: Self.store(ensemble), prefix: "t", featureCount: 3) == ensemble)
    let empty = TreeEnsemble()
    #expect(try TreeEnsemble(decoding: Self.store(empty), prefix: "t", featureCount: 3) == empty)
  }

  @Test func refusesTooFewFeatures() {
    let ensemble = RandomTrees.ensemble(trees: 12, kinds: Self.kinds, depth: 7, seed: 1)
    #expect(throws: ModelFileError.self) {
      try TreeEnsemble(decoding: Self.store(ensemble), prefix: "t", featureCount: 2)
    }
  }

  /// A split of feature 1 over leaves 1 and 2, then a lone leaf; each case damages one tensor.
  @Test(arguments: [
    Damage(starts: [1, 4]), Damage(starts: [0, 3]), Damage(starts: [0, 3, 3, 4]), Damage(starts: [0, 4, 3, 4]),
    Damage(starts: [0, 4]), Damage(starts: []), Damage(starts: [0, 3, .max]), Damage(starts: [0, 1, 4]),
    Damage(payload: [.nan, 1, 2, 3]), Damage(payload: [0, .infinity, 2, 3]), Damage(payload: [0, 1, 2]),
    Damage(right: [0, 0, 0, 0]), Damage(right: [1, 0, 0, 0]), Damage(right: [3, 0, 0, 0]), Damage(right: [2, 1, 0, 0]),
    Damage(right: [2, 0, 0, 1]), Damage(right: [-2, 0, 0, 0]), Damage(right: [2, 0, 2, 0]),
    Damage(right: [.max, 0, 0, 0]),
    Damage(feature: [2, 0, 0, 0]), Damage(feature: [-1, 0, 0, 0]), Damage(feature: [1, 1, 0, 0]),
    Damage(feature: [1 << 30, 0, 0, 0]), Damage(flags: [4, 0, 0, 0]), Damage(flags: [2, 1, 0, 0]),
    Damage(payload: [Double(bitPattern: 2), 1, 2, 3], flags: [1, 0, 0, 0]),
    Damage(payload: [Double(bitPattern: 1 << 32 | 1), 1, 2, 3], flags: [1, 0, 0, 0]),
    Damage(payload: [Double(bitPattern: .max), 1, 2, 3], flags: [1, 0, 0, 0]),
    Damage(covers: [1, 0, 2]), Damage(covers: [1, -1, 2]), Damage(covers: [1, 2]), Damage(covers: [1, .nan, 2]),
    Damage(covers: [1, .infinity, 2]), Damage(covers: [1, 2, 3, 4]),
  ])
  func refusesDamage(_ damage: Damage) throws {
    _ = try TreeEnsemble(decoding: Damage().store, prefix: "t", featureCount: 2)
    #expect(throws: ModelFileError.self) {
      try TreeEnsemble(decoding: damage.store, prefix: "t", featureCount: 2)
    }
  }

  /// Any single change of any index either throws or leaves trees that can be walked to the end.
  @Test func neverLoopsAfterARandomChange() throws {
    let ensemble = RandomTrees.ensemble(trees: 2, kinds: Self.kinds, depth: 4, seed: 5)
    let x = RandomTrees.rows(9, kinds: Self.kinds, seed: 6)
    var random = RandomStream(seed: 7, purpose: RandomPurpose("test.damage"))
    let intact = Self.store(ensemble)
    var refused = 0
    for _ in 0..<2000 {
      var store = TensorStore()
      let victim = ["t.right", "t.feature", "t.flags", "t.starts"][random.uniform(below: 4)]
      for (name, tensor) in intact.tensors {
        store.set(name, shape: tensor.shape, name == victim ? tensor.elements.changed(by: &random) : tensor.elements)
      }
      do {
        let changed = try TreeEnsemble(decoding: store, prefix: "t", featureCount: 3)
        var sums = [Double](repeating: 0, count: 9)
        changed.addPredictions(of: x, trees: 0..<changed.treeCount, into: &sums)
        #expect(sums.allSatisfy { $0.isFinite })
        #expect(changed.contributions(of: x).values.elements.allSatisfy { $0.isFinite })
      } catch { refused += 1 }
    }
    #expect(refused > 500)
  }

  static func store(_ ensemble: TreeEnsemble) -> TensorStore {
    var store = TensorStore()
    ensemble.encode(into: &store, prefix: "t")
    return store
  }

  struct Damage: Sendable {
    var starts: [UInt64] = [0, 3, 4]
    var payload: [Double] = [0.5, 1, 2, 3]
    var right: [Int32] = [2, 0, 0, 0]
    var feature: [Int32] = [1, 0, 0, 0]
    var flags: [UInt8] = [2, 0, 0, 0]
    var covers: [Float] = [3, 1, 4]

    var store: TensorStore {
      var store = TensorStore()
      store.set("t.starts", shape: [starts.count], .uint64(starts))
      store.set("t.payload", shape: [payload.count], .float64(payload))
      store.set("t.right", shape: [right.count], .int32(right))
      store.set("t.feature", shape: [feature.count], .int32(feature))
      store.set("t.flags", shape: [flags.count], .uint8(flags))
      store.set("t.levelSets", shape: [1], .uint64([5]))
      store.set("t.leafCovers", shape: [covers.count], .float32(covers))
      return store
    }
  }
}

extension TensorStore.Elements {
  fileprivate func changed(by random: inout RandomStream) -> TensorStore.Elements {
    let index = random.uniform(below: count)
    let value = random.uniform(below: 12)
    switch self {
    case .int32(var elements):
      elements[index] = Int32(value)
      return .int32(elements)
    case .uint8(var elements):
      elements[index] = UInt8(value)
      return .uint8(elements)
    case .uint64(var elements):
      elements[index] = UInt64(value)
      return .uint64(elements)
    case .float64, .float32: return self
    }
  }
}
