/// A repository to ask GraphQL about.
internal struct NodeToAsk: Sendable {
  internal let row: Int64
  internal let id: Int64
  internal let node: String
}
