import ArgumentParser
import Server

/// How the server asks GitHub about repositories.
struct RankOptions: ParsableArguments {
  @Option(
    name: .customLong("token-file"),
    help: ArgumentHelp(
      "A file like {\"github_token\": \"…\"}, for repositories that are ranked. It goes to the API's host only.",
      valueName: "file"))
  var tokenFile: String?
  @Option(help: ArgumentHelp("The interface to ask: GitHub's, or that of a GitHub Enterprise.", valueName: "url"))
  var api = "https://api.github.com"

  func settings() throws -> RankSettings {
    RankSettings(api: api, tokenFile: tokenFile)
  }
}
