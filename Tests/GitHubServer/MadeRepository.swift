internal import Learners
internal import Linalg
internal import Repositories

/// One made-up repository. Times are seconds since 1970.
package struct MadeRepository: Sendable {
  enum Fate: Sendable { case plain, renamed, missing, blocked }

  package let id: Int
  package let owner: String
  package private(set) var name: String
  package let stars: Int
  package let created: Int
  let updated: Int
  let pushed: Int?
  let forks: Int
  let openIssues: Int
  let size: Int
  let topics: Int
  let descriptionLength: Int
  let homepage: Bool
  let hasIssues: Bool
  let hasProjects: Bool
  let hasWiki: Bool
  let hasPages: Bool
  let hasDiscussions: Bool
  let archived: Bool
  let isOrganization: Bool
  let language: String?
  let license: String?
  let branch: String
  let fate: Fate

  package var fullName: String { owner + "/" + name }
  var nodeID: String { "R_kgDO\(id)" }

  /// What it is called since it was renamed; a search may still show the old name.
  var renamed: MadeRepository {
    var copy = self
    if fate == .renamed { copy.name += "-renamed" }
    return copy
  }

  /// Numbers that only details tell: true watchers, commits and the like. Each is a function of what is seen and of the
  /// repository's own luck.
  func detail(_ which: StaticString, about level: Int) -> Int {
    var random = RandomStream(seed: UInt64(id), purpose: RandomPurpose(which))
    return Int(Double(level) * (0.5 + random.uniform()))
  }
}

/// The day of the first snapshot: 2026-09-01T00:00:00Z.
private let firstSnapshot = 1_788_220_800
/// When the burst began: 2020-03-15T12:00:00Z.
private let burstStart = 1_584_273_600
private let secondsPerDay = 86_400

extension MadeRepository {
  static func list(_ options: PopulationOptions) -> [MadeRepository] {
    let features = FeatureColumns(SyntheticRepositories.table(rows: options.count, seed: options.seed))
    return (0..<options.count).map { MadeRepository(row: $0, features, options) }
  }

  private init(row: Int, _ features: FeatureColumns, _ options: PopulationOptions) {
    func number(_ name: String) -> Double? { features.number(name, row: row) }
    func flag(_ name: String) -> Bool { number(name) == 1 }
    var random = RandomStream(seed: options.seed, purpose: RandomPurpose("github.made"), index: UInt64(row))
    let isInBurst = row < options.burst
    id = 1000 + 7 * row
    owner = word(&random, length: 6) + String(row / 2)
    name = word(&random, length: Int(number("name_length") ?? 6)) + "-" + String(row)
    let growth = Growth(row: row, options: options)
    stars = options.minimumStars + growth.stars + (isInBurst ? 10 : Int(number("stars") ?? 0))
    let age = Int(number("age_days") ?? 0)
    created =
      isInBurst
      ? burstStart + row % 60 : firstSnapshot - age * secondsPerDay - random.uniform(below: secondsPerDay)
    let touched = firstSnapshot - Int(number("days_since_update") ?? 0) * secondsPerDay
    updated = max(created, growth.lastDay > 0 ? firstSnapshot + growth.lastDay * secondsPerDay : touched)
    let birth = created
    pushed = number("days_since_push").map { max(birth, firstSnapshot - Int($0) * secondsPerDay) }
    forks = Int(number("forks") ?? 0)
    openIssues = Int(number("open_issues") ?? 0)
    size = Int(number("size_kb") ?? 0)
    topics = Int(number("topics_count") ?? 0)
    descriptionLength = Int(number("description_length") ?? 0)
    homepage = flag("has_homepage")
    hasIssues = flag("has_issues")
    hasProjects = flag("has_projects")
    hasWiki = flag("has_wiki")
    hasPages = flag("has_pages")
    hasDiscussions = flag("has_discussions")
    archived = flag("archived")
    isOrganization = features.text("owner_type", row: row) == "Organization"
    language = features.text("language", row: row)
    license = features.text("license", row: row)
    branch = features.text("default_branch", row: row) ?? "main"
    fate = options.fate(drawn: random.uniform(below: 1000))
  }
}

/// What a repository gained since the first snapshot.
private struct Growth {
  var stars = 0
  var lastDay = 0

  init(row: Int, options: PopulationOptions) {
    for day in stride(from: 1, through: options.day, by: 1) {
      var random = RandomStream(
        seed: options.seed &+ UInt64(day), purpose: RandomPurpose("github.growth"), index: UInt64(row))
      guard random.uniform(below: 10) == 0 else { continue }
      stars += 1 + random.uniform(below: 3)
      lastDay = day
    }
  }
}

extension PopulationOptions {
  fileprivate func fate(drawn: Int) -> MadeRepository.Fate {
    if drawn < renamedPerThousand { return .renamed }
    if drawn < renamedPerThousand + missingPerThousand { return .missing }
    return drawn < renamedPerThousand + missingPerThousand + blockedPerThousand ? .blocked : .plain
  }
}

private struct FeatureColumns {
  private var numbers: [String: [Double]] = [:]
  private var texts: [String: (codes: [Int32], levels: Levels)] = [:]

  init(_ table: Table) {
    for column in table.columns {
      switch column.values {
      case .numeric(let values): numbers[column.name] = values
      case .categorical(let codes, let levels): texts[column.name] = (codes.map { Int32($0) }, levels)
      }
    }
  }

  func number(_ name: String, row: Int) -> Double? {
    guard let value = numbers[name]?[row], value.isFinite else { return nil }
    return value
  }

  func text(_ name: String, row: Int) -> String? {
    guard let column = texts[name], column.codes[row] >= 0 else { return nil }
    return column.levels[Int(column.codes[row])]
  }
}

/// Something that can be said aloud.
private func word(_ random: inout RandomStream, length: Int) -> String {
  let (consonants, vowels) = (Array("bdfgklmnprstvz"), Array("aeiou"))
  return String(
    (0..<max(2, length)).map { $0 % 2 == 0 ? consonants[random.uniform(below: 14)] : vowels[random.uniform(below: 5)] })
}
