public import HTTPClient
internal import Learners

/// The page that answers visitors, as a visitor sees it.
public struct ServedPage: Sendable {
  let page: String
  let model: String
  let exchange: any HTTPExchange
  let clock: any DeployClock

  public init(_ settings: DeliverySettings, exchange: any HTTPExchange, clock: any DeployClock) {
    (page, model) = (settings.page, settings.model)
    (self.exchange, self.clock) = (exchange, clock)
  }

  /// Waits until it serves this very content.
  /// - Parameter version: the first digits of the file's SHA-256.
  func waitUntilServed(_ version: String, seconds: Double) throws(Rejection) {
    let start = clock.seconds
    var seen = ""
    while true {
      do throws(HTTPError) {
        let response = try exchange.send(HTTPRequest("GET", page + "healthz"))
        seen = JSONValue(parsing: response.body)?["models"]?[model]?.text ?? "nothing"
        if response.status == 200 && seen == version { return }
        seen = "it serves \(shown(seen))"
      } catch {
        seen = error.reason
      }
      guard clock.seconds - start < seconds else {
        throw Rejection(
          "the page does not serve \(version) after \(Int(seconds)) s: \(seen)",
          advice: "look at journalctl --unit learners on prod")
      }
      clock.sleep(seconds: 0.1)
    }
  }

  /// Asks for the golden rows, as a visitor would.
  func probe(_ file: ModelFile) throws(Rejection) -> String {
    let start = clock.seconds
    let body: JSONValue = ["instances": .array(file.goldenRows.instances)]
    let response: HTTPResponse
    do throws(HTTPError) {
      let header = HTTPHeader("Content-Type", "application/json")
      response = try exchange.send(HTTPRequest("POST", page + "api/predict", headers: [header], body: body.bytes))
    } catch {
      throw Rejection("the page does not predict: \(error.reason)", advice: "look at its log on prod")
    }
    let answers = JSONValue(parsing: response.body)?["predictions"]?.elements ?? []
    guard response.status == 200, answers.count == file.goldenRows.predictions.count else {
      throw Rejection("the page answers \(response.status) to its golden rows", advice: "look at its log on prod")
    }
    let scale = file.goldenRows.predictions.reduce(0) { max($0, abs($1)) }
    for (answer, expected) in zip(answers, file.goldenRows.predictions) {
      guard let found = answer[file.model.target]?.number, abs(found - expected) <= 1e-4 * scale else {
        throw Rejection("the page predicts its golden rows differently", advice: "look at its log on prod")
      }
    }
    let milliseconds = Int(((clock.seconds - start) * 1000).rounded(.up))
    return "\(answers.count) golden rows predicted by the page in \(milliseconds) ms"
  }
}

extension GoldenRows {
  /// As requests have them: names, numbers, texts of levels; what is missing is left out.
  internal var instances: [JSONValue] {
    (0..<rows.rowCount).map { row in
      var members: [String: JSONValue] = [:]
      for (feature, column) in zip(rows.features, rows.columns) where !column[row].isNaN {
        guard let levels = feature.levels else {
          members[feature.name] = .double(column[row])
          continue
        }
        // One more than there are levels is any text that the model has not seen.
        let index = Int(column[row])
        members[feature.name] = .text(index < levels.count ? levels[index] : "\u{1}unseen")
      }
      return .object(members)
    }
  }
}
