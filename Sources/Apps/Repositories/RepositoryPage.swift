internal import FoundationEssentials
package import Learners

/// One JSON text of GitHub's.
internal struct RepositoryPage {
  internal let records: [RepositoryRecord]
  /// GitHub's search ran out of time and gave what it had found.
  internal let isIncomplete: Bool
  /// GraphQL's form, which tells less than the REST interface.
  internal let isCamelCase: Bool

  internal init(_ file: InputFile) throws(DataError) {
    self = try file.json(RepositoryPage.self)
  }

  internal init(records: [RepositoryRecord]) {
    self.records = records
    isIncomplete = false
    isCamelCase = true
  }
}

extension InputFile {
  /// Decodes GitHub's JSON.
  /// - Throws: `DataError` that names the file, the record and the field that is not what GitHub gives.
  package func json<Content: Decodable>(_ type: Content.Type) throws(DataError) -> Content {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw DataError(.invalid, "is not UTF-8", at: .init(file: name), advice: jsonAdvice)
    }
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch let error as DecodingError {
      throw DataError(decoding: error, file: name)
    } catch let error as DataError {
      throw DataError(error.code, error.what, at: .init(file: name), advice: error.advice)
    } catch {
      throw DataError(.invalid, "is not JSON", at: .init(file: name), advice: jsonAdvice)
    }
  }
}

private let jsonAdvice = "give GitHub's answer as it came: {\"items\": […]}, or an array of repositories"

extension RepositoryPage: Decodable {
  private enum Key: String, CodingKey {
    case items, message
    case isIncomplete = "incomplete_results"
    case fullName = "full_name"
  }

  internal init(from decoder: any Decoder) throws {
    isCamelCase = false
    guard let object = try? decoder.container(keyedBy: Key.self) else {
      records = try decoder.singleValueContainer().decode([RepositoryRecord].self)
      isIncomplete = false
      return
    }
    isIncomplete = try object.decodeIfPresent(Bool.self, forKey: .isIncomplete) ?? false
    if object.contains(.items) {
      records = try object.decode([RepositoryRecord].self, forKey: .items)
    } else if object.contains(.fullName) {
      records = [try RepositoryRecord(from: decoder)]
    } else if let message = try? object.decode(String.self, forKey: .message) {
      throw DataError(.invalid, "is an error message of GitHub's: “\(message.prefix(200))”", advice: "ask GitHub again")
    } else {
      throw DataError(.invalid, "is neither a search page nor a list of repositories", advice: jsonAdvice)
    }
  }
}

extension DataError {
  /// Says in which record and field of which file JSON is not what GitHub gives.
  fileprivate init(decoding error: DecodingError, file: String) {
    let (what, path): (String, [any CodingKey]) =
      switch error {
      case .typeMismatch(let type, let context): ("needs \(phrase(for: type))", context.codingPath)
      case .valueNotFound(let type, let context): ("needs \(phrase(for: type)), there is null", context.codingPath)
      case .keyNotFound(let key, let context): ("is missing", context.codingPath + [key])
      case .dataCorrupted(let context): (context.debugDescription, context.codingPath)
      @unknown default: ("is not what GitHub gives", [])
      }
    guard !path.isEmpty else {
      self.init(.invalid, what, at: .init(file: file), advice: jsonAdvice)
      return
    }
    let record = path.lazy.compactMap(\.intValue).first.map { "record \($0 + 1): " } ?? ""
    let names = path.filter { $0.intValue == nil && $0.stringValue != "items" }.map(\.stringValue)
    let field = names.isEmpty ? nil : names.joined(separator: ".")
    self.init(
      .invalid, record + what, at: .init(file: file, column: field),
      advice: "correct the record or leave it out")
  }
}

/// What a person calls a Swift type in JSON.
private func phrase(for type: Any.Type) -> String {
  switch type {
  case is String.Type: "a text"
  case is Double.Type, is Int64.Type: "a number"
  case is Bool.Type: "true or false"
  case is [Any].Type: "a list"
  default: "an object"
  }
}
