internal import FoundationEssentials

/// Reads a fixture beside the tests, Tests/Fixtures/NAME.json.
public func fixture<Content: Decodable>(_ name: String, as: Content.Type = Content.self) throws -> Content {
  let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
  let data = try Data(contentsOf: URL(filePath: "/\(tests)/Fixtures/\(name).json"))
  return try JSONDecoder().decode(Content.self, from: data)
}
