/// Columns in which a model may only rise or only fall.
public struct MonotoneColumns: ListParameter {
  public enum Direction: String, Sendable, Hashable {
    case rising = "+1"
    case falling = "-1"
  }

  public let directions: [String: Direction]

  public init(_ directions: [String: Direction]) { self.directions = directions }

  /// "size:+1,age:-1".
  public init?(parsing text: String) {
    guard let parts = NameList.split(text, at: ",") else { return nil }
    var directions: [String: Direction] = [:]
    for part in parts {
      guard let colon = part.lastIndex(of: ":"), let name = NameList.name(part[..<colon]),
        let direction = Direction(rawValue: String(part[part.index(after: colon)...])),
        directions.updateValue(direction, forKey: name) == nil
      else { return nil }
    }
    self.directions = directions
  }

  public var text: String {
    directions.sorted { $0.key < $1.key }.map { "\(NameList.quoted($0.key)):\($0.value.rawValue)" }.joined(
      separator: ",")
  }

  public static var form: String { "COLUMN:+1,COLUMN:-1,…" }
}

/// Groups of columns: only columns of one group may meet on a way from a root to a leaf.
public struct InteractionGroups: ListParameter {
  public let groups: [[String]]

  public init(_ groups: [[String]]) { self.groups = groups }

  /// "size,rooms/age,garden".
  public init?(parsing text: String) {
    guard let parts = NameList.split(text, at: "/") else { return nil }
    var groups: [[String]] = []
    for part in parts {
      guard let names = NameList.split(part, at: ",")?.map({ NameList.name($0) }), !names.contains(nil) else {
        return nil
      }
      let group = names.compactMap { $0 }
      guard Set(group).count == group.count else { return nil }
      groups.append(group)
    }
    self.groups = groups
  }

  public var text: String {
    groups.map { $0.map(NameList.quoted).joined(separator: ",") }.joined(separator: "/")
  }

  public static var form: String { "COLUMN,COLUMN,…/COLUMN,…" }
}
