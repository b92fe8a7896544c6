/// What the caller of the graph wants to put in and get out.
public struct ExportOptions: Sendable, Hashable {
  /// Of the numbers that go in and come out; within the graph they are double, in the networks of `mlp` float.
  public enum Precision: String, Sendable, Hashable, CaseIterable {
    /// float32, which most runtimes expect.
    case single
    /// float64: the engine's own numbers.
    case double
  }

  /// Columns of a matrix that has more than the model's features, or has them in another order.
  public struct MatrixColumns: Sendable, Hashable {
    public let count: Int
    /// Of each feature of the model.
    public let places: [Int]

    public init(count: Int, places: [Int]) {
      self.count = count
      self.places = places
    }
  }

  public var precision = Precision.single
  /// Nil for a matrix of the model's features in their order, or, where some are categories, an input a feature.
  public var matrix: MatrixColumns?
  /// Of the program that writes the file.
  public var programVersion = ""

  public init() {}
}
