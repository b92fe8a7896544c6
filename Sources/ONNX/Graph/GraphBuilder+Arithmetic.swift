// Numbers are double within the graph; a constant beside a matrix holds for all of its elements.
extension GraphBuilder {
  mutating func cast(_ value: Value, to element: Tensor.Element) -> Value {
    apply("Cast", [value], [.int("to", element.rawValue)])
  }

  mutating func adding(_ number: Double, to value: Value) -> Value {
    number == 0 ? value : apply("Add", [value, constant(number)])
  }

  mutating func times(_ number: Double, _ value: Value) -> Value {
    number == 1 ? value : apply("Mul", [value, constant(number)])
  }

  mutating func divided(_ value: Value, by number: Double) -> Value {
    number == 1 ? value : apply("Div", [value, constant(number)])
  }

  mutating func clipped(_ value: Value, _ lower: Double, _ upper: Double) -> Value {
    apply("Clip", [value, constant(lower), constant(upper)])
  }

  /// Where it is no number, this one.
  mutating func replacingNaN(in value: Value, by number: Double) -> Value {
    apply("Where", [apply("IsNaN", [value]), constant(number), value])
  }

  /// z / √(1 + (z / 3)²), whose square must not overflow.
  mutating func squashed(_ z: Value) -> Value {
    let third = divided(z, by: 3)
    return apply("Div", [z, apply("Sqrt", [adding(1, to: apply("Mul", [third, third]))])])
  }

  mutating func sum(_ values: [Value]) -> Value {
    values.dropFirst().reduce(values[0]) { apply("Add", [$0, $1]) }
  }

  // MARK: Columns

  /// Side by side.
  mutating func joined(_ values: [Value]) -> Value {
    values.count == 1 ? values[0] : apply("Concat", values, [.int("axis", 1)])
  }

  mutating func columns(_ places: [Int], of value: Value) -> Value {
    apply("Gather", [value, constant(Tensor(places))], [.int("axis", 1)])
  }

  /// The same columns in their order: itself.
  mutating func columns(_ places: [Int], of value: Value, width: Int) -> Value {
    places == Array(0..<width) ? value : columns(places, of: value)
  }

  /// A column of one number, as many rows as `value` has.
  mutating func column(of number: Double, besides value: Value) -> Value {
    let rows = apply("Shape", [value], [.int("start", 0), .int("end", 1)])
    let shape = apply("Concat", [rows, constant(Tensor([1]))], [.int("axis", 0)])
    return apply("ConstantOfShape", [shape], [.tensor("value", Tensor([number]))])
  }
}
