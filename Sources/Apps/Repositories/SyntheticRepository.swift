internal import Glibc
internal import Linalg

/// One row of the made-up table.
internal struct SyntheticRepository {
  var forks = 0.0
  var openIssues = 0.0
  var size: Double?
  var age = 0.0
  var sincePush: Double?
  var sinceUpdate = 0.0
  var topics = 0.0
  var nameLength = 0.0
  var descriptionLength = 0.0
  var hasHomepage = false
  var hasIssues = true
  var hasProjects = true
  var hasWiki = true
  var hasPages = false
  var hasDiscussions: Bool?
  var isArchived = false
  var isOrganization = false
  var language: String?
  var license: String?
  var branch = "main"
  var stars = 0.0

  static let numbers: [(name: String, value: @Sendable (SyntheticRepository) -> Double?)] = [
    ("forks", { $0.forks }), ("open_issues", { $0.openIssues }), ("size_kb", { $0.size }),
    ("topics_count", { $0.topics }),
    ("age_days", { $0.age }), ("days_since_push", { $0.sincePush }), ("days_since_update", { $0.sinceUpdate }),
    ("name_length", { $0.nameLength }), ("description_length", { $0.descriptionLength }),
    ("has_homepage", { $0.hasHomepage ? 1 : 0 }), ("has_issues", { $0.hasIssues ? 1 : 0 }),
    ("has_projects", { $0.hasProjects ? 1 : 0 }), ("has_wiki", { $0.hasWiki ? 1 : 0 }),
    ("has_pages", { $0.hasPages ? 1 : 0 }), ("has_discussions", { row in row.hasDiscussions.map { $0 ? 1 : 0 } }),
    ("archived", { $0.isArchived ? 1 : 0 }),
  ]

  static let texts: [(name: String, value: @Sendable (SyntheticRepository) -> String?)] = [
    ("owner_type", { $0.isOrganization ? "Organization" : "User" }), ("language", { $0.language }),
    ("license", { $0.license }),
    ("default_branch", { $0.branch }),
  ]

  init(seed: UInt64, row: Int) {
    var random = RandomStream(seed: seed, purpose: RandomPurpose("repositories.synthetic"), index: UInt64(row))
    isOrganization = random.chance(0.3)
    language = pick(languages, &random)
    license = pick(licenses, &random)
    drawHistory(&random)
    drawText(&random)
    drawSwitches(&random)
    drawAudience(&random)
    if random.chance(0.02) { size = nil }
    if random.chance(0.01) { sincePush = nil }
  }

  /// When it was made, pushed to and touched last. Before October 2020 the first branch was called master.
  private mutating func drawHistory(_ random: inout RandomStream) {
    age = (20 + 5000 * pow(random.uniform(), 1.4)).rounded()
    let silence = exp(4 + 1.9 * random.normal())
    sincePush = min(silence, age).rounded(.down)
    sinceUpdate = ((sincePush ?? age) * random.uniform()).rounded(.down)
    isArchived = (sincePush ?? 0) > 300 && random.chance(0.08)
    branch = random.chance(0.06) ? "other" : age > 1900 ? "master" : random.chance(0.85) ? "main" : "master"
  }

  private mutating func drawText(_ random: inout RandomStream) {
    nameLength = max(2, (13 + 6 * random.normal()).rounded())
    descriptionLength = random.chance(0.06) ? 0 : min(350, exp(4 + 0.6 * random.normal()).rounded())
    topics = random.chance(0.45) ? 0 : min(20, (1 - 5 * log(1 - random.uniform())).rounded(.down))
  }

  private mutating func drawSwitches(_ random: inout RandomStream) {
    hasHomepage = random.chance(isOrganization ? 0.6 : 0.35)
    hasIssues = random.chance(0.96)
    hasProjects = random.chance(0.85)
    hasWiki = random.chance(isOrganization ? 0.5 : 0.8)
    hasPages = random.chance(0.18)
    hasDiscussions = random.chance(0.03) ? nil : random.chance(isOrganization ? 0.3 : 0.1)
  }

  /// Stars, and what shares an unseen appeal with them: forks, issues and size.
  private mutating func drawAudience(_ random: inout RandomStream) {
    let appeal = random.normal()
    let level = 3.6 + 0.9 * appeal + visibleLevel
    stars = exp(level + 0.9 * random.normal()).rounded(.down)
    let copies = -0.4 + 0.65 * appeal + 0.3 * log(1 + age / 200) + 0.25 * (level - 1)
    forks = exp(copies + 0.6 * random.normal()).rounded(.down)
    let backlog = -0.4 + 0.3 * appeal + 0.25 * level + (isOrganization ? 0.4 : 0)
    openIssues = hasIssues ? exp(backlog + random.normal()).rounded(.down) : 0
    size = exp(7.3 + 0.25 * appeal + 0.3 * log(1 + age / 200) + 1.9 * random.normal()).rounded()
  }

  /// What the features say about log stars, up to a constant. Time, organisations and presentation bring stars to
  /// those who are alive, that is, pushed to lately; fashions reach the young; topics want a homepage to point at.
  private var visibleLevel: Double {
    let wave = 2 / (1 + exp((log(1 + (sincePush ?? age)) - 5.3) * 1.6)) - 1
    let maturity = log(1 + age / 200) - 1.5
    let presented = -0.6 + 1 - exp(-(topics / 4 + descriptionLength / 120 + (hasHomepage ? 0.5 : 0)))
    let wordiness = max(-2.5, min(2.5, (log(1 + descriptionLength) - 4) / 0.6))
    let fashion = language.map { languageFashion[$0] ?? 0 } ?? -0.8
    let appearance =
      1.1 * presented * (1 + 1.5 * wave) + 0.45 * (log(1 + topics) - 1) * (hasHomepage ? 1 : -1)
      - 0.3 * wordiness * wordiness
    let history = 0.55 * maturity + 1.6 * maturity * wave + 0.5 * wave + fashion * (age < 1500 ? 1 : -0.1)
    let people = 1.3 * (isOrganization ? 0.7 : -0.3) * wave + (hasDiscussions ?? false ? 0.25 * (wave + 1) : 0)
    return appearance + history + people - (license == nil ? 0.5 : 0) - (isArchived ? 0.3 : 0)
  }
}

extension RandomStream {
  fileprivate mutating func chance(_ probability: Double) -> Bool { uniform() < probability }
}

/// One of the levels by its share in percent; nil for what is left of 100.
private func pick(_ shares: [(level: String, percent: Double)], _ random: inout RandomStream) -> String? {
  var left = 100 * random.uniform()
  for (level, percent) in shares {
    left -= percent
    if left < 0 { return level }
  }
  return nil
}

private let languages: [(level: String, percent: Double)] = [
  ("Python", 18.5), ("JavaScript", 14.5), ("TypeScript", 10.5), ("Java", 8), ("C++", 7), ("Go", 6), ("C", 5),
  ("C#", 4.5), ("Shell", 3.5), ("PHP", 3.2), ("Rust", 3), ("HTML", 3), ("Jupyter Notebook", 3), ("Ruby", 2.2),
  ("Swift", 1.5), ("Kotlin", 1.4), ("CSS", 0.9), ("Lua", 0.7), ("R", 0.6), ("Dart", 0.6), ("Scala", 0.5),
  ("Haskell", 0.3), ("Julia", 0.2), ("Elixir", 0.2), ("Zig", 0.1),
]

private let licenses: [(level: String, percent: Double)] = [
  ("MIT", 38), ("Apache-2.0", 15), ("GPL-3.0", 8), ("NOASSERTION", 7), ("BSD-3-Clause", 3.5), ("AGPL-3.0", 2),
  ("GPL-2.0", 1.7), ("BSD-2-Clause", 1), ("MPL-2.0", 0.9), ("LGPL-3.0", 0.7), ("Unlicense", 0.6), ("ISC", 0.5),
  ("CC0-1.0", 0.5), ("CC-BY-4.0", 0.3), ("WTFPL", 0.1),
]

/// How much a young repository gains by its language, in log stars.
private let languageFashion: [String: Double] = [
  "Python": 0.5, "TypeScript": 0.4, "Rust": 0.9, "Go": 0.5, "Zig": 0.9, "Swift": 0.1, "JavaScript": 0, "Java": -0.5,
  "PHP": -0.6, "C#": -0.3, "HTML": -0.5, "CSS": -0.3, "Jupyter Notebook": 0.2, "R": -0.6, "Ruby": -0.4,
]
