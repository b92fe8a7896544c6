/// How repositories are fetched.
package struct RankSettings: Sendable {
  package var api: String
  package var tokenFile: String?

  package init(api: String = "https://api.github.com", tokenFile: String? = nil) {
    self.api = api
    self.tokenFile = tokenFile
  }
}
