extension MadeRepository {
  /// Everything that this server knows of the type `Repository`.
  var graphQLObject: GraphQLObject {
    GraphQLObject(type: "Repository") { arguments throws(GraphQLProblem) in
      if let scalar = scalars[arguments.field] { return .value(scalar) }
      switch arguments.field {
      case "owner":
        return .object(plainObject(isOrganization ? "Organization" : "User", ["login": .string(owner)]))
      case "primaryLanguage":
        return language.map { .object(plainObject("Language", ["name": .string($0)])) } ?? .null
      case "licenseInfo": return licenseObject
      case "defaultBranchRef": return branchObject
      case "object": return fileObject(arguments.string("expression") ?? "")
      case "languages": return .object(languagesObject)
      case "repositoryTopics": return .object(topicsObject)
      default:
        guard let count = count(arguments) else { throw .undefined(arguments.field, on: "Repository") }
        return .object(
          plainObject(
            arguments.field.prefix(1).uppercased() + arguments.field.dropFirst() + "Connection",
            ["totalCount": .number(count)]))
      }
    }
  }

  private var scalars: [String: JSONValue] {
    [
      "id": .string(nodeID), "databaseId": .number(id), "name": .string(name), "nameWithOwner": .string(fullName),
      "url": .string("https://github.com/" + fullName), "description": .text(descriptionText),
      "stargazerCount": .number(stars), "forkCount": .number(forks), "diskUsage": .number(size),
      "createdAt": .string(createdText), "updatedAt": .string(updatedText), "pushedAt": .text(pushedText),
      "isArchived": .bool(archived), "isFork": .bool(false), "isPrivate": .bool(false), "isDisabled": .bool(false),
      "isTemplate": .bool(false), "isMirror": .bool(false), "homepageUrl": .text(homepageText),
      "hasIssuesEnabled": .bool(hasIssues), "hasProjectsEnabled": .bool(hasProjects), "hasWikiEnabled": .bool(hasWiki),
      "hasDiscussionsEnabled": .bool(hasDiscussions), "visibility": .string("PUBLIC"),
    ]
  }

  private func count(_ arguments: GraphQLArguments) -> Int? {
    let states = arguments.words("states")
    func counted(_ which: StaticString, _ open: Int, _ ended: [String]) -> Int {
      let closed = detail(which, about: 3 * openIssues + 2)
      return (states?.contains("OPEN") ?? true ? open : 0)
        + (states?.contains(where: ended.contains) ?? true ? closed : 0)
    }
    let openRequests = openIssues / 4
    switch arguments.field {
    case "watchers": return watchers
    case "stargazers": return stars
    case "forks": return forks
    case "issues": return hasIssues ? counted("github.issues", openIssues - openRequests, ["CLOSED"]) : 0
    case "pullRequests": return counted("github.requests", openRequests, ["CLOSED", "MERGED"])
    case "releases": return detail("github.releases", about: topics)
    case "mentionableUsers": return detail("github.people", about: 2 + forks / 5)
    case "discussions": return hasDiscussions ? detail("github.discussions", about: openIssues) : 0
    default: return nil
    }
  }

  private var licenseObject: GraphQLResult {
    guard let license else { return .null }
    return .object(
      plainObject(
        "License",
        [
          "spdxId": .string(license), "name": .string(license),
          "key": .string(license == "NOASSERTION" ? "other" : license.lowercased()),
        ]))
  }

  /// An empty repository has no branch.
  private var branchObject: GraphQLResult {
    guard let pushedText else { return .null }
    let commits = 1 + detail("github.commits", about: size / 20 + 3)
    let commit = GraphQLObject(type: "Commit") { arguments throws(GraphQLProblem) in
      switch arguments.field {
      case "committedDate": return .value(.string(pushedText))
      case "history":
        return .object(plainObject("CommitHistoryConnection", ["totalCount": .number(commits)]))
      default: throw .undefined(arguments.field, on: "Commit")
      }
    }
    return .object(
      GraphQLObject(type: "Ref") { arguments throws(GraphQLProblem) in
        switch arguments.field {
        case "name": return .value(.string(branch))
        case "target": return .object(commit)
        default: throw .undefined(arguments.field, on: "Ref")
        }
      })
  }

  private func fileObject(_ expression: String) -> GraphQLResult {
    guard pushed != nil, expression.hasSuffix(":README.md"), id % 10 != 3 else { return .null }
    let size = detail("github.readme", about: 3000)
    return .object(
      plainObject("Blob", ["byteSize": .number(size), "isBinary": .bool(false)]))
  }

  private var languagesObject: GraphQLObject {
    // The main language comes first, as it does ordered by size.
    let names = language.map { main in [main] + ["HTML", "Shell"].filter { $0 != main } } ?? []
    let sizes = names.indices.map { detail("github.languages", about: 1000 * (size + 1)) / ($0 * $0 * 4 + 1) }
    return GraphQLObject(type: "LanguageConnection") { arguments throws(GraphQLProblem) in
      switch arguments.field {
      case "totalCount": return .value(.number(names.count))
      case "totalSize": return .value(.number(sizes.reduce(0, +)))
      case "nodes": return .list(names.map { plainObject("Language", ["name": .string($0)]) })
      case "edges":
        return .list(
          zip(names, sizes).map { name, size in
            GraphQLObject(type: "LanguageEdge") { arguments throws(GraphQLProblem) in
              switch arguments.field {
              case "size": return .value(.number(size))
              case "node": return .object(plainObject("Language", ["name": .string(name)]))
              default: throw .undefined(arguments.field, on: "LanguageEdge")
              }
            }
          })
      default: throw .undefined(arguments.field, on: "LanguageConnection")
      }
    }
  }

  private var topicsObject: GraphQLObject {
    GraphQLObject(type: "RepositoryTopicConnection") { arguments throws(GraphQLProblem) in
      switch arguments.field {
      case "totalCount": return .value(.number(topics))
      case "nodes":
        return .list(
          topicNames.map { topic in
            GraphQLObject(type: "RepositoryTopic") { arguments throws(GraphQLProblem) in
              guard arguments.field == "topic" else { throw .undefined(arguments.field, on: "RepositoryTopic") }
              return .object(plainObject("Topic", ["name": .string(topic)]))
            }
          })
      default: throw .undefined(arguments.field, on: "RepositoryTopicConnection")
      }
    }
  }
}
