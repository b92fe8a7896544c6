/// The header of a `.npy` file (NumPy Enhancement Proposal 1, format versions 1 to 3): a Python dictionary in text.
struct NPYHeader {
  enum Element: String, CaseIterable {
    case float32 = "f4", float64 = "f8", boolean = "b1"
    case int8 = "i1", int16 = "i2", int32 = "i4", int64 = "i8"
    case uint8 = "u1", uint16 = "u2", uint32 = "u4", uint64 = "u8"

    var isFloat: Bool { self == .float32 || self == .float64 }

    /// Bytes of one element.
    var size: Int { Int(rawValue.utf8.last! - UInt8(ascii: "0")) }
  }

  let element: Element
  let isFortranOrder: Bool
  let rows: Int
  let columns: Int
  /// Index of the first byte of the numbers.
  let start: Int

  init(_ file: InputFile) throws(DataError) {
    let bytes = file.bytes
    guard !bytes.isEmpty else { throw .emptyFile(file.name) }
    guard bytes.starts(with: [0x93] + Array("NUMPY".utf8)) else {
      throw Self.error(file, "is not a .npy file", "write it with numpy.save")
    }
    let version = bytes.count > 7 ? bytes[6] : 0
    guard (1...3).contains(version) else {
      throw Self.error(file, "has a .npy format that is not 1, 2 or 3", "write it again with numpy.save")
    }
    let lengthSize = version == 1 ? 2 : 4
    var length = 0
    guard bytes.count >= 8 + lengthSize else { throw Self.cutShort(file) }
    for index in (8..<8 + lengthSize).reversed() { length = length << 8 | Int(bytes[index]) }
    start = 8 + lengthSize + length
    guard start <= bytes.count else { throw Self.cutShort(file) }

    guard let fields = NPYDictionary(bytes[8 + lengthSize..<start]) else {
      throw Self.error(
        file, "has a header that is no description of an array of numbers", "write it again with numpy.save")
    }
    element = try Self.element(fields.descr, file)
    isFortranOrder = fields.isFortranOrder
    guard (1...2).contains(fields.shape.count) else {
      throw Self.error(
        file, "is an array of \(fields.shape.count) dimensions", "save an array of rows x columns, or of rows alone")
    }
    rows = fields.shape[0]
    columns = fields.shape.count == 2 ? fields.shape[1] : 1
    guard rows > 0 else { throw .noRows(file.name) }
    guard columns > 0 else { throw Self.error(file, "has no columns", "save an array of rows x columns") }
    let (count, overflows) = rows.multipliedReportingOverflow(by: columns)
    let (size, overflowsToo) = count.multipliedReportingOverflow(by: element.size)
    guard !overflows && !overflowsToo && size <= bytes.count - start else { throw Self.cutShort(file) }
    guard size == bytes.count - start else {
      throw Self.error(file, "goes on after its last number", "write one array a file, with numpy.save")
    }
  }

  private static func element(_ descr: String, _ file: InputFile) throws(DataError) -> Element {
    let known = Element.allCases.map(\.rawValue).joined(separator: ", ")
    if descr.hasPrefix("|O") {
      throw error(file, "holds Python objects, which only Python can read", "save numbers: x.astype(float)")
    }
    if descr.hasPrefix(">"), Element(rawValue: String(descr.dropFirst())) != nil {
      throw error(file, "is big-endian (\(quoted(descr)))", "save x.astype(x.dtype.newbyteorder(\"<\"))")
    }
    let orders: Set<Character> = ["<", "|", "="]
    guard let order = descr.first, orders.contains(order), let element = Element(rawValue: String(descr.dropFirst())),
      order != "|" || element.size == 1
    else {
      throw error(
        file, "has elements of the type \(quoted(descr)), not one of \(known)", "save numbers: x.astype(float)")
    }
    return element
  }

  private static func cutShort(_ file: InputFile) -> DataError {
    error(file, "ends before its last number", "write or fetch the file again")
  }

  private static func error(_ file: InputFile, _ what: String, _ advice: String) -> DataError {
    DataError(.invalid, what, at: .init(file: file.name), advice: advice)
  }
}

/// The entries of the header's dictionary: `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }`.
private struct NPYDictionary {
  private(set) var descr = ""
  private(set) var isFortranOrder = false
  private(set) var shape: [Int] = []
  private var rest: ArraySlice<UInt8>

  init?(_ text: ArraySlice<UInt8>) {
    rest = text
    var found: Set<String> = []
    guard take("{") else { return nil }
    while !take("}") {
      guard let key = string(), found.insert(key).inserted, take(":") else { return nil }
      switch key {
      case "descr":
        guard let value = string() else { return nil }
        descr = value
      case "fortran_order":
        isFortranOrder = take("True")
        guard isFortranOrder || take("False") else { return nil }
      case "shape":
        guard let value = tuple() else { return nil }
        shape = value
      default: return nil
      }
      guard take(",") || rest.first == UInt8(ascii: "}") else { return nil }
    }
    skipSpace()
    guard found.count == 3, rest.isEmpty else { return nil }
  }

  private mutating func skipSpace() {
    rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
  }

  private mutating func take(_ word: String) -> Bool {
    skipSpace()
    guard rest.starts(with: word.utf8) else { return false }
    rest = rest.dropFirst(word.utf8.count)
    return true
  }

  private mutating func string() -> String? {
    guard let quote = take("'") ? "'" : take("\"") ? "\"" : nil else { return nil }
    guard let end = rest.firstIndex(of: quote.utf8.first!) else { return nil }
    defer { rest = rest[(end + 1)...] }
    return String(decoding: rest[..<end], as: UTF8.self)
  }

  private mutating func tuple() -> [Int]? {
    guard take("(") else { return nil }
    var numbers: [Int] = []
    while !take(")") {
      skipSpace()
      let digits = rest.prefix { $0 &- UInt8(ascii: "0") < 10 }
      guard let number = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
      numbers.append(number)
      rest = rest.dropFirst(digits.count)
      skipSpace()
      guard take(",") || rest.first == UInt8(ascii: ")") else { return nil }
    }
    return numbers
  }
}
