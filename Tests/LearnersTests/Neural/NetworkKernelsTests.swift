internal import CKernels
internal import Foundation
internal import Linalg
internal import TestSupport
internal import Testing

/// The loops of CKernels beside their plain twins, at lengths around the width of a vector.
@Suite struct NetworkKernelsTests {
  /// A few units in the last place of Float, for results of order 1.
  static let floatTolerance = 1e-6
  static let shapes = [(1, 1), (3, 5), (7, 16), (16, 17), (33, 64), (40, 50)]

  @Test(arguments: shapes)
  func `relu and its gradient`(rows: Int, columns: Int) {
    let z = Self.numbers(rows * (columns + 1), index: 0)
    var (values, gradients) = (z, Self.numbers(rows * columns, index: 1))
    let before = gradients
    unsafe kernels_relu(&values, columns + 1, rows, columns)
    unsafe kernels_relu_gradient(&gradients, values, columns + 1, rows, columns)
    for row in 0..<rows {
      for column in 0..<columns {
        let number = z[row * (columns + 1) + column]
        #expect(values[row * (columns + 1) + column] == max(number, 0))
        #expect(gradients[row * columns + column] == (number > 0 ? before[row * columns + column] : 0))
      }
      #expect(values[row * (columns + 1) + columns] == z[row * (columns + 1) + columns], "beyond the columns")
    }
  }

  @Test(arguments: [1, 15, 16, 33])
  func `factors are multiplied one by one`(count: Int) {
    let (numbers, factors) = (Self.numbers(count, index: 8), Self.numbers(count, index: 9))
    var products = numbers
    unsafe kernels_multiply(&products, factors, count)
    #expect(products == zip(numbers, factors).map { $0 * $1 })
  }

  @Test func `mish and its slope agree with their definition`() {
    let z = (-4000...4000).map { Float($0) * 0.01 }
    var (values, slopes, valuesAlone) = (z, z, z)
    unsafe kernels_mish(&values, z.count, &slopes, 1, z.count)
    unsafe kernels_mish(&valuesAlone, z.count, nil, 1, z.count)
    #expect(values == valuesAlone)
    // A few units in the last place; in the slope, of the two numbers that are subtracted.
    for index in z.indices {
      let number = Double(z[index])
      let soft: Double = tanh(log1p(exp(number)))
      let sigmoid: Double = 1 / (1 + exp(-number))
      let value: Double = number * soft
      let slope: Double = soft + number * sigmoid * (1 - soft * soft)
      #expect(abs(Double(values[index]) - value) <= 1e-6 * abs(value), "\(number)")
      #expect(abs(Double(slopes[index]) - slope) < 2e-6, "\(number)")
    }
    var extremes: [Float] = [-.infinity, -1e30, 1e30]
    unsafe kernels_mish(&extremes, 3, nil, 1, 3)
    #expect(extremes[1] == 0 && extremes[2] == 1e30)
  }

  @Test(arguments: shapes)
  func `the head's outputs and gradients`(rows: Int, columns: Int) {
    let (inputs, weights) = (Self.numbers(rows * columns, index: 2), Self.numbers(columns, index: 3))
    var outputs = [Float](repeating: 0, count: rows)
    unsafe kernels_head(inputs, columns, weights, &outputs, rows, columns)
    let errors = Self.numbers(rows, index: 4)
    var gradient = Self.numbers(columns, index: 5)
    var deltas = [Float](repeating: 0, count: rows * columns)
    unsafe kernels_head_gradient(errors, inputs, columns, weights, &gradient, &deltas, rows, columns)
    for row in 0..<rows {
      var exact = 0.0
      for column in 0..<columns { exact += Double(inputs[row * columns + column]) * Double(weights[column]) }
      #expect(abs(Double(outputs[row]) - exact) < Self.floatTolerance * Double(columns))
      for column in 0..<columns - 1 { #expect(deltas[row * (columns - 1) + column] == errors[row] * weights[column]) }
    }
    for column in 0..<columns {
      var exact = 0.0
      for row in 0..<rows { exact += Double(errors[row]) * Double(inputs[row * columns + column]) }
      #expect(abs(Double(gradient[column]) - exact) < Self.floatTolerance * Double(rows))
    }
  }

  @Test(arguments: shapes)
  func `a transpose, and rows gathered from a table`(rows: Int, columns: Int) {
    let table = Self.numbers(rows * columns, index: 6)
    var transposed = table
    unsafe kernels_transpose(table, &transposed, rows, columns)
    let selection = (0..<rows).map { ($0 * 7 + 3) % rows }
    var gathered = [Float](repeating: 9, count: rows * (columns + 2))
    unsafe kernels_gather(table, columns, selection, rows, &gathered, columns + 2)
    for row in 0..<rows {
      for column in 0..<columns {
        #expect(transposed[column * rows + row] == table[row * columns + column])
        #expect(gathered[row * (columns + 2) + column] == table[selection[row] * columns + column])
      }
      #expect(gathered[row * (columns + 2) + columns] == 9)
    }
  }

  @Test func `features are squashed to within three`() {
    var z: [Double] = [1e3, -1e6, 1e300, -.greatestFiniteMagnitude]
    for step in -600...600 { z.append(Double(step) / 50) }
    var squashed = [Float](repeating: 0, count: z.count)
    unsafe kernels_squash(z, &squashed, z.count)
    for (index, number) in z.enumerated() {
      let bounded: Double = min(max(number, -1e100), 1e100)
      let exact: Double = bounded / (1 + bounded * bounded / 9).squareRoot()
      #expect(abs(Double(squashed[index]) - exact) < 3 * Self.floatTolerance, "\(number)")
    }
  }

  @Test func `a step of AdamW adds up the gradients, and forgets tiny moments`() {
    let (count, gradientCount) = (37, 3)
    let gradients = Self.numbers(gradientCount * 40, index: 7)
    let sum = (0..<count).map { (index: Int) -> Float in
      let firstTwo: Float = gradients[index] + gradients[40 + index]
      return firstTwo + gradients[80 + index]
    }
    let step = kernels_adamw_step(mean_kept: 0.9, square_kept: 0.99, rate: 0.1, square_correction: 50, kept: 0.5)
    func result(of gradient: [Float], _ number: Int) -> [Float] {
      var (gradient, parameters) = (gradient, [Float](repeating: 1, count: count))
      var (means, squares) = (parameters, parameters)
      unsafe kernels_adamw(step, &parameters, &means, &squares, &gradient, number, 40, count)
      return parameters + means + squares
    }
    #expect(result(of: gradients, gradientCount) == result(of: sum, 1))
    var (parameters, means, squares, gradient) = ([Float(1)], [Float(1e-30)], [Float(1e-30)], [Float(0)])
    unsafe kernels_adamw(step, &parameters, &means, &squares, &gradient, 1, 0, 1)
    #expect(means == [0] && squares == [0] && parameters == [0.5])
  }

  private static func numbers(_ count: Int, index: UInt64) -> [Float] {
    var random = RandomStream(seed: 1, purpose: RandomPurpose("test.kernels"), index: index)
    return (0..<count).map { _ in Float(random.normal()) }
  }
}
