import ArgumentParser
import Extraction

struct ExtractCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "extract",
    abstract: "Fetch repositories from GitHub into a store that fit reads.",
    discussion: """
      Searches slice by slice, because GitHub shows 1,000 results of a search, and says at the end what was asked for, what \
      came and what is missing. Interrupted or killed, the same command goes on where it was. On another day it adds a \
      snapshot to the store. Everything is sent to --api and to nowhere else. docs/extraction.md has costs and details.

      The 1,000 repositories with the most stars, then a model of them:

        learners extract --token-file github-token.json
        learners fit --data data/repositories.sqlite

      What 20,000 repositories would cost, then the repositories with what GraphQL knows about them:

        learners extract --count 20000 --details graphql --dry-run
        learners extract --count 20000 --details graphql

      All Swift repositories with at least 10 stars, in a store and a JSON file of their own, and next week what changed:

        learners extract --query 'language:swift stars:>=10' --count all --store swift.sqlite --json swift.json
        learners extract --query 'language:swift stars:>=10' --count all --store swift.sqlite --refresh
      """)

  @OptionGroup var options: ExtractOptions
  @OptionGroup var github: GitHubOptions

  func run() throws {
    let display = ExtractDisplay()
    defer { display.end() }
    let kept = OutputGuard(keeping: [github.host.usedTokenFile, github.host.cacert])
    for part in OutputGuard.storeParts(options.store) { try kept.refuse(part) }
    var outputs = OutputGuard(keeping: [options.store, github.host.usedTokenFile, github.host.cacert])
    try outputs.check(options.json)
    let client = try github.client(observer: display)
    try Extractor.check(options.settings, client)
    if options.dryRun {
      let plan = try Extractor.plan(client: client, settings: options.settings)
      display.end()
      return try Terminal.writePage(plan.text(width: Terminal.width()) + "\n")
    }
    if let slash = options.store.lastIndex(of: "/"), slash > options.store.startIndex {
      try OutputFile.makeFolder(String(options.store[..<slash]))
    }
    let store = try Store(writing: options.store)
    let extractor = try Extractor(store: store, client: client, settings: options.settings, observer: display)
    let report = try extractor.run()
    if let json = options.json {
      try OutputFile.stream(to: json) { sink in try extractor.writeJSON(of: report, to: sink) }
    }
    display.end()
    try Terminal.writePage(report.text(store: options.store, width: Terminal.width()) + "\n")
    guard report.missed == 0 || options.acceptMissing else {
      throw Failure(
        .unavailable,
        "\(options.store): \(report.missed) repositories are missing, see above: run it again to ask for them, or use --accept-missing"
      )
    }
  }
}
