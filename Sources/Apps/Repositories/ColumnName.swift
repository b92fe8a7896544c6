/// How exports spell GitHub's names: `Has Issues`, `has-issues` and `hasIssues` are `has_issues`.
internal enum ColumnName {
  internal static func plain(_ name: String) -> String {
    var plain = ""
    var isLower = false
    for scalar in name.unicodeScalars {
      switch scalar {
      case " ", "-", "_":
        if !plain.isEmpty && plain.last != "_" { plain += "_" }
        isLower = false
      case "A"..."Z":
        if isLower { plain += "_" }
        plain += scalar.properties.lowercaseMapping
        isLower = false
      default:
        plain.unicodeScalars.append(scalar)
        isLower = true
      }
    }
    while plain.last == "_" { plain.removeLast() }
    return plain
  }

  /// The target's names in exports, the first that is there being read.
  internal static let stars = [
    "stargazers_count", "stars", "stargazers", "stargazer_count", "stars_count", "star_count", "number_of_stars",
  ]
}
