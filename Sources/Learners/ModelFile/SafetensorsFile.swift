/// Named tensors and texts in one file of the safetensors format, which any language can read and which holds no code.
///
/// The file: 8 bytes with the header's length (little-endian), the header (a JSON object, padded with spaces to a
/// multiple of 8), then the numbers of the tensors, little-endian and row-major, without gaps. The header gives each
/// tensor's `dtype`, `shape` and `data_offsets` (counted from the end of the header), and under `__metadata__` the texts.
///
/// The same content always gives the same bytes. Wide elements come first, so that every tensor is aligned to its
/// elements; names are in order of their UTF-8 bytes. What is written carries its SHA-256 in the metadata.
/// Format: https://github.com/huggingface/safetensors (README, "Format").
public struct SafetensorsFile: Sendable, Equatable {
  public let tensors: TensorStore
  /// Without the checksum, which is the file's own.
  public let metadata: [String: String]

  /// Traps where a tensor is called `__metadata__` or a text `sha256`: these names are the file's own.
  public init(tensors: TensorStore, metadata: [String: String]) {
    precondition(tensors.tensors[SafetensorsHeader.metadataKey] == nil, "SafetensorsFile: a tensor called __metadata__")
    precondition(metadata[Self.checksumKey] == nil, "SafetensorsFile: metadata called \(Self.checksumKey)")
    self.tensors = tensors
    self.metadata = metadata
  }

  /// Reads and checks a whole file: lengths, header, element types, shapes, that the tensors fill the file without
  /// holes or overlaps, and the checksum if there is one. Values are for the readers of the tensors to check.
  /// - Throws: `.file` where it cannot be read, else what `init(decoding:requiringChecksum:)` throws.
  public init(reading path: String, requiringChecksum: Bool = false) throws(ModelFileError) {
    self = try MappedFile.withBytes(of: path) { bytes throws(ModelFileError) in
      try SafetensorsFile(decoding: bytes, requiringChecksum: requiringChecksum)
    }
  }

  /// Takes no more memory than a small multiple of the header and of the tensors that are there, whatever the bytes say.
  /// - Parameter requiringChecksum: whether a file without one, as other programs write it, is an error.
  /// - Throws: `.truncated`, `.malformedHeader`, `.checksumMismatch`, `.invalidMetadata` where the checksum is missing.
  public init(decoding bytes: RawSpan, requiringChecksum: Bool = false) throws(ModelFileError) {
    let header = try SafetensorsHeader(decoding: bytes)
    var tensors = TensorStore()
    for entry in header.entries {
      let data = bytes.extracting(header.dataStart + entry.start..<header.dataStart + entry.end)
      tensors.set(entry.name, shape: entry.shape, entry.type.decode(data))
    }
    var metadata = header.metadata
    let checksum = metadata.removeValue(forKey: Self.checksumKey)
    self.init(tensors: tensors, metadata: metadata)
    if let checksum {
      guard checksum == self.checksum else { throw .checksumMismatch }
    } else if requiringChecksum {
      throw .invalidMetadata(key: Self.checksumKey, reason: "is missing")
    }
  }

  public init(decoding bytes: [UInt8], requiringChecksum: Bool = false) throws(ModelFileError) {
    unsafe try self.init(decoding: bytes.span.bytes, requiringChecksum: requiringChecksum)
  }

  /// Writes the file as a whole or not at all.
  public func write(to path: String) throws(FileError) {
    try FileDraft.write(encoded(), to: path)
  }

  /// The file's bytes, its checksum included.
  public func encoded() -> [UInt8] {
    let (entries, data) = Self.encode(tensors)
    var metadata = metadata
    metadata[Self.checksumKey] = checksum(entries, data)
    return SafetensorsHeader.encode(entries: entries, metadata: metadata) + data
  }

  private var checksum: String {
    let (entries, data) = Self.encode(tensors)
    return checksum(entries, data)
  }

  /// SHA-256 of what the file would be without it: it covers every name, shape, text and number, and does not depend
  /// on the order in which another program writes them.
  private func checksum(_ entries: [SafetensorsHeader.Entry], _ data: [UInt8]) -> String {
    ContentHash.sha256(ofParts: [SafetensorsHeader.encode(entries: entries, metadata: metadata), data])
  }

  internal static let checksumKey = "sha256"

  /// The tensors' bytes one after the other, and where each is.
  private static func encode(_ store: TensorStore) -> (entries: [SafetensorsHeader.Entry], data: [UInt8]) {
    let tensors = store.tensors
      .map { (name: $0.key, tensor: $0.value, type: ElementType(of: $0.value.elements)) }
      .sorted { ($1.type.width, $0.name.utf8Bytes) < ($0.type.width, $1.name.utf8Bytes) }
    var offset = 0
    let entries = tensors.map { name, tensor, type in
      defer { offset += tensor.elements.count * type.width }
      return SafetensorsHeader.Entry(
        name: name, type: type, shape: tensor.shape, start: offset, end: offset + tensor.elements.count * type.width)
    }
    var data: [UInt8] = []
    data.reserveCapacity(offset)
    for tensor in tensors { ElementType.append(tensor.tensor.elements, to: &data) }
    return (entries, data)
  }
}

extension String {
  /// For comparing: the order of strings themselves is that of another Unicode normalisation.
  internal var utf8Bytes: UTF8Order { UTF8Order(bytes: Array(utf8)) }
}

internal struct UTF8Order: Comparable {
  let bytes: [UInt8]
  static func < (left: UTF8Order, right: UTF8Order) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }
}
