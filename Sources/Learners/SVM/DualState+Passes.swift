/// Where optimality is violated most.
internal struct Extremes {
  /// argmax up, meaningless where `up` is -∞.
  var riser = 0
  var up = -Double.infinity
  var down = Double.infinity

  /// max up - min down: β is optimal to this much.
  var violation: Double { up - down }
}

extension DualState {
  /// The extremes of g as it is.
  func extremes() -> Extremes {
    let zeros = Scratch<Float>(count: width, repeating: 0)
    return unsafe advance(zeros.pointer, zeros.pointer, step: 0)
  }

  /// Variables that the passes look at before they compare the largest with what they have: where it is in such a block
  /// is found at the end, so that no position has to be carried along.
  private static var block: Int { 64 }

  /// g += step (rowI - rowJ) for kernel rows of `width` elements; finds the extremes of the new g on the way.
  func advance(_ rowI: UnsafePointer<Float>, _ rowJ: UnsafePointer<Float>, step: Double) -> Extremes {
    typealias Lanes = SIMD8<Double>
    let (g, ups, downs) = unsafe (gradient.pointer, upOffset.pointer, downOffset.pointer)
    var extremes = Extremes()
    var lowest = Lanes(repeating: .infinity)
    for start in stride(from: 0, to: width, by: Self.block) {
      var highest = Lanes(repeating: -.infinity)
      for first in stride(from: start, to: min(width, start + Self.block), by: Self.lanes) {
        let change = unsafe Lanes(load8(rowI + first) - load8(rowJ + first)) * step
        let new = unsafe load8(g + first) + change
        unsafe store(new, at: g + first)
        let up = unsafe load8(ups + first) - new
        let down = unsafe load8(downs + first) - new
        unsafe store(SIMD8<Float>(down), at: roundedDown.pointer + first)
        highest.replace(with: up, where: up .> highest)
        lowest.replace(with: down, where: down .< lowest)
      }
      let up = largestLane(highest)
      if up > extremes.up { (extremes.up, extremes.riser) = (up, start) }
    }
    while extremes.riser + 1 < count && up(extremes.riser) != extremes.up { extremes.riser += 1 }
    extremes.down = -largestLane(-lowest)
    return extremes
  }

  /// The partner j of i = `riser` that promises the largest decrease, (up i - down j)² / (Kii + Kjj - 2 Kij), among those
  /// with down j < up i. Single precision decides which; where it sees none the lowest down is taken.
  func partner(of extremes: Extremes, row: UnsafePointer<Float>) -> Int {
    let (up, own) = (Float(extremes.up), diagonal[extremes.riser])
    var (best, place) = (Float(0), -1)
    for start in stride(from: 0, to: width, by: Self.block) {
      var largest = SIMD8<Float>()
      for first in stride(from: start, to: min(width, start + Self.block), by: Self.lanes) {
        let gain = unsafe gains(at: first, up: up, own: own, row: row)
        largest.replace(with: gain, where: gain .> largest)
      }
      let gain = largestLane(largest)
      if gain > best { (best, place) = (gain, start) }
    }
    guard place >= 0 else { return lowestDown() }
    for first in stride(from: place, to: width, by: Self.lanes) {
      let gain = unsafe gains(at: first, up: up, own: own, row: row)
      for lane in 0..<Self.lanes where gain[lane] == best { return first + lane }
    }
    return lowestDown()
  }

  @inline(__always)
  private func gains(at first: Int, up: Float, own: Float, row: UnsafePointer<Float>) -> SIMD8<Float> {
    typealias Lanes = SIMD8<Float>
    let floor = Lanes(repeating: Float(Self.smallestCurvature))
    var slope = unsafe up - load8(roundedDown.pointer + first)
    slope = Lanes().replacing(with: slope, where: slope .> Lanes())
    let curvature = unsafe load8(diagonal.pointer + first) + own - load8(row + first) * 2
    return slope * slope / floor.replacing(with: curvature, where: curvature .> floor)
  }

  private func lowestDown() -> Int {
    var lowest = 0
    for variable in 1..<max(1, count) where down(variable) < down(lowest) { lowest = variable }
    return lowest
  }

  /// Smallest curvature of a step: a kernel with roundings is not quite positive definite.
  static let smallestCurvature = 1e-12

  /// β[i] += step and β[j] -= step for the best step, which is returned.
  ///
  /// It is the exact minimum of the piecewise quadratic: it goes on through β = 0, where the slope grows by 2 epsilon.
  func move(_ i: Int, _ j: Int, curvature: Double) -> Double {
    var (slope, total) = (up(i) - down(j), 0.0)
    var (rising, falling) = (beta[i], beta[j])
    while slope > 0 {
      let roomI = rising < 0 ? -rising : bound[i] - rising
      let roomJ = falling > 0 ? falling : falling + bound[j]
      let step = min(slope / curvature, roomI, roomJ)
      let (endsI, endsJ) = (step >= roomI, step >= roomJ)
      rising = endsI ? (rising < 0 ? 0 : bound[i]) : rising + step
      falling = endsJ ? (falling > 0 ? 0 : -bound[j]) : falling - step
      total += step
      guard endsI || endsJ, rising < bound[i], falling > -bound[j] else { break }
      slope -= curvature * step + (endsI ? 2 * epsilon : 0) + (endsJ ? 2 * epsilon : 0)
    }
    set(i, to: rising)
    set(j, to: falling)
    return total
  }
}

@inline(__always)
private func load8(_ pointer: UnsafeMutablePointer<Double>) -> SIMD8<Double> {
  unsafe UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Double>.self)
}

@inline(__always)
private func store(_ values: SIMD8<Double>, at pointer: UnsafeMutablePointer<Double>) {
  unsafe UnsafeMutableRawPointer(pointer).storeBytes(of: values, as: SIMD8<Double>.self)
}

/// The largest of eight numbers, by halves.
@inline(__always)
private func largestLane<Number: SIMDScalar & FloatingPoint>(_ values: SIMD8<Number>) -> Number {
  let (low, high) = (values.lowHalf, values.highHalf)
  let first = max(max(low[0], low[1]), max(low[2], low[3]))
  return max(first, max(max(high[0], high[1]), max(high[2], high[3])))
}
