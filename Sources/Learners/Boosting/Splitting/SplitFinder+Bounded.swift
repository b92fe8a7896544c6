internal import CKernels

extension NodeNumbers {
  /// −G / (H + λ), in units of the score.
  func newton(l2: Double) -> Double {
    -(gradient / format.gradientScale) / (hessian / format.hessianScale + l2)
  }

  /// What a step v of all rows saves, to second order: −G v − ½ (H + λ) v².
  fileprivate func saved(by step: Double, l2: Double) -> Double {
    -step * (gradient / format.gradientScale + 0.5 * (hessian / format.hessianScale + l2) * step)
  }
}

extension SplitFinder {
  /// The best split where steps are bounded or have to rise or fall along a feature. Gains are those of the bounded steps.
  internal func best(
    _ features: ArraySlice<Int>, _ histogram: UnsafePointer<UInt64>, _ node: NodeNumbers, _ limits: NodeLimits,
    _ constraints: SplitConstraints
  ) -> Split? {
    let kernel = node.kernel(rules, l2: rules.l2)
    var best: Split?
    for feature in features {
      let entries = unsafe histogram + binning.columns(of: feature).lowerBound * binning.spacing * width
      let direction = constraints.directions[feature]
      let found: Split?
      if binning.features[feature].isCategorical {
        found = unsafe bestCategorical(feature, entries, node, limits: limits.isBounded ? limits : nil)
      } else if direction == 0 && !limits.isBounded {
        found = unsafe bestCut(feature, histogram, kernel).flatMap { split($0, node) }
      } else {
        found = unsafe bestBoundedCut(feature, entries, node, limits, direction: direction).flatMap { cut, gain in
          split(cut, gain: gain, node)
        }
      }
      best = Self.better(best, found)
    }
    return best
  }

  private func bestBoundedCut(
    _ feature: Int, _ entries: UnsafePointer<UInt64>, _ node: NodeNumbers, _ limits: NodeLimits, direction: Int
  ) -> (cut: NumericCut, gain: Double)? {
    let count = binning.features[feature].count
    func bin(_ bin: Int) -> WordSum { unsafe entry(entries, FeatureBins.code(ofNumberBin: bin, of: count)) }
    let missing = bin(count)
    let hasMissing = node.format.count(missing) > 0
    var best: (cut: KernelsFeatureCut, gain: Double)?
    for goesLeft in hasMissing ? [false, true] : [false] {
      let start = goesLeft ? missing : WordSum()
      let found = boundedScan(
        count, start: start, node, limits, direction: direction, childL2: rules.l2, sum: bin)
      if let found, found.gain > best?.gain ?? 0 {
        let next = (found.last + 1..<count).first { node.format.count(bin($0)) > 0 } ?? found.last + 1
        let cut = KernelsFeatureCut(
          cut: KernelsCut(
            score: found.gain, last: Int64(found.last), left: (found.leftSum.first, found.leftSum.second)),
          feature: Int64(feature), next: Int64(next), missing: hasMissing ? (goesLeft ? 1 : 0) : -1)
        best = (cut, found.gain)
      }
    }
    return best.flatMap { best in NumericCut(best.cut).map { ($0, best.gain) } }
  }

  /// The cut behind one of `count` sums that saves most with bounded steps; of equal ones the first.
  /// - Parameter childL2: the penalty that both sides pay.
  func boundedScan(
    _ count: Int, start: WordSum, _ node: NodeNumbers, _ limits: NodeLimits, direction: Int, childL2: Double,
    sum sumOfPlace: (Int) -> WordSum
  ) -> (last: Int, leftSum: WordSum, gain: Double)? {
    let own = node.saved(by: limits.clamped(node.newton(l2: rules.l2)), l2: rules.l2)
    let leastHessian = Double(node.sum.second >> 40)
    var best: (last: Int, leftSum: WordSum, gain: Double)?
    var sum = start
    for place in 0..<count {
      let entry = sumOfPlace(place)
      guard node.format.count(entry) > 0 else { continue }
      sum = sum + entry
      let left = NodeNumbers(sum, format: node.format)
      let right = NodeNumbers(node.sum - sum, format: node.format)
      guard left.count >= rules.minSamplesLeaf && right.count >= rules.minSamplesLeaf && right.count > 0 else {
        continue
      }
      guard width == 1 || min(left.hessian, right.hessian) > leastHessian else { continue }
      let (low, high) = (limits.clamped(left.newton(l2: childL2)), limits.clamped(right.newton(l2: childL2)))
      guard direction == 0 || (direction > 0 ? low <= high : low >= high) else { continue }
      let gain = left.saved(by: low, l2: childL2) + right.saved(by: high, l2: childL2) - own
      if gain > best?.gain ?? 0 { best = (place, sum, gain) }
    }
    return best
  }
}
