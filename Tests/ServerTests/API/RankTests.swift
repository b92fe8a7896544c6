import GitHubServer
import Server
import Testing

@Suite struct RankTests {
  @Test func ranksByPredictionAndShowsTheTruth() throws {
    let scene = try RepositoryScene()
    let chosen = [0, 10, 30].map { scene.repositories[$0] }
    let body = #"{"repositories":["\#(chosen.map(\.name).joined(separator: "\",\""))","nobody/nothing"]}"#
    let answer = try scene.ask("POST", "/api/rank", body)
    #expect(answer.status == 200)
    let ranking = try #require(answer.json["ranking"] as? [[String: Any]])
    let predicted = ranking.compactMap { $0["predicted_stars"] as? Double }
    #expect(predicted.count == 3 && predicted == predicted.sorted(by: >))
    #expect(ranking.compactMap { $0["rank"] as? Int } == [1, 2, 3])
    for entry in ranking {
      let name = try #require(entry["repository"] as? String)
      // One that was renamed comes under its new name.
      let known = chosen.first { name.hasPrefix($0.name) }
      #expect(entry["stars"] as? Double == known?.stars, "\(name)")
    }
    let failures = try #require(answer.json["failures"] as? [[String: Any]])
    #expect(failures.count == 1)
    #expect(failures[0]["repository"] as? String == "nobody/nothing" && failures[0]["reason"] as? String == "unknown")
    let github = try #require(answer.json["github"] as? [String: Any])
    #expect(github["limit"] as? Int == 60 && github["has_token"] as? Bool == false)
    #expect(answer.json["missing_features"] as? [String] == [])
    #expect(scene.github.report.violations == [])
  }

  @Test func asksOnceForWhatItKnows() throws {
    let scene = try RepositoryScene(token: "ghp_right")
    let body = #"{"repositories":["\#(scene.repositories[3].name)"]}"#
    for _ in 0..<3 { #expect(try scene.ask("POST", "/api/rank", body).status == 200) }
    #expect(scene.github.report.requests == 1)
    let areAuthorized = scene.github.report.records.allSatisfy { $0.isAuthorized }
    #expect(areAuthorized)
  }

  @Test func reportsTheLimitWithItsTime() throws {
    let scene = try RepositoryScene { $0.faults = FaultPlan(.primary403) }
    let answer = try scene.ask("POST", "/api/rank", #"{"repositories":["a/b","c/d"]}"#)
    #expect(answer.status == 200)
    let failures = try #require(answer.json["failures"] as? [[String: Any]])
    #expect(failures.compactMap { $0["reason"] as? String } == ["limited", "limited"])
    #expect(failures.allSatisfy { ($0["retry_at"] as? String)?.hasSuffix("Z") == true })
    // The second was not asked for.
    #expect(scene.github.report.requests == 1)
  }

  @Test(arguments: [
    (#"{"repositories":["a/b","../c"]}"#, 422, "repositories[1]"), (#"{"repositories":[]}"#, 422, "repositories"),
    (#"{"repositories":["a/b?x"]}"#, 422, "repositories[0]"), (#"{"repositories":"a/b"}"#, 422, "repositories"),
    (#"{}"#, 422, "repositories"), (#"{"repositories":["a/b"],"instances":[{}]}"#, 422, "repositories"),
    (#"{"instances":[{"forks":"many"}]}"#, 422, "instances[0].forks"), (#"{"#, 400, nil), ("", 400, nil),
    (#"{"repositories":["a/b"]"#, 400, nil),
  ])
  func namesWhatIsWrong(body: String, status: Int, path: String?) throws {
    let scene = try RepositoryScene()
    let answer = try scene.ask("POST", "/api/rank", body)
    #expect(answer.status == status)
    if let path { #expect((answer.json["errors"] as? [[String: String]])?.first?["path"] == path) }
    #expect(scene.github.report.requests == 0)
  }

  @Test func ranksInstances() throws {
    let scene = try RepositoryScene()
    let answer = try scene.ask("POST", "/api/rank", #"{"instances":[{"forks":1},{"forks":90000},{"forks":300}]}"#)
    let ranking = try #require(answer.json["ranking"] as? [[String: Any]])
    #expect(ranking.compactMap { $0["instance"] as? Int } == [1, 2, 0])
  }

  /// A price is no number of stars.
  @Test func instancesAreRankedByWhateverIsPredicted() throws {
    let answer = try Scene().ask("POST", "/api/rank", #"{"instances":[{"size":1},{"size":100}]}"#)
    let ranking = try #require(answer.json["ranking"] as? [[String: Any]])
    #expect(ranking.count == 2 && ranking.allSatisfy { $0["predicted"] is Double && $0["predicted_stars"] == nil })
    #expect(try RepositoryScene().ask("POST", "/api/rank", #"{"instances":[{}]}"#).text.contains("predicted_stars"))
  }

  @Test func refusesModelsOfSomethingElse() throws {
    let scene = try Scene()
    #expect(try scene.ask("POST", "/api/rank", #"{"repositories":["a/b"]}"#).status == 422)
  }
}
