// In a model file an encoder is one flat object: {"form": "numeric", "median": 3, …}.
extension FeatureEncoder: Codable {
  private enum Form: String, Codable { case native, numeric, oneHot }
  private enum Key: CodingKey { case form }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .native(let value):
      try container.encode(Form.native, forKey: .form)
      try value.encode(to: encoder)
    case .numeric(let value):
      try container.encode(Form.numeric, forKey: .form)
      try value.encode(to: encoder)
    case .oneHot(let value):
      try container.encode(Form.oneHot, forKey: .form)
      try value.encode(to: encoder)
    }
  }

  public init(from decoder: any Decoder) throws {
    switch try decoder.container(keyedBy: Key.self).decode(Form.self, forKey: .form) {
    case .native: self = .native(try NativeEncoder(from: decoder))
    case .numeric: self = .numeric(try NumericEncoder(from: decoder))
    case .oneHot: self = .oneHot(try OneHotEncoder(from: decoder))
    }
  }
}
