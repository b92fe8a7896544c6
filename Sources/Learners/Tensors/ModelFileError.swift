/// What is wrong with a model file.
public enum ModelFileError: Error, Equatable, Sendable {
  /// The file could not be read at all.
  case file(FileError)
  /// The file ends before what its header promises, or has bytes that no tensor uses.
  case truncated(reason: String)
  case malformedHeader(reason: String)
  /// Something in the file is not what was written.
  case checksumMismatch
  case unsupportedVersion(found: Int, supported: Int)
  case missingTensor(String)
  case wrongType(tensor: String, expected: String)
  case wrongShape(tensor: String, expected: [Int?], found: [Int])
  case invalidValue(tensor: String, index: Int, reason: String)
  case invalidMetadata(key: String, reason: String)
  /// The loaded model does not predict what it predicted when it was saved.
  case goldenRowMismatch(row: Int, expected: Double, found: Double)
}

extension ModelFileError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .truncated(let reason): "the file is cut short or too long: \(reason)"
    case .malformedHeader(let reason): "its header is malformed: \(reason)"
    case .checksumMismatch: "its checksum is wrong: the file has been altered or damaged"
    case .unsupportedVersion(let found, let supported):
      "it has format version \(found), this program reads version \(supported)"
    case .missingTensor(let name): "tensor \(name) is missing"
    case .wrongType(let tensor, let expected): "tensor \(tensor) is not of type \(expected)"
    case .wrongShape(let tensor, let expected, let found):
      "tensor \(tensor) has shape \(found), expected \(expected.map { $0.map(String.init) ?? "any" })"
    case .invalidValue(let tensor, let index, let reason): "element \(index) of tensor \(tensor) \(reason)"
    case .invalidMetadata(let key, let reason): "metadata \(key): \(reason)"
    case .goldenRowMismatch(let row, let expected, let found):
      "golden row \(row) is predicted as \(found), it was \(expected) when the model was saved"
    }
  }
}
