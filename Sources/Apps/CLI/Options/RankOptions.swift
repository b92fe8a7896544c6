import ArgumentParser
import Extraction
import HTTPClient
import Server

/// How the server asks GitHub about repositories.
struct RankOptions: ParsableArguments {
  @OptionGroup var host: GitHubHost

  func settings() throws -> RankSettings {
    let token = try host.token { Terminal.writeError("learners: " + $0) }
    let clock = SystemClock(speed: host.clockSpeed)
    // Somebody waits for the answer.
    let exchange = try host.exchange(token: token) { configuration in
      configuration.maximumBodySize = 4 << 20
      configuration.connectTimeout = .seconds(5)
      configuration.totalTimeout = .seconds(15)
      configuration.stallTimeout = .seconds(10)
    }
    var settings = RepositoryLookup.Settings()
    settings.api = host.base
    return RankSettings(
      lookup: RepositoryLookup(exchange: exchange, token: token, settings: settings, clock: clock))
  }
}
