internal import Linalg
internal import Repositories

/// Writes repositories as GitHub's REST API does, field by field in its order.
///
/// A template is taken apart once; a repository is then a row of copies. Cost: some 10 µs and 5 KB each.
struct RepositoryJSON: Sendable {
  private enum Piece {
    case literal([UInt8])
    case slot(Slot)
  }

  private enum Slot: String {
    case id, nodeID, name, fullName, owner, ownerID, ownerType, description, created, updated, pushed, homepage, size,
      stars, language, hasIssues, hasProjects, hasWiki, hasPages, hasDiscussions, forks, archived, openIssues, license,
      topics, branch
  }

  private let pieces: [Piece]

  init() {
    var pieces: [Piece] = []
    for (index, text) in template.split(separator: "«", omittingEmptySubsequences: false).enumerated() {
      guard index > 0, let end = text.firstIndex(of: "»") else {
        pieces.append(.literal(Array(text.utf8)))
        continue
      }
      guard let slot = Slot(rawValue: String(text[..<end])) else {
        preconditionFailure("RepositoryJSON: the template has no slot «\(text[..<end])»")
      }
      pieces += [.slot(slot), .literal(Array(text[text.index(after: end)...].utf8))]
    }
    self.pieces = pieces
  }

  /// - Parameter isSearchResult: those have a score; whole repositories have the true number of watchers.
  func write(_ repository: MadeRepository, isSearchResult: Bool, to writer: inout JSONWriter) {
    let fullName = Array(repository.fullName.utf8)
    let owner = Array(repository.owner.utf8)
    for piece in pieces {
      switch piece {
      case .literal(let bytes): writer.bytes += bytes
      case .slot(.fullName): writer.bytes += fullName
      case .slot(.owner): writer.bytes += owner
      case .slot(let slot): write(slot, of: repository, to: &writer)
      }
    }
    if isSearchResult {
      writer.raw(",\"score\":1.0}")
    } else {
      writer.raw(",\"network_count\":\(repository.forks),\"subscribers_count\":\(repository.watchers)}")
    }
  }

  private func write(_ slot: Slot, of repository: MadeRepository, to writer: inout JSONWriter) {
    func flag(_ value: Bool) { writer.raw(value ? "true" : "false") }
    switch slot {
    case .id: writer.number(repository.id)
    case .nodeID: writer.raw(repository.nodeID)
    case .name: writer.raw(repository.name)
    case .fullName: writer.raw(repository.fullName)
    case .owner: writer.raw(repository.owner)
    case .ownerID: writer.number(repository.id / 14)
    case .ownerType: writer.raw(repository.isOrganization ? "Organization" : "User")
    case .description: writer.string(repository.descriptionText)
    case .created: writer.raw(repository.createdText)
    case .updated: writer.raw(repository.updatedText)
    case .pushed: writer.string(repository.pushedText)
    case .homepage: writer.string(repository.homepageText)
    case .size: writer.number(repository.size)
    case .stars: writer.number(repository.stars)
    case .language: writer.string(repository.language)
    case .hasIssues: flag(repository.hasIssues)
    case .hasProjects: flag(repository.hasProjects)
    case .hasWiki: flag(repository.hasWiki)
    case .hasPages: flag(repository.hasPages)
    case .hasDiscussions: flag(repository.hasDiscussions)
    case .forks: writer.number(repository.forks)
    case .archived: flag(repository.archived)
    case .openIssues: writer.number(repository.openIssues)
    case .license: writeLicense(repository.license, to: &writer)
    case .topics: JSONValue.array(repository.topicNames.map { .string($0) }).write(into: &writer)
    case .branch: writer.raw(repository.branch)
    }
  }

  private func writeLicense(_ license: String?, to writer: inout JSONWriter) {
    guard let license else { return writer.raw("null") }
    let key = license == "NOASSERTION" ? "other" : license.lowercased()
    writer.raw(#"{"key":"\#(key)","name":"\#(license)","spdx_id":"\#(license)","url":"#)
    writer.raw(license == "NOASSERTION" ? "null" : #""https://api.github.com/licenses/\#(key)""#)
    writer.raw(#","node_id":"MDc6TGljZW5zZQ=="}"#)
  }
}

extension MadeRepository {
  var watchers: Int { detail("github.watchers", about: 1 + stars / 40) }
  var createdText: String { Timestamp(secondsSince1970: Double(created)).description }
  var updatedText: String { Timestamp(secondsSince1970: Double(updated)).description }
  var pushedText: String? { pushed.map { Timestamp(secondsSince1970: Double($0)).description } }
  var homepageText: String? { homepage ? "https://\(name).example" : nil }
  var topicNames: [String] { (0..<topics).map { "topic-\((id + 31 * $0) % 997)" } }

  /// Some are quoted, some speak other languages, and one in four has an emoji.
  var descriptionText: String? {
    guard descriptionLength > 0 else { return nil }
    var text = id % 4 == 0 ? "🚀 " : id % 9 == 0 ? "\"Überall\" 数据 \\ " : ""
    var word = id
    while text.utf8.count < descriptionLength {
      text += descriptionWords[word % descriptionWords.count] + " "
      word += 1 + word % 5
    }
    return text
  }
}

private let descriptionWords = [
  "fast", "small", "library", "for", "data", "tools", "with", "types", "and", "tests", "written", "in", "plain", "code",
  "server", "client", "of", "graphs", "that", "learns",
]

private let template: String = {
  let api = "https://api.github.com/repos/«fullName»"
  let user = "https://api.github.com/users/«owner»"
  let ownerLinks = [
    ("followers", "followers"), ("following", "following{/other_user}"), ("gists", "gists{/gist_id}"),
    ("starred", "starred{/owner}{/repo}"), ("subscriptions", "subscriptions"), ("organizations", "orgs"),
    ("repos", "repos"), ("events", "events{/privacy}"), ("received_events", "received_events"),
  ].map { #""\#($0)_url":"\#(user)/\#($1)""# }.joined(separator: ",")
  let links = [
    ("forks", "forks"), ("keys", "keys{/key_id}"), ("collaborators", "collaborators{/collaborator}"),
    ("teams", "teams"), ("hooks", "hooks"), ("issue_events", "issues/events{/number}"), ("events", "events"),
    ("assignees", "assignees{/user}"), ("branches", "branches{/branch}"), ("tags", "tags"),
    ("blobs", "git/blobs{/sha}"), ("git_tags", "git/tags{/sha}"), ("git_refs", "git/refs{/sha}"),
    ("trees", "git/trees{/sha}"), ("statuses", "statuses/{sha}"), ("languages", "languages"),
    ("stargazers", "stargazers"), ("contributors", "contributors"), ("subscribers", "subscribers"),
    ("subscription", "subscription"), ("commits", "commits{/sha}"), ("git_commits", "git/commits{/sha}"),
    ("comments", "comments{/number}"), ("issue_comment", "issues/comments{/number}"),
    ("contents", "contents/{+path}"), ("compare", "compare/{base}...{head}"), ("merges", "merges"),
    ("archive", "{archive_format}{/ref}"), ("downloads", "downloads"), ("issues", "issues{/number}"),
    ("pulls", "pulls{/number}"), ("milestones", "milestones{/number}"),
    ("notifications", "notifications{?since,all,participating}"), ("labels", "labels{/name}"),
    ("releases", "releases{/id}"), ("deployments", "deployments"),
  ].map { #""\#($0)_url":"\#(api)/\#($1)""# }.joined(separator: ",")
  let owner =
    #""owner":{"login":"«owner»","id":«ownerID»,"node_id":"U_kgDO«ownerID»","avatar_url":"https://avatars.githubusercontent.com/u/«ownerID»?v=4","gravatar_id":"","url":"\#(user)","html_url":"https://github.com/«owner»",\#(ownerLinks),"type":"«ownerType»","user_view_type":"public","site_admin":false}"#
  let addresses =
    #""git_url":"git://github.com/«fullName».git","ssh_url":"git@github.com:«fullName».git","clone_url":"https://github.com/«fullName».git","svn_url":"https://github.com/«fullName»""#
  let numbers =
    #""size":«size»,"stargazers_count":«stars»,"watchers_count":«stars»,"language":«language»,"has_issues":«hasIssues»,"has_projects":«hasProjects»,"has_downloads":true,"has_wiki":«hasWiki»,"has_pages":«hasPages»,"has_discussions":«hasDiscussions»,"forks_count":«forks»,"mirror_url":null,"archived":«archived»,"disabled":false,"open_issues_count":«openIssues»,"license":«license»"#
  let rest =
    #""allow_forking":true,"is_template":false,"web_commit_signoff_required":false,"topics":«topics»,"visibility":"public","forks":«forks»,"open_issues":«openIssues»,"watchers":«stars»,"default_branch":"«branch»","permissions":{"admin":false,"maintain":false,"push":false,"triage":false,"pull":true}"#
  return #"{"id":«id»,"node_id":"«nodeID»","name":"«name»","full_name":"«fullName»","private":false,\#(owner),"#
    + #""html_url":"https://github.com/«fullName»","description":«description»,"fork":false,"url":"\#(api)",\#(links),"#
    + #""created_at":"«created»","updated_at":"«updated»","pushed_at":«pushed»,\#(addresses),"homepage":«homepage»,"#
    + numbers + "," + rest
}()
