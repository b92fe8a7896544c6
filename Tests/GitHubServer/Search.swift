/// `GET /search/repositories`.
struct Search {
  private let population: Population
  private let json: RepositoryJSON
  /// The found of the last searches, so that their pages cost no new search.
  private var found: [String: [Int32]] = [:]

  init(_ population: Population, _ json: RepositoryJSON) {
    self.population = population
    self.json = json
  }

  /// - Parameter isIncomplete: the search gives up half-way, as GitHub's does after some time.
  mutating func answer(_ request: WebRequest, isIncomplete: Bool) -> WebAnswer {
    do throws(SearchProblem) {
      let matching = try matches(request.query)
      let size = min(100, max(1, request.query["per_page"].flatMap { Int($0) } ?? 30))
      let page = max(1, request.query["page"].flatMap { Int($0) } ?? 1)
      guard page <= 1000, (page - 1) * size < 1000 else {
        throw SearchProblem(message: "Only the first 1000 search results are available")
      }
      let reachable = matching.prefix(isIncomplete ? min(1000, matching.count / 2) : 1000)
      let items = reachable.dropFirst((page - 1) * size).prefix(size)
      return answer(request, items, found: isIncomplete ? reachable.count : matching.count, isIncomplete, page, size)
    } catch {
      return WebAnswer(status: 422, message: error.message, documentation: "https://docs.github.com/v3/search/")
    }
  }

  /// How many a query finds.
  mutating func count(_ text: String) throws(SearchProblem) -> Int { try matches(["q": text]).count }

  private mutating func matches(_ query: [String: String]) throws(SearchProblem) -> [Int32] {
    let (text, sort, order) = (query["q"] ?? "", query["sort"] ?? "stars", query["order"] ?? "desc")
    let key = [text, sort, order].joined(separator: "\u{0}")
    if let known = found[key] { return known }
    let search = try SearchQuery(text)
    var result: [Int32] = []
    for position in population.positions(stars: search.stars)
    where search.matches(population.repositories[position]) {
      result.append(Int32(position))
    }
    let all = population.repositories
    switch sort {
    case "stars": break
    case "forks": result.sort { (all[Int($1)].forks, $0) < (all[Int($0)].forks, $1) }
    case "updated": result.sort { (all[Int($1)].updated, $0) < (all[Int($0)].updated, $1) }
    default: throw SearchProblem(message: "'\(sort)' is no way to sort")
    }
    if order == "asc" { result.reverse() }
    if found.count >= 64 { found = [:] }
    found[key] = result
    return result
  }

  private func answer(
    _ request: WebRequest, _ items: ArraySlice<Int32>, found: Int, _ isIncomplete: Bool, _ page: Int, _ size: Int
  ) -> WebAnswer {
    var writer = JSONWriter()
    writer.bytes.reserveCapacity(items.count * 6500 + 100)
    writer.raw("{\"total_count\":\(found),\"incomplete_results\":\(isIncomplete),\"items\":[")
    var hash = StableHash(request.target)
    for (index, position) in items.enumerated() {
      if index > 0 { writer.raw(",") }
      let repository = population.repositories[Int(position)]
      json.write(repository, isSearchResult: true, to: &writer)
      hash.add(repository.version)
    }
    hash.add(UInt64(found))
    writer.raw("]}")
    var answer = WebAnswer(status: 200, json: writer.bytes, etag: isIncomplete ? nil : hash.etag)
    answer.headers += link(request, page: page, last: (min(1000, found) + size - 1) / size)
    return answer
  }

  private func link(_ request: WebRequest, page: Int, last: Int) -> [(name: String, value: String)] {
    func entry(_ number: Int, _ relation: String) -> String {
      let items =
        request.target.split(separator: "?").last?.split(separator: "&").filter { !$0.hasPrefix("page=") } ?? []
      return
        "<\(request.base)\(request.path)?\((items + ["page=\(number)"]).joined(separator: "&"))>; rel=\"\(relation)\""
    }
    guard last > 1 else { return [] }
    var entries: [String] = []
    if page > 1 { entries += [entry(page - 1, "prev")] }
    if page < last { entries += [entry(page + 1, "next"), entry(last, "last")] }
    if page > 1 { entries += [entry(1, "first")] }
    return [("Link", entries.joined(separator: ", "))]
  }
}
