internal import FoundationEssentials

/// The part of a GraphQL answer that says whether it went well.
internal struct GraphQLErrors: Decodable {
  struct Problem: Decodable {
    let type: String?
    let message: String
    /// Names of fields and places in lists that lead to what failed; empty where all did.
    let path: [Step]

    enum Step: Decodable, Equatable {
      case field(String)
      case place(Int)

      init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let place = try? value.decode(Int.self) {
          self = .place(place)
        } else {
          self = .field(try value.decode(String.self))
        }
      }
    }

    private enum CodingKeys: String, CodingKey { case type, message, path }

    init(from decoder: any Decoder) throws {
      let object = try decoder.container(keyedBy: CodingKeys.self)
      type = try? object.decodeIfPresent(String.self, forKey: .type)
      message = (try? object.decodeIfPresent(String.self, forKey: .message)) ?? ""
      path = (try? object.decodeIfPresent([Step].self, forKey: .path)) ?? []
    }

    var isLimit: Bool { type == "RATE_LIMITED" || message.lowercased().contains("rate limit") }

    /// Waiting does not help, and neither does a smaller question.
    var isRefusal: Bool {
      ["FORBIDDEN", "INSUFFICIENT_SCOPES", "UNAUTHORIZED", "UNAUTHENTICATED"].contains(type?.uppercased() ?? "")
    }

    var isNotFound: Bool { type?.uppercased() == "NOT_FOUND" }

    /// The place in `nodes` that it is about, with all of it or a field.
    var node: Int? {
      guard path.count >= 2, path[0] == .field("nodes"), case .place(let place) = path[1] else { return nil }
      return place
    }

    var says: String { "GitHub's GraphQL says “\(shown(message.isEmpty ? type ?? "" : message))”" }
  }

  let errors: [Problem]
  /// Whether there is anything but the count of points.
  let hasData: Bool

  /// nil for what is no such answer.
  init?(_ body: [UInt8]) {
    guard let value = try? JSONDecoder().decode(Self.self, from: Data(body)) else { return nil }
    self = value
  }

  private enum CodingKeys: String, CodingKey { case errors, data }

  private struct Name: CodingKey {
    let stringValue: String
    let intValue: Int? = nil
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    let object = try decoder.container(keyedBy: CodingKeys.self)
    errors = try object.decodeIfPresent([Problem].self, forKey: .errors) ?? []
    let data = try? object.nestedContainer(keyedBy: Name.self, forKey: .data)
    hasData =
      data.map { data in
        data.allKeys.contains { $0.stringValue != "rateLimit" && (try? data.decodeNil(forKey: $0)) == false }
      } ?? false
  }
}
