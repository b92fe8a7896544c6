import Foundation
import Learners

/// Real data beside the checkout, or where LEARNERS_SHARED says. Tests that need it are skipped where it is absent.
enum SharedData {
  static let folder: URL = {
    if let path = ProcessInfo.processInfo.environment["LEARNERS_SHARED"] { return URL(filePath: path) }
    var root = URL(filePath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    return root.deletingLastPathComponent().appending(path: "shared")
  }()

  static let github = folder.appending(path: "data/github")
  static let isPresent = FileManager.default.fileExists(atPath: github.path())
  static let absence = "needs the real data in \(github.path())"

  static let searchPages = (1...10).map { page in
    github.appending(path: "search-2025/page-\(page < 10 ? "0" : "")\(page).json").path()
  }

  static func table(_ name: String) throws -> Table { try TableReader.read([github.appending(path: name).path()]) }

  /// A column from cells; empty ones are missing.
  static func column(_ name: String, _ cells: [String]) -> Column {
    let numbers = cells.map { $0.isEmpty ? .nan : Double($0) }
    if numbers.contains(nil) { return Column(name: name, texts: cells.map { $0.isEmpty ? nil : $0 }) }
    return Column(name: name, values: .numeric(numbers.compactMap(\.self)))
  }
}

extension Table {
  /// The numbers of a column; empty if it has none.
  func numbers(_ name: String) -> [Double] {
    guard case .numeric(let numbers)? = self[name]?.values else { return [] }
    return numbers
  }

  func texts(_ name: String) -> [String?] { self[name].map { column in (0..<column.count).map(column.text) } ?? [] }

  func without(_ name: String) -> Table { Table(columns: columns.filter { $0.name != name }) }

  /// The same columns with the same cells, where missing equals missing.
  func isSame(as other: Table) -> Bool {
    columns.count == other.columns.count
      && zip(columns, other.columns).allSatisfy { a, b in
        guard a.name == b.name, case .numeric(let left) = a.values, case .numeric(let right) = b.values else {
          return a == b
        }
        return left.count == right.count && zip(left, right).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
      }
  }
}
