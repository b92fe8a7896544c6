/// Sequential minimal optimisation on a few variables whose kernel matrix is in the cache: two coefficients a step.
///
/// Minimises ½ βᵀKβ - yᵀβ + epsilon Σ|β| over Σβ = const, |βᵢ| ≤ boundᵢ, where β = alpha - alpha*: both multipliers of a
/// row share one variable and one row of K. With g = Kβ - y, β may go up with slope g + epsilon (g - epsilon where
/// β < 0) and down with slope g - epsilon (g + epsilon where β > 0). Stored is what must be added to -g to get minus that
/// slope, ∓∞ where β is at its bound, so that the passes over memory have no branch:
/// up = upOffset - g, down = downOffset - g. A point is optimal when max up - min down ≤ tolerance: LIBSVM's rule.
///
/// A step takes i = argmax up and the j that promises the largest decrease (up i - down j)² / (Kii + Kjj - 2 Kij) among
/// up i > down j: Fan, Chen & Lin, JMLR 6, 2005, "Working set selection using second order information". The step is the
/// exact minimum of the piecewise quadratic: it goes on through β = 0, where the slope grows by 2 epsilon.
/// Two passes a step: the update of g finds the next i, the second one over row i finds j. No allocation.
internal struct PairSolver: ~Copyable {
  let capacity: Int
  private let stride: Int
  private let matrix: ScratchBuffer<Float>
  private let gradient: ScratchBuffer<Double>
  private let upOffset: ScratchBuffer<Double>
  private let downOffset: ScratchBuffer<Double>
  private let diagonal: ScratchBuffer<Double>
  private let bound: ScratchBuffer<Double>
  private let beta: ScratchBuffer<Double>

  /// Smallest curvature of a step: a kernel with roundings is not quite positive definite.
  private static let smallestCurvature = 1e-12
  private static let lanes = 4

  init(capacity: Int) {
    self.capacity = capacity
    stride = (capacity + Self.lanes - 1) / Self.lanes * Self.lanes
    matrix = ScratchBuffer(count: stride * capacity, repeating: 0)
    gradient = ScratchBuffer(count: stride, repeating: 0)
    upOffset = ScratchBuffer(count: stride, repeating: -.infinity)
    downOffset = ScratchBuffer(count: stride, repeating: .infinity)
    diagonal = ScratchBuffer(count: stride, repeating: 1)
    bound = ScratchBuffer(count: stride, repeating: 0)
    beta = ScratchBuffer(count: stride, repeating: 0)
  }

  /// Takes over the variables of `set`, rows of which `rows` has loaded, from the state of all variables.
  mutating func load(_ set: [Int], rows: borrowing KernelRows, from state: borrowing DualState) {
    precondition(set.count <= capacity, "PairSolver: \(set.count) variables, room for \(capacity)")
    for (index, variable) in set.enumerated() {
      let source = unsafe rows.row(variable)
      let destination = unsafe matrix.pointer + index * stride
      for (column, other) in set.enumerated() { unsafe destination[column] = source[other] }
      gradient[index] = state.gradient[variable]
      beta[index] = state.beta[variable]
      bound[index] = state.bound[variable]
      diagonal[index] = state.diagonal[variable]
      upOffset[index] = state.upOffset[variable]
      downOffset[index] = state.downOffset[variable]
    }
    for index in set.count..<stride {
      upOffset[index] = -.infinity
      downOffset[index] = .infinity
    }
  }

  func coefficient(_ index: Int) -> Double { beta[index] }

  /// Steps until max up - min down ≤ tolerance, at most `limit` of them. Returns how many.
  mutating func solve(count: Int, epsilon: Double, tolerance: Double, limit: Int) -> Int {
    let width = (count + Self.lanes - 1) / Self.lanes * Self.lanes
    var best = unsafe updateAndSelect(width: width, matrix.pointer, matrix.pointer, step: 0)
    for iteration in 0..<limit {
      guard best.up - best.lowestDown > tolerance else { return iteration }
      let i = best.index
      let rowI = unsafe UnsafePointer(matrix.pointer + i * stride)
      guard let j = unsafe selectPartner(of: i, up: best.up, row: rowI, width: width) else { return iteration }
      let rowJ = unsafe UnsafePointer(matrix.pointer + j * stride)
      let curvature = unsafe max(diagonal[i] + diagonal[j] - 2 * Double(rowI[j]), Self.smallestCurvature)
      let step = move(i, j, slope: best.up - (downOffset[j] - gradient[j]), curvature: curvature, epsilon: epsilon)
      best = unsafe updateAndSelect(width: width, rowI, rowJ, step: step)
    }
    return limit
  }

  /// β[i] += step and β[j] -= step for the best step; returns it.
  private func move(_ i: Int, _ j: Int, slope: Double, curvature: Double, epsilon: Double) -> Double {
    var (slope, total) = (slope, 0.0)
    while slope > 0 {
      let (roomI, roomJ) = (beta[i] < 0 ? -beta[i] : bound[i] - beta[i], beta[j] > 0 ? beta[j] : beta[j] + bound[j])
      let step = min(slope / curvature, roomI, roomJ)
      beta[i] = step < roomI ? beta[i] + step : (beta[i] < 0 ? 0 : bound[i])
      beta[j] = step < roomJ ? beta[j] - step : (beta[j] > 0 ? 0 : -bound[j])
      total += step
      if step < min(roomI, roomJ) || beta[i] == bound[i] || beta[j] == -bound[j] { break }
      slope -= curvature * step + (step < roomI ? 0 : 2 * epsilon) + (step < roomJ ? 0 : 2 * epsilon)
    }
    for index in [i, j] {
      let offsets = DualState.offsets(beta: beta[index], bound: bound[index], epsilon: epsilon)
      (upOffset[index], downOffset[index]) = (offsets.up, offsets.down)
    }
    return total
  }

  /// g += step (rowI - rowJ), and where up is largest and how low down is.
  private func updateAndSelect(
    width: Int, _ rowI: UnsafePointer<Float>, _ rowJ: UnsafePointer<Float>, step: Double
  ) -> (index: Int, up: Double, lowestDown: Double) {
    typealias Lanes = SIMD4<Double>
    let (g, ups, downs) = unsafe (gradient.pointer, upOffset.pointer, downOffset.pointer)
    var highest = Lanes(repeating: -.infinity)
    var highestAt = Lanes()
    var lowest = Lanes(repeating: .infinity)
    var position = Lanes(0, 1, 2, 3)
    for first in Swift.stride(from: 0, to: width, by: 4) {
      let difference = unsafe load4(rowI + first) - load4(rowJ + first)
      let new = unsafe load4(g + first) + Lanes(difference) * step
      unsafe store(new, at: g + first)
      let up = unsafe load4(ups + first) - new
      let down = unsafe load4(downs + first) - new
      let higher = up .> highest
      highest.replace(with: up, where: higher)
      highestAt.replace(with: position, where: higher)
      lowest.replace(with: down, where: down .< lowest)
      position += 4
    }
    var winner = 0
    for lane in 1..<4 where highest[lane] > highest[winner] { winner = lane }
    return (Int(highestAt[winner]), highest[winner], lowest.min())
  }

  /// The j with the largest (up i - down j)² / curvature among those below up i.
  private func selectPartner(of i: Int, up: Double, row: UnsafePointer<Float>, width: Int) -> Int? {
    typealias Lanes = SIMD4<Double>
    let (g, downs, diagonals) = unsafe (gradient.pointer, downOffset.pointer, diagonal.pointer)
    let own = diagonal[i]
    let floor = Lanes(repeating: Self.smallestCurvature)
    var best = Lanes()
    var bestAt = Lanes(repeating: -1)
    var position = Lanes(0, 1, 2, 3)
    for first in Swift.stride(from: 0, to: width, by: 4) {
      let slope = unsafe load4(g + first) - load4(downs + first) + up
      var curvature = unsafe load4(diagonals + first) + own - Lanes(load4(row + first)) * 2
      curvature.replace(with: floor, where: curvature .< floor)
      let positive = slope.replacing(with: 0, where: slope .<= 0)
      let gain = positive * positive / curvature
      let better = gain .> best
      best.replace(with: gain, where: better)
      bestAt.replace(with: position, where: better)
      position += 4
    }
    var winner = 0
    for lane in 1..<4 where best[lane] > best[winner] { winner = lane }
    return bestAt[winner] < 0 ? nil : Int(bestAt[winner])
  }
}

@inline(__always)
private func load4(_ pointer: UnsafePointer<Float>) -> SIMD4<Float> {
  unsafe UnsafeRawPointer(pointer).loadUnaligned(as: SIMD4<Float>.self)
}

@inline(__always)
private func load4(_ pointer: UnsafeMutablePointer<Double>) -> SIMD4<Double> {
  unsafe UnsafeRawPointer(pointer).loadUnaligned(as: SIMD4<Double>.self)
}

@inline(__always)
private func store(_ values: SIMD4<Double>, at pointer: UnsafeMutablePointer<Double>) {
  unsafe UnsafeMutableRawPointer(pointer).storeBytes(of: values, as: SIMD4<Double>.self)
}
