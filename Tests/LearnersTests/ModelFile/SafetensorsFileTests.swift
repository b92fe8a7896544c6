import Learners
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite struct SafetensorsFileTests {
  /// One tensor of each type, with lengths that are no multiples of 8, and texts that need escaping.
  static var sample: SafetensorsFile {
    var tensors = TensorStore()
    tensors.set("weights", shape: [2, 2], .float64([0.1, -0.0, .infinity, .leastNonzeroMagnitude]))
    tensors.set("single", shape: [3], .float32([1.5, -.greatestFiniteMagnitude, .leastNonzeroMagnitude]))
    tensors.set("é \"x\"", shape: [1, 1], .int32([.min]))
    tensors.set("bits", shape: [2], .uint64([0, .max]))
    tensors.set("bytes", shape: [5], .uint8([0, 1, 2, 254, 255]))
    tensors.set("empty", shape: [0, 7], .float64([]))
    tensors.set("scalar", shape: [], .float64([2.5]))
    return SafetensorsFile(tensors: tensors, metadata: ["text": "a\\\"\n\u{1}𝄞", "": "empty key"])
  }

  @Test func comesBackAsItWas() throws {
    let bytes = Self.sample.encoded()
    let decoded = try SafetensorsFile(decoding: bytes)
    #expect(decoded == Self.sample)
    #expect(decoded.encoded() == bytes)
    #expect(try decoded.tensors.float64("weights", shape: [2, 2], finite: false)[1].sign == .minus)
    let nothing = SafetensorsFile(tensors: TensorStore(), metadata: [:])
    #expect(try SafetensorsFile(decoding: nothing.encoded()) == nothing)
  }

  @Test func bitsOfNaNAreKept() throws {
    let pattern = Double(nan: 0x1234, signaling: false)
    var tensors = TensorStore()
    tensors.set("nan", pattern)
    let decoded = try SafetensorsFile(decoding: SafetensorsFile(tensors: tensors, metadata: [:]).encoded())
    #expect(try decoded.tensors.float64("nan", shape: [1], finite: false)[0].bitPattern == pattern.bitPattern)
  }

  @Test func bytesDoNotDependOnTheOrderOfSetting() {
    var (forwards, backwards) = (TensorStore(), TensorStore())
    for index in 0..<50 { forwards.set("t\(index)", Double(index)) }
    for index in (0..<50).reversed() { backwards.set("t\(index)", Double(index)) }
    let texts = (0..<50).map { ("k\($0)", "v\($0)") }
    let first = SafetensorsFile(tensors: forwards, metadata: Dictionary(uniqueKeysWithValues: texts))
    let second = SafetensorsFile(tensors: backwards, metadata: Dictionary(uniqueKeysWithValues: texts.reversed()))
    #expect(first.encoded() == second.encoded())
  }

  /// The published layout, byte by byte.
  @Test func layoutIsThePublishedOne() {
    var tensors = TensorStore()
    tensors.set("b", shape: [3], .uint8([7, 8, 9]))
    tensors.set("a", shape: [1, 2], .float32([1, -2]))
    let bytes = SafetensorsFile(tensors: tensors, metadata: ["k": "v"]).encoded()
    let length = (0..<8).reduce(0) { $0 + Int(bytes[$1]) << (8 * $1) }
    #expect(length % 8 == 0 && bytes.count == 8 + length + 11)
    let header = String(decoding: bytes[8..<8 + length], as: UTF8.self)
    #expect(header.hasPrefix(#"{"__metadata__":{"k":"v","sha256":""#))
    #expect(header.contains(#""},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"#))
    #expect(header.contains(#""b":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}}"#))
    #expect(bytes.suffix(11) == [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 7, 8, 9])
  }

  /// Of the format's own library, see Tests/Fixtures/make-safetensors.py.
  @Test func readsWhatPythonWrote() throws {
    let file = try SafetensorsFile(reading: fixture)
    #expect(file.metadata == ["plain": "text", "hard": "“quoted” \\ \t \u{1} 𝄞"])
    let tensors = file.tensors
    let double = try tensors.float64("double", shape: [2, 3], finite: false)
    #expect(double[0] == 0.1 && double[1] == 0 && double[1].sign == .minus && double[2] == .leastNonzeroMagnitude)
    #expect(double[3] == 1e308 && double[4] == .infinity && double[5].isNaN)
    #expect(try tensors.float32("single", shape: [2]) == [0.1, -3.25e38])
    #expect(try tensors.int32("int", shape: [2, 1]) == [.min, .max])
    #expect(try tensors.uint64("long", shape: [2]) == [0, .max])
    #expect(try tensors.uint8("byte", shape: [3]) == [0, 1, 2])
    #expect(try tensors.float64("scalar", shape: []) == [2.5])
    #expect(try tensors.float32("empty", shape: [0, 4]) == [])
    #expect(try tensors.float64("naïve \"name\"\n", shape: [1]) == [1])
    #expect(tensors.tensors.count == 8)
  }

  @Test func checksumNoticesWhatTheFormatCannot() throws {
    var bytes = Self.sample.encoded()
    bytes[bytes.count - 1] ^= 1
    #expect(throws: ModelFileError.checksumMismatch) { try SafetensorsFile(decoding: bytes) }
    bytes = replacing("weights", "weighty", in: Self.sample.encoded())
    #expect(throws: ModelFileError.checksumMismatch) { try SafetensorsFile(decoding: bytes) }
    bytes = replacing("empty key", "other key", in: Self.sample.encoded())
    #expect(throws: ModelFileError.checksumMismatch) { try SafetensorsFile(decoding: bytes) }
    bytes = replacing(#""shape":[2,2]"#, #""shape":[4,1]"#, in: Self.sample.encoded())
    #expect(throws: ModelFileError.checksumMismatch) { try SafetensorsFile(decoding: bytes) }
    // Without a checksum, as other programs write it, there is nothing to compare.
    bytes = replacing("sha256", "sha257", in: Self.sample.encoded())
    #expect(try SafetensorsFile(decoding: bytes).tensors == Self.sample.tensors)
    #expect(throws: ModelFileError.invalidMetadata(key: "sha256", reason: "is missing")) {
      try SafetensorsFile(decoding: bytes, requiringChecksum: true)
    }
  }

  private func replacing(_ old: String, _ new: String, in bytes: [UInt8]) -> [UInt8] {
    precondition(old.utf8.count == new.utf8.count)
    let place = bytes.indices.first { bytes[$0...].starts(with: old.utf8) }!
    return bytes[..<place] + Array(new.utf8) + bytes[(place + old.utf8.count)...]
  }

  /// Whatever bit is wrong: an error, or the very content (a bit of white space may change without harm).
  @Test func everyFlippedBitIsNoticed() {
    let (sample, bytes) = (Self.sample, Self.sample.encoded())
    var refused = 0
    for index in bytes.indices {
      for bit in 0..<8 {
        var altered = bytes
        altered[index] ^= 1 << UInt8(bit)
        if let decoded = try? SafetensorsFile(decoding: altered, requiringChecksum: true) {
          let isSame = decoded == sample
          #expect(isSame, "byte \(index), bit \(bit)")
        } else {
          refused += 1
        }
      }
    }
    // Spaces that pad the header may become another white space (tab or line ends are more than one bit away).
    #expect(refused >= 8 * (bytes.count - 8))
  }

  /// The same without a checksum: an error or a valid store, and no crash.
  @Test func everyFlippedBitIsSurvivedWithoutChecksum() throws {
    let bytes = replacing("sha256", "sha257", in: Self.sample.encoded())
    var accepted = 0
    for index in bytes.indices {
      for bit in 0..<8 {
        var altered = bytes
        altered[index] ^= 1 << UInt8(bit)
        guard let decoded = try? SafetensorsFile(decoding: altered) else { continue }
        accepted += 1
        #expect(decoded.tensors.tensors.count == 7 || decoded.metadata.isEmpty)
      }
    }
    #expect(accepted > 8 * 60, "altered numbers pass")
  }

  @Test func everyTruncationIsNoticed() {
    let bytes = Self.sample.encoded()
    for count in bytes.indices {
      #expect(throws: ModelFileError.self) { try SafetensorsFile(decoding: Array(bytes[..<count])) }
    }
    #expect(throws: ModelFileError.self) { try SafetensorsFile(decoding: bytes + [0]) }
  }

  @Test func namesOfTheFormatTrap() async {
    await #expect(processExitsWith: .failure) {
      var tensors = TensorStore()
      tensors.set("__metadata__", 1)
      _ = SafetensorsFile(tensors: tensors, metadata: [:])
    }
    await #expect(processExitsWith: .failure) {
      _ = SafetensorsFile(tensors: TensorStore(), metadata: ["sha256": ""])
    }
  }

  @Test func writesAndReadsFiles() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/model.safetensors"
      try Self.sample.write(to: path)
      #expect(try SafetensorsFile(reading: path) == Self.sample)
    }
  }
}

private let fixture: String = {
  let folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
  return "/\(folder)/Fixtures/safetensors.safetensors"
}()

/// Names of the files in a folder, sorted.
func filesIn(_ folder: String) -> [String] {
  guard let directory = unsafe opendir(folder) else { return [] }
  defer { unsafe closedir(directory) }
  var names: [String] = []
  while let entry = unsafe readdir(directory) {
    let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
      unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
    }
    if name != "." && name != ".." { names.append(name) }
  }
  return names.sorted()
}
