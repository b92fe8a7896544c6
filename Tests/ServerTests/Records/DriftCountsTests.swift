import Foundation
import Learners
import Server
import Testing

/// Whether the rows that are predicted are still like those of training.
@Suite struct DriftCountsTests {
  private func body(_ rows: Int, size: (Int) -> Double, kind: (Int) -> String) -> String {
    // As in the training rows, one in eleven has no size.
    let instances = (0..<rows).map { row in
      let known = row % 11 == 0 ? "" : #""size":\#(size(row)),"#
      return #"{\#(known)"kind":"\#(kind(row))","noise":\#(row * 7919 % 13)}"#
    }
    return #"{"instances":[\#(instances.joined(separator: ","))]}"#
  }

  private func figure(_ name: String, of feature: String, in scene: Scene) throws -> Double? {
    let text = try scene.ask("GET", "/metrics").text
    let start = "\(name){model=\"best\",feature=\"\(feature)\"} "
    return text.split(separator: "\n").first { $0.hasPrefix(start) }.flatMap { Double($0.dropFirst(start.count)) }
  }

  private let index = "learners_feature_stability_index"
  private let beyond = "learners_rows_beyond_training_total"

  @Test func rowsLikeThoseOfTrainingAreStableAndOthersAreNot() throws {
    let scene = try Scene()
    let kinds = ["flat", "house", "castle"]
    #expect(try figure(index, of: "size", in: scene) == nil && figure(beyond, of: "size", in: scene) == nil)
    _ = try scene.ask(
      "POST", "/api/predict",
      body(50) {
        Double($0 * 37 % 101)
      } kind: {
        kinds[$0 % 3]
      })
    #expect(try figure(index, of: "size", in: scene) == nil, "few rows tell nothing")
    _ = try scene.ask(
      "POST", "/api/predict",
      body(150) {
        Double($0 * 37 % 101)
      } kind: {
        kinds[$0 % 3]
      })
    #expect(try figure(index, of: "size", in: scene) ?? 9 < 0.2 && figure(index, of: "kind", in: scene) ?? 9 < 0.1)
    #expect(try figure(beyond, of: "size", in: scene) == 0)
    _ = try scene.ask(
      "POST", "/api/predict",
      body(400) {
        80 + Double($0 % 60)
      } kind: { _ in
        "castle"
      })
    #expect(try figure(index, of: "size", in: scene) ?? 0 > 0.25 && figure(index, of: "kind", in: scene) ?? 0 > 0.25)
    #expect(try figure(index, of: "noise", in: scene) ?? 9 < 0.1)
    // Sizes from 111 on: a tenth beyond 0 to 100.
    #expect(try figure(beyond, of: "size", in: scene) == Double((0..<400).count { $0 % 11 != 0 && 80 + $0 % 60 > 110 }))
  }

  /// No row is lost where several threads count at the same time.
  @Test func threadsCountAllRows() throws {
    let scene = try Scene()
    let text = body(100) { _ in
      1_000
    } kind: { _ in
      "flat"
    }
    DispatchQueue.concurrentPerform(iterations: 64) { _ in _ = try? scene.ask("POST", "/api/predict", text) }
    #expect(try figure(beyond, of: "size", in: scene) == Double(64 * (0..<100).count { $0 % 11 != 0 }))
  }

  /// Another model has training rows of its own; the same one, loaded again, goes on.
  @Test func anotherModelBeginsAnew() throws {
    let scene = try Scene()
    _ = try scene.ask(
      "POST", "/api/predict",
      body(200) {
        Double($0)
      } kind: { _ in
        "flat"
      })
    try scene.steward.load("best")
    #expect(try figure(beyond, of: "size", in: scene) == Double((0..<200).count { $0 % 11 != 0 && $0 > 110 }))
    try Scene.write("mean", to: scene.folder.appending(path: "best.safetensors"))
    try scene.steward.load("best")
    #expect(try figure(beyond, of: "size", in: scene) == nil)
  }
}
