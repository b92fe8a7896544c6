/// The texts that a column takes, each once, by their codes.
///
/// Those of a large file lie in one piece of memory, and become `String`s where they are asked for.
public struct Levels: RandomAccessCollection, Sendable {
  private enum Storage: Sendable {
    case texts([String])
    case packed(PackedTexts)
  }

  private let storage: Storage

  public init(_ texts: [String]) { storage = .texts(texts) }
  internal init(_ texts: PackedTexts) { storage = .packed(texts) }

  public var startIndex: Int { 0 }

  public var endIndex: Int {
    switch storage {
    case .texts(let texts): texts.count
    case .packed(let texts): texts.count
    }
  }

  public subscript(code: Int) -> String {
    switch storage {
    case .texts(let texts): texts[code]
    case .packed(let texts): texts.text(code)
    }
  }

  /// Calls `body` with the bytes of a text.
  internal func withBytes<Result, Thrown: Error>(
    _ code: Int, _ body: (Span<UInt8>) throws(Thrown) -> Result
  ) throws(Thrown) -> Result {
    switch storage {
    case .texts(let texts): return try body(Array(texts[code].utf8).span)
    case .packed(let texts): return try texts.withBytes(code, body)
    }
  }
}

extension Levels: ExpressibleByArrayLiteral {
  public init(arrayLiteral texts: String...) { self.init(texts) }
}

extension Levels: Equatable {
  public static func == (a: Levels, b: Levels) -> Bool { a.elementsEqual(b) }
}

extension Levels: CustomStringConvertible {
  public var description: String { Array(self).description }
}
