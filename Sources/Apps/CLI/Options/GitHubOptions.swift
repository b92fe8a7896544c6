import ArgumentParser
import Extraction
import Glibc
import HTTPClient

/// How GitHub is reached, with patience.
struct GitHubOptions: ParsableArguments {
  @OptionGroup var host: GitHubHost
  @Option(
    name: .customLong("give-up-after"),
    help: ArgumentHelp("Stop when GitHub has not answered for so long, such as 30m or 2h.", valueName: "time"))
  var giveUpAfter = "2h"
  @Option(
    name: .customLong("search-interval"),
    help: ArgumentHelp(
      "Seconds between two searches; GitHub wants 2, other hosts may allow less.", valueName: "seconds")
  )
  var searchInterval = 2.0

  func validate() throws {
    guard searchInterval.isFinite, (0...3600).contains(searchInterval) else {
      throw ValidationError("--search-interval \(searchInterval): must be 0 ... 3600 seconds")
    }
    guard searchInterval >= 2 || !host.isGitHub else {
      throw ValidationError("--search-interval \(searchInterval): GitHub wants at least 2 seconds")
    }
    guard seconds(of: giveUpAfter) != nil else {
      throw ValidationError("--give-up-after \(giveUpAfter): must look like 90s, 30m or 2h")
    }
  }

  /// Makes the client with the token that there is.
  func client(observer: (any ExtractionObserver)?) throws -> GitHubClient {
    let token = try host.token { observer?.notes($0) }
    if token == nil {
      observer?.notes(
        "no token: GitHub answers 10 searches a minute instead of 30: give one with --token-file or GITHUB_TOKEN")
    }
    let clock = SystemClock(speed: host.clockSpeed)
    let exchange = try host.exchange(token: token) { configuration in
      configuration.maximumBodySize = 32 << 20
      configuration.totalTimeout = .seconds(clock.isSimulated ? 4 : 60)
      configuration.stallTimeout = .seconds(clock.isSimulated ? 2 : 30)
    }
    var settings = GitHubClient.Settings()
    settings.api = host.base
    settings.searchInterval = searchInterval
    settings.giveUpAfter = seconds(of: giveUpAfter) ?? settings.giveUpAfter
    settings.seed = UInt64(getpid())
    return GitHubClient(exchange: exchange, token: token, settings: settings, clock: clock, observer: observer)
  }
}

/// Seconds of "90", "90s", "30m" or "2h"; nil for anything else.
private func seconds(of text: String) -> Double? {
  let units: [Character: Double] = ["s": 1, "m": 60, "h": 3_600]
  let unit = text.last.flatMap { units[$0] }
  guard let value = Double(unit == nil ? text[...] : text.dropLast()), value.isFinite, value >= 0 else { return nil }
  return min(value * (unit ?? 1), 1e8)
}
