import Foundation
import GitHubServer
import Server
import Testing

@Suite struct PageRoutesTests {
  @Test func everyPartIsThere() throws {
    let scene = try RepositoryScene()
    let page = try scene.ask("GET", "/")
    #expect(page.status == 200)
    #expect(page.headers["content-type"] == "text/html; charset=utf-8")
    #expect(page.headers["content-security-policy"]?.contains("default-src 'none'") == true)
    for part in ["rank-form", "hand-form", "table-form", "id=\"model\"", "leaderboard.json"] {
      #expect(page.text.contains(part), "\(part)")
    }
    for (asset, type) in [("page.css", "text/css"), ("page.js", "text/javascript"), ("icon.svg", "image/svg+xml")] {
      let answer = try scene.ask("GET", "/\(asset)")
      #expect(answer.status == 200 && answer.headers["content-type"]?.hasPrefix(type) == true, "\(asset)")
      #expect(page.text.contains("\"\(asset)?v="))
    }
  }

  @Test func ranksWithoutScript() throws {
    let scene = try RepositoryScene()
    let names = [0, 20].map { scene.repositories[$0].name }
    let page = try scene.ask(
      "GET", "/rank?repositories=https://github.com/\(names[0])%0D%0A\(names[1])%0Anobody/nothing%0Ax%3Cb%3E")
    #expect(page.status == 200)
    #expect(page.text.components(separatedBy: "class=\"who\"").count == 3)
    #expect(page.text.contains("GitHub knows no public repository"))
    #expect(page.text.contains("“x&lt;b&gt;” is not owner/name"))
  }

  /// A link on another site must not use up the limit.
  @Test func aLinkElsewhereOnlyFillsTheForm() throws {
    let scene = try RepositoryScene()
    let page = try scene.ask("GET", "/rank?repositories=a/b", headers: ["Sec-Fetch-Site": "cross-site"])
    #expect(page.status == 200 && page.text.contains(">a/b</textarea>"))
    #expect(scene.github.report.requests == 0)
  }

  @Test func predictsByHand() throws {
    let scene = try RepositoryScene()
    let page = try scene.ask("GET", "/predict?f.forks=120&f.language=Swift&f.size_kb=")
    #expect(page.status == 200)
    let api = try scene.ask("POST", "/api/predict", #"{"instances":[{"forks":120,"language":"Swift"}]}"#)
    let stars = try #require((api.json["predictions"] as? [[String: Double]])?.first?["stars"])
    let shown = try #require(page.text.firstMatch(of: /id="hand-value"[^>]*>([^<]*)</))
    let number = try #require(Double(shown.1.replacing(",", with: "")))
    #expect(abs(number - stars) <= 0.005 * stars + 0.05)
    let wrong = try scene.ask("GET", "/predict?forks=many&archived=%3Cscript%3E")
    #expect(wrong.status == 200 && wrong.text.contains("This is not a number.") && !wrong.text.contains("<script>"))
  }

  /// Values that an address has no room for come in a body; another site's form is not read.
  @Test func predictsALongForm() throws {
    let scene = try Scene(models: ["best": "ridge", "other": "mean"])
    let form = ["Content-Type": "application/x-www-form-urlencoded"]
    let page = try scene.ask("POST", "/predict", "model=other&f.size=3&f.kind=flat&f.nothing=1", headers: form)
    #expect(page.status == 200 && page.text.contains("not used: nothing"))
    #expect(page.text.contains("aria-current=\"page\" href=\"./?model=other\""))
    #expect(page.text.firstMatch(of: /id="hand-value"[^>]*>[\d,.]+</) != nil)
    let foreign = form.merging(["Sec-Fetch-Site": "cross-site"]) { $1 }
    let refused = try scene.ask("POST", "/predict", "f.size=3", headers: foreign)
    #expect(refused.text.firstMatch(of: /id="hand-value"[^>]*>–</) != nil)
    #expect(try scene.ask("POST", "/predict", "{}").status == 415)
  }

  @Test(arguments: [
    ("a.csv", "forks,language,stars\n10,Swift,5\n,,\n", 2), ("a.json", #"[{"forks":10},{"language":"C"}]"#, 2),
    ("a.jsonl", "{\"forks\":1}\n{\"forks\":2}\n{\"forks\":3}\n", 3),
    ("windows.json", "\u{feff}[{\"forks\":10}]", 1), ("windows.csv", "\u{feff}forks,language\r\n10,Swift\r\n", 1),
    ("search.json", #"{"items":[{"id":1,"full_name":"x/y","forks_count":3,"stargazers_count":9}]}"#, 1),
    ("export.csv", "full_name,forks_count,open_issues_count,language,stargazers_count\nx/y,5,2,C,9\n", 1),
  ])
  func predictsTables(name: String, content: String, rows: Int) throws {
    let scene = try RepositoryScene()
    let page = try send(content, as: name, to: scene)
    #expect(page.status == 200)
    #expect(page.text.contains("<strong>\(rows) prediction"), "\(page.text.suffix(2_000))")
    #expect(page.text.contains("download=\"predictions.csv\""))
  }

  @Test(arguments: [
    ("a.csv", ""), ("a.csv", "x,y\n1,2\n"), ("a.csv", "forks\nmany\n"), ("a.json", "{"), ("a.json", "[[[["),
    ("a.npy", "\u{1}"),
    ("a.csv", "forks\n" + String(repeating: "1\n", count: 10_001)), ("../../etc/passwd", "root"), ("a.csv", "a,b\n1\n"),
    ("a.json", #"{"instances":[{"forks":1e999}]}"#), ("<b>.csv", "x\n"),
  ])
  func saysWhatIsWrongWithATable(name: String, content: String) throws {
    let scene = try RepositoryScene()
    let page = try send(content, as: name, to: scene)
    #expect(page.status == 200)
    #expect(page.text.contains("No predictions."))
    #expect(!page.text.contains("<b>.csv"))
  }

  @Test func showsWhatFitWroteBesideTheModel() throws {
    let sha = String(repeating: "0", count: 64)
    let leaderboard =
      #"{"data":{"rows":300,"features":9,"target":"stars","sha256":"\#(sha)"},"cv":5,"seed":0,"best":"ridge","models":[{"name":"ridge","r2":0.5,"r2_sd":0.1,"r2_transformed":0.71,"r2_transformed_sd":0.02,"rmse":5,"mae":3,"median_absolute_error":2,"spearman":0.8}]}"#
    let rows = (0..<300).map { "\($0),0,\($0 * 3),\($0 * 4)\n" }.joined()
    let scene = try RepositoryScene(files: [
      "leaderboard.json": leaderboard, "oof.csv": "row,fold,target,ridge\n" + rows,
    ])
    let page = try scene.ask("GET", "/")
    #expect(page.text.contains("0.710") && page.text.contains("± 0.020"))
    #expect(page.text.contains("<svg class=\"scatter\""))
    // It is drawn again where the files change.
    try FileManager.default.removeItem(at: scene.folder.appending(path: "oof.csv"))
    let bare = try scene.ask("GET", "/")
    #expect(!bare.text.contains("<svg class=\"scatter\""))
  }

  @Test(arguments: ["{", "[]", #"{"data":{"sha256":5}}"#]) func leavesOutWhatIsBroken(leaderboard: String) throws {
    let scene = try RepositoryScene(files: ["leaderboard.json": leaderboard, "oof.csv": "a,b\n1"])
    let page = try scene.ask("GET", "/")
    #expect(page.status == 200 && page.text.contains("leaderboard.json"))
    #expect(page.text.contains("The leaderboard cannot be read."))
    let none = try RepositoryScene().ask("GET", "/")
    #expect(!none.text.contains("cannot be read"))
  }

  @Test(arguments: [[0x1f, 0x8b, 8, 0], [0x28, 0xb5, 0x2f, 0xfd], Array("PK\u{3}\u{4}".utf8)] as [[UInt8]])
  func packedFilesHaveToBeUnpacked(begin: [UInt8]) throws {
    let scene = try RepositoryScene()
    let head = "--b0undary\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv.gz\"\r\n\r\n"
    let body = Array(head.utf8) + begin + [0, 1, 255, 254] + Array("\r\n--b0undary--\r\n".utf8)
    let connection = try Connection(port: scene.listener.port)
    try connection.send(
      "POST /table HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b0undary\r\nContent-Length: \(body.count)\r\n\r\n"
    )
    try connection.send(body)
    let page = try connection.answer()
    #expect(page.status == 200 && page.text.contains("it is packed") && page.text.contains("unpack it"))
  }

  @Test func showsTheIntervalOfAModelOfQuantiles() throws {
    let scene = try Scene(models: ["best": "quantiles"])
    let page = try scene.ask("GET", "/predict?size=17&kind=castle&noise=2")
    #expect(page.text.contains("80 % are expected between"))
    let bare = try scene.ask("GET", "/")
    #expect(!bare.text.contains("are expected between"))
  }

  @Test func aModelOfSomethingElseHasAPageToo() throws {
    let scene = try Scene(models: ["best": "ridge", "other": "mean"])
    let page = try scene.ask("GET", "/?model=other")
    #expect(page.status == 200)
    #expect(page.text.contains("<h1>Predict price</h1>") && !page.text.contains("rank-form"))
    #expect(page.text.contains("name=\"f.kind\"") && page.text.contains(">castle</option>"))
    #expect(try scene.ask("GET", "/?model=none").status == 404)
    #expect(try scene.ask("GET", "/predict?model=other&size=3").status == 200)
  }

  @Test func withoutAModelItSaysHowToMakeOne() throws {
    let listener = try Listener(ServerContext(shelf: Shelf()).routes, at: .init(port: 0), threads: 1)
    defer { Task { await listener.stop() } }
    let page = try Scene.ask(port: listener.port, "GET", "/")
    #expect(page.status == 503 && page.text.contains("learners fit"))
  }

  private func send(_ content: String, as name: String, to scene: RepositoryScene) throws -> Answer {
    let body =
      "--b0undary\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\nContent-Type: text/plain\r\n\r\n"
      + content + "\r\n--b0undary--\r\n"
    return try scene.ask(
      "POST", "/table", body, headers: ["Content-Type": "multipart/form-data; boundary=b0undary"])
  }
}
