import Foundation
import GitHubServer
import HTTPClient
import Testing

@Suite struct FaultTests {
  /// The same seed gives the same faults, whatever comes between.
  @Test func thePlanIsAFunctionOfSeedAndRequest() throws {
    func outcomes(seed: UInt64, otherRequests: Bool) throws -> [String] {
      let conversation = try Conversation {
        $0.faults.seed = seed
        $0.faults.share = 0.3
        $0.faults.kinds = [.status500, .cut, .truncatedJSON, .status502]
      }
      return (0..<60).map { number in
        if otherRequests { _ = try? conversation.get("/users/nobody\(number)") }
        do {
          let response = try conversation.get("/search/repositories?q=stars:%3E\(number % 20)&per_page=1")
          return "\(response.status) \(response.body.count)"
        } catch {
          return (error as? HTTPError).map { "\($0.stage)" } ?? ""
        }
      }
    }
    let plain = try outcomes(seed: 1, otherRequests: false)
    #expect(try plain == outcomes(seed: 1, otherRequests: true))
    #expect(try plain != outcomes(seed: 2, otherRequests: false))
    let faulty = plain.filter { !$0.hasPrefix("200") }.count
    #expect((5...30).contains(faulty))
  }

  @Test func theSameRequestComesThroughInTheEnd() throws {
    let conversation = try Conversation {
      $0.faults.share = 1
      $0.faults.inARow = 3
      $0.faults.kinds = [.status503]
    }
    let statuses = try (0..<5).map { _ in try conversation.get("/rate_limit").status }
    #expect(statuses == [503, 503, 503, 200, 503])
  }

  @Test(arguments: Fault.allCases) func everyFaultIsWhatItSays(fault: Fault) throws {
    let conversation = try Conversation(timeout: .seconds(fault == .slowDrip ? 1 : 10)) {
      $0.faults = FaultPlan(fault)
      $0.faults.silence = 0.05
    }
    guard !fault.isOfGraphQL else {
      let answer = try conversation.query(
        "{ nodes(ids: [\"R_kgDO1000\", \"R_kgDO1007\"]) { ... on Repository { databaseId readme: object(expression: \"HEAD:README.md\") { ... on Blob { byteSize } } } } }"
      )
      let types = (answer["errors"] as? [[String: Any]])?.compactMap { $0["type"] as? String } ?? []
      let expected =
        switch fault {
        case .partialNodes: "RESOURCE_LIMITS_EXCEEDED"
        case .forbidden, .forbiddenNodes: "FORBIDDEN"
        case .insufficientScopes: "INSUFFICIENT_SCOPES"
        default: "SERVICE_UNAVAILABLE"
        }
      #expect(types.first == expected || (fault == .forbiddenNodes && types.isEmpty), "\(answer)")
      return
    }
    do {
      let response = try conversation.get("/search/repositories?q=stars:%3E5&per_page=3")
      let isJSON = (try? JSONSerialization.jsonObject(with: Data(response.body))) != nil
      switch fault {
      case .status500, .status502, .status503, .status504: #expect("status\(response.status)" == fault.rawValue)
      case .secondary403, .primary403: #expect(response.status == 403)
      case .secondary429, .primary429: #expect(response.status == 429)
      case .secondarySilent: #expect(response.status == 403 && response.headers["retry-after"] == nil)
      case .truncatedJSON, .invalidJSON, .emptyBody, .page, .invalidUTF8: #expect(response.status == 200 && !isJSON)
      case .incompleteResults: #expect(try response.object()["incomplete_results"] as? Bool == true)
      case .wrongType, .hugeNumber, .deepNesting: #expect(response.status == 200)
      case .unauthorized: #expect(response.status == 401)
      case .nulText: #expect(String(decoding: response.body, as: UTF8.self).contains(#"\u0000nul"#))
      default: Issue.record("\(fault) was answered with \(response.status)")
      }
      if [.primary403, .primary429].contains(fault) { #expect(response.headers["x-ratelimit-remaining"] == "0") }
      if [.secondary403, .secondary429].contains(fault) { #expect(response.headers["retry-after"] == "60") }
    } catch let error as HTTPError {
      let stage: HTTPError.Stage? =
        switch fault {
        case .silence, .cut, .cutBody: .interrupted
        case .endlessBody, .hugeHeader: .tooLarge
        case .endlessRedirect: .redirect
        case .slowDrip: .timeout
        default: nil
        }
      #expect(error.stage == stage, "\(error)")
    }
    #expect(conversation.server.report.faults[fault.rawValue] ?? 0 > 0)
  }
}
