internal import CKernels
internal import Linalg

/// The dual with all but some variables held fixed, whose part of the kernel matrix stays in the cache.
///
/// With v = -g - shift, g the gradient of the smooth part, a variable may go up with the gain up = v ∓ epsilon and down
/// with the cost down = v ± epsilon, ∓∞ where it is at its bound; β is optimal when max up ≤ min down. The shift, about
/// the intercept, keeps those numbers small that decide, so that single precision tells them apart; the caller computes
/// the gradient anew, in double precision, from the coefficients that come out.
///
/// Arrays are padded to whole panels by variables that can move neither way.
internal struct BlockProblem: ~Copyable {
  /// Rows of the training set, ascending or not, that the kernel values belong to.
  private(set) var rows: [Int] = []
  private(set) var points: KernelPoints?
  private var width = 0
  private let kernelValues: Scratch<Float>
  private let up: Scratch<Float>
  private let down: Scratch<Float>
  private let diagonal: Scratch<Float>
  private let beta: Scratch<Double>
  private let bound: Scratch<Double>
  private var epsilon = 0.0

  /// - Parameter capacity: most variables.
  init(capacity: Int) {
    let width = wholePanels(capacity)
    kernelValues = Scratch(count: width * width)
    up = Scratch(count: width)
    down = Scratch(count: width)
    diagonal = Scratch(count: width)
    beta = Scratch(count: width)
    bound = Scratch(count: width)
  }

  var count: Int { rows.count }

  /// Computes the kernel values of these rows unless they are at hand. - Parameter all: the points of all rows.
  mutating func load(_ rows: [Int], of all: KernelPoints, kernel: Kernel) {
    guard rows != self.rows else { return }
    self.rows = rows
    width = wholePanels(rows.count)
    let points = rows.count == all.count ? all : all.gathering(rows)
    self.points = points
    let (target, stride) = unsafe (SharedPointer(kernelValues.pointer), width)
    let parts = (rows.count + KernelTile.rows - 1) / KernelTile.rows
    let cost = Double(KernelTile.rows * rows.count) * KernelTile.nanoseconds(features: points.features)
    Parallel.forEach(parts, cost: cost) { range in
      var tile = KernelTile()
      for part in range {
        let block = part * KernelTile.rows..<min(points.count, (part + 1) * KernelTile.rows)
        for first in Swift.stride(from: 0, to: points.count, by: KernelTile.columns) {
          let columns = first..<min(points.count, first + KernelTile.columns)
          unsafe tile.evaluate(
            kernel, points, block, points, columns, into: target.pointer + block.lowerBound * stride + first,
            stride: stride)
        }
      }
    }
    for index in 0..<width { diagonal[index] = index < rows.count ? kernelValues[index * width + index] : 1 }
  }

  /// Takes over the variables as they are; `beta`, `gradient` and `bounds` are those of all rows.
  mutating func begin(beta: [Double], gradient: [Double], bounds: [Double], epsilon: Double, shift: Double) {
    self.epsilon = epsilon
    for (index, row) in rows.enumerated() {
      self.beta[index] = beta[row]
      bound[index] = bounds[row]
      set(index, value: -gradient[row] - shift)
    }
    for index in rows.count..<width { (up[index], down[index]) = (-.infinity, .infinity) }
  }

  /// Takes the most violating variable and the partner that promises the largest decrease, and makes the best move of the
  /// two, until optimality is violated by no more than `tolerance` or `limit` steps are made. Returns their number.
  func solve(tolerance: Double, limit: Int) -> Int {
    let kernel = unsafe UnsafePointer(kernelValues.pointer)
    var extremes = unsafe kernels_advance(up.pointer, down.pointer, kernel, kernel, 0, width)
    var steps = 0
    while steps < limit && Double(extremes.up) - Double(extremes.down) > tolerance {
      let i = extremes.riser
      let rowI = unsafe kernel + i * width
      let j = unsafe kernels_partner(
        down.pointer, diagonal.pointer, rowI, extremes.up, diagonal[i], Self.smallestCurvature, width)
      guard j < count else { break }
      let rowJ = unsafe kernel + j * width
      let curvature = unsafe Double(diagonal[i]) + Double(diagonal[j]) - 2 * Double(rowI[j])
      let step = move(i, j, curvature: max(curvature, Double(Self.smallestCurvature)))
      extremes = unsafe kernels_advance(up.pointer, down.pointer, rowI, rowJ, Float(step), width)
      steps += 1
    }
    return steps
  }

  /// Coefficient of the variable at `index`.
  func coefficient(_ index: Int) -> Double { beta[index] }

  /// sums += Σ coefficientᵢ k(rowᵢ, ·) at the rows of the block.
  func add(_ coefficients: [Double], to sums: inout [Double]) {
    precondition(coefficients.count == count && sums.count == width, "BlockProblem: sums of another size")
    let (kernel, width) = unsafe (SharedPointer(kernelValues.pointer), width)
    Parallel.fill(&sums, stride: pointsInPanel, cost: Double(count * pointsInPanel) * 0.3) { panels, part in
      unsafe part.withUnsafeMutableBufferPointer { sums in
        unsafe coefficients.withUnsafeBufferPointer { coefficients in
          unsafe kernels_add_rows(
            kernel.pointer + panels.lowerBound * pointsInPanel, width, coefficients.baseAddress!, coefficients.count,
            sums.baseAddress!, sums.count)
        }
      }
    }
  }

  /// Smallest curvature of a step: a kernel with roundings is not quite positive definite.
  private static let smallestCurvature: Float = 1e-12

  private func set(_ index: Int, value: Double) {
    let (beta, bound) = (beta[index], bound[index])
    up[index] = beta < bound ? Float(value - (beta < 0 ? -epsilon : epsilon)) : -.infinity
    down[index] = beta > -bound ? Float(value + (beta > 0 ? -epsilon : epsilon)) : .infinity
  }

  /// β[i] += step and β[j] -= step for the best step, which is returned.
  ///
  /// It is the exact minimum of the piecewise quadratic: it goes on through β = 0, where the slope grows by 2 epsilon.
  private func move(_ i: Int, _ j: Int, curvature: Double) -> Double {
    var (slope, total) = (Double(up[i]) - Double(down[j]), 0.0)
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
    replace(i, by: rising)
    replace(j, by: falling)
    return total
  }

  private func replace(_ index: Int, by new: Double) {
    let old = beta[index]
    let value =
      old < bound[index]
      ? Double(up[index]) + (old < 0 ? -epsilon : epsilon) : Double(down[index]) - (old > 0 ? -epsilon : epsilon)
    beta[index] = new
    set(index, value: value)
  }
}

/// A pointer to memory of which each thread writes its own part.
@safe internal struct SharedPointer<Element>: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<Element>
  @unsafe init(_ pointer: UnsafeMutablePointer<Element>) { unsafe self.pointer = pointer }
}
