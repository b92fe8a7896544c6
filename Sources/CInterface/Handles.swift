internal import CLearners
internal import Glibc

/// Swift objects behind the pointers that callers hold.
internal enum Handle {
  /// A pointer that keeps the object until it is released.
  static func retained(_ object: some AnyObject) -> OpaquePointer {
    unsafe OpaquePointer(Unmanaged.passRetained(object).toOpaque())
  }

  /// The object behind a pointer that a caller passes.
  static func object<Object: AnyObject>(
    _ pointer: OpaquePointer?, _: Object.Type, named name: String
  ) throws -> Object {
    guard let pointer = unsafe pointer else { throw Refusal(LEARNERS_BAD_ARGUMENT, "\(name) is NULL") }
    return unsafe Unmanaged<Object>.fromOpaque(UnsafeRawPointer(pointer)).takeUnretainedValue()
  }

  static func release<Object: AnyObject>(_ pointer: OpaquePointer?, _: Object.Type) {
    guard let pointer = unsafe pointer else { return }
    unsafe Unmanaged<Object>.fromOpaque(UnsafeRawPointer(pointer)).release()
  }
}

/// Arguments of C as values of Swift.
internal enum Argument {
  /// The place for a result.
  static func place<Pointee>(_ pointer: UnsafeMutablePointer<Pointee>?, named name: String) throws
    -> UnsafeMutablePointer<Pointee>
  {
    guard let pointer = unsafe pointer else { throw Refusal(LEARNERS_BAD_ARGUMENT, "\(name) is NULL") }
    return unsafe pointer
  }

  static func text(_ pointer: UnsafePointer<CChar>?, named name: String) throws -> String {
    guard let text = unsafe try optionalText(pointer, named: name) else {
      throw Refusal(LEARNERS_BAD_ARGUMENT, "\(name) is NULL")
    }
    return text
  }

  static func optionalText(_ pointer: UnsafePointer<CChar>?, named name: String) throws -> String? {
    guard let pointer = unsafe pointer else { return nil }
    guard let text = unsafe String(validatingCString: pointer) else {
      throw Refusal(LEARNERS_BAD_ARGUMENT, "\(name) is not UTF-8")
    }
    return text
  }

  static func texts(_ pointer: UnsafePointer<UnsafePointer<CChar>?>?, count: Int64, named name: String) throws
    -> [String]
  {
    guard count >= 0 else { throw Refusal(LEARNERS_BAD_ARGUMENT, "\(name): there cannot be \(count) of them") }
    guard count > 0 else { return [] }
    guard let pointer = unsafe pointer else { throw Refusal(LEARNERS_BAD_ARGUMENT, "\(name) is NULL") }
    return try (0..<Int(count)).map { unsafe try text(pointer[$0], named: "\(name)[\($0)]") }
  }

  /// Hands a text to the caller, who gives it back to `learners_text_free`.
  static func give(_ text: String, at place: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) {
    unsafe place.pointee = strdup(text)
  }

  /// Hands bytes, at least one, to the caller, who gives them back to `learners_bytes_free`.
  static func give(
    _ bytes: [UInt8], at place: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>, count: UnsafeMutablePointer<Int64>
  ) throws {
    guard let memory = unsafe malloc(bytes.count) else {
      throw Refusal(LEARNERS_INTERNAL, "there is no memory for \(bytes.count) bytes")
    }
    unsafe bytes.withUnsafeBytes { unsafe memory.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
    unsafe place.pointee = unsafe memory.assumingMemoryBound(to: UInt8.self)
    unsafe count.pointee = Int64(bytes.count)
  }

  /// Copies numbers to where the caller wants them.
  static func give(_ numbers: [Double], at place: UnsafeMutablePointer<Double>?, count: Int64, named name: String)
    throws
  {
    guard count == numbers.count else {
      throw Refusal(LEARNERS_BAD_ARGUMENT, "\(name) has room for \(count) numbers, there are \(numbers.count)")
    }
    guard !numbers.isEmpty else { return }
    let place = unsafe try self.place(place, named: name)
    unsafe numbers.withUnsafeBufferPointer { unsafe place.update(from: $0.baseAddress!, count: $0.count) }
  }
}
