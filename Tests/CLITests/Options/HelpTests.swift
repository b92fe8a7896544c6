import Foundation
import TestSupport
import Testing

@Suite struct HelpTests {
  @Test(arguments: [
    "fit", "continue", "predict", "evaluate", "explain", "report", "inspect", "export", "sample", "extract", "serve",
    "deploy", "publish", "info",
  ])
  func everyCommandExplainsItself(command: String) throws {
    let folder = try TemporaryFolder()
    let result = try folder.run(command, "--help")
    #expect(result.status == 0)
    #expect(result.output.contains("USAGE: learners \(command)"))
    #expect(result.errors.isEmpty)
  }

  /// A release has commit and toolchain in the place of this; `scripts/dist` refuses one that has not.
  @Test func theVersionSaysWhatWasBuilt() throws {
    let result = try TemporaryFolder().run("--version")
    let lines = result.output.split(separator: "\n")
    #expect(result.status == 0)
    #expect(lines.first?.wholeMatch(of: /learners \d+\.\d+\.\d+/) != nil)
    #expect(lines.dropFirst() == ["a development build, not a release"])
  }

  @Test func infoShowsTheBLASKernel() throws {
    let folder = try TemporaryFolder()
    let result = try folder.run("info", "--json", "--threads", "2")
    let report = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    #expect((report?["blas_kernel"] as? String)?.isEmpty == false)
    #expect(report?["threads"] as? Int == 2)
  }

  @Test func theSampleIsTheSameForTheSameSeed() throws {
    let folder = try TemporaryFolder()
    for name in ["a.csv", "b.csv"] {
      #expect(try folder.run("sample", "--rows", "50", "--seed", "3", "--out", name).status == 0)
    }
    #expect(try folder.read("a.csv") == folder.read("b.csv"))
    #expect(try folder.run("sample", "--rows", "0", "--out", "c.csv").status == 64)
  }
}
