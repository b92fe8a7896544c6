import Foundation
import Search
import Synchronization
import TestSupport
import Testing

/// A search on a Ray that loses jobs, units and itself: what comes out is what local workers make of it.
@Suite struct RayWorkersTests {
  /// Part of a program, so that the package is small.
  private func program(_ folder: TemporaryFolder) throws -> ShippedProgram {
    try folder.write("program", "the program")
    try folder.write("loader", "its loader")
    return ShippedProgram(
      path: folder.path("program"), libraries: [("ld-linux-x86-64.so.2", folder.path("loader"))])
  }

  private final class Notes: Sendable {
    let all = Mutex<[String]>([])
    func add(_ text: String) { all.withLock { $0.append(text) } }
    func contains(_ text: String) -> Bool { all.withLock { $0.contains { $0.contains(text) } } }
  }

  private func workers(
    _ scene: Scene, _ server: JobsServer, _ store: SearchStore, _ notes: Notes = Notes(),
    patience: Duration = .seconds(30)
  ) throws -> RayWorkers {
    let cluster = RayCluster(
      address: server.url, threads: 2, processes: 7, memory: 1 << 30, patience: patience, environment: [:])
    let package = try ShippedPackage(scene.preparedData().file, program: program(scene.folder))
    return RayWorkers(
      cluster, try cluster.connect(), package: package, store: store.path, resultSize: 1000, tell: { notes.add($0) })
  }

  private func plan() throws -> SearchPlan {
    SearchPlan(spaces: [try Scene.ridge(), try Scene.svr()], method: .racing, trials: 12)
  }

  private func undisturbed(_ scene: Scene) throws -> [String] {
    let store = try scene.store("undisturbed.sqlite")
    #expect(try scene.search(store, try plan()).run(try scene.workers(), until: nil) == .complete)
    return try Scene.text(store)
  }

  @Test(
    arguments: [
      [.done], [.killed(after: 3), .done], [.forgotten(after: 2), .done], [.loses(2)],
      [.killed(after: 0), .killed(after: 1), .killed(after: 0), .done],
    ] as [[JobsServer.Course]])
  func theSameComesOutWhateverIsLost(_ courses: [JobsServer.Course]) throws {
    let scene = try Scene()
    let server = try JobsServer(scene) { $0.courses = courses }
    let store = try scene.store()
    let workers = try workers(scene, server, store)
    #expect(try scene.search(store, try plan()).run(workers, until: nil) == .complete)
    workers.end()
    #expect(try Scene.text(store) == undisturbed(scene))
    let state = server.now
    #expect(state.courses.count == 1, "something was lost")
    #expect(state.jobs.count <= 1, "jobs that are done are taken away")
  }

  @Test func thePackageIsHandedOverOnce() throws {
    let scene = try Scene()
    let server = try JobsServer(scene)
    for name in ["one.sqlite", "two.sqlite"] {
      let store = try scene.store(name)
      let workers = try workers(scene, server, store)
      #expect(try scene.search(store, try plan()).run(workers, until: nil) == .complete)
      workers.end()
    }
    let state = server.now
    let packages = state.uploads.filter { $0.hasPrefix("learners_") }
    #expect(packages.count == 1)
    let members = try ZipReader(#require(state.packages[packages[0]])).members
    #expect(Set(members.keys) == ["learners", "lib/ld-linux-x86-64.so.2", "driver.py", "data"])
    #expect(members["learners"] == .init(content: Array("the program".utf8), mode: 0o755))
    let copy = try TemporaryFile()
    try copy.append(members["data"]?.content ?? [])
    #expect(PreparedData(descriptor: copy.descriptor) != nil)
  }

  @Test func nodesAreToldHowTheProgramIsStarted() throws {
    let scene = try Scene()
    let server = try JobsServer(scene) { $0.courses = [.stopped] }
    let store = try scene.store()
    let workers = try workers(scene, server, store)
    let error = #expect(throws: SearchError.self) { try scene.search(store, try plan()).run(workers, until: nil) }
    #expect(error?.code == .unavailable && error?.what.contains("stopped by somebody") == true)
    let (id, job) = try #require(server.now.jobs.first)
    #expect(
      job.entrypoint
        == "python3 driver.py --feed \(id) --cpus 2 --most 7 -- lib/ld-linux-x86-64.so.2 --library-path lib ./learners worker "
        + "--prepared data --threads 2 --memory-bytes 1073741824")
  }

  /// The coordinator is killed while a job goes on.
  @Test func whatAnEarlierJobHasLeftIsTaken() throws {
    let scene = try Scene()
    let server = try JobsServer(scene) { $0.courses = [.killed(after: 4), .done] }
    let store = try scene.store()
    let first = try workers(scene, server, store)
    try fill(first, store, scene)
    // The job does its units, and nobody takes the results.
    _ = try first.wait(.zero)
    let id = try #require(server.now.jobs.keys.first)
    _ = server.answer("GET", "/api/jobs/\(id)", nil, [])
    server.change { $0.jobs[id]?.status = "RUNNING" }
    let notes = Notes()
    let second = try workers(scene, server, store, notes)
    #expect(try scene.search(store, try plan()).run(second, until: nil) == .complete)
    #expect(notes.contains("earlier jobs have left 4 results"))
    #expect(server.now.jobs[id]?.status == "STOPPED")
    #expect(try Scene.text(store) == undisturbed(scene))
  }

  private func fill(_ workers: RayWorkers, _ store: SearchStore, _ scene: Scene) throws {
    let step = try #require(
      try plan().method.strategy.next(
        SearchState(plan: try plan(), seed: 7, foldCount: 4, known: [], foldCosts: { _ in [:] })))
    try store.plan(step.trials, folds: step.folds, experiment: "any", batch: 16)
    for unit in try store.waitingUnits(after: 0, atMost: 100) { workers.give(unit) }
  }

  @Test func aClusterThatDoesNothingIsWaitedForAndNoLonger() throws {
    for (cpus, words) in [(0, "the cluster has no processor"), (8, "no processor of the cluster is free")] {
      let scene = try Scene()
      let server = try JobsServer(scene) { $0.courses = [.held(cpus: cpus)] }
      let store = try scene.store()
      let workers = try workers(scene, server, store, patience: .seconds(1))
      let error = #expect(throws: SearchError.self) { try scene.search(store, try plan()).run(workers, until: nil) }
      #expect(error?.code == .unavailable && error?.what.contains(words) == true)
      workers.end()
      #expect(server.now.jobs.values.allSatisfy { $0.status == "STOPPED" }, "what waits is ended")
      // What is missing is done elsewhere.
      #expect(try scene.search(store, try plan()).run(try scene.workers(), until: nil) == .complete)
      #expect(try Scene.text(store) == undisturbed(scene))
    }
  }

  @Test func aSilenceIsBorneAndALongOneIsNot() throws {
    let scene = try Scene()
    let server = try JobsServer(scene)
    let store = try scene.store()
    let (notes, borne) = (Notes(), try workers(scene, server, store))
    _ = borne
    let workers = try workers(scene, server, store, notes, patience: .seconds(2))
    server.change { $0.silent = 2 }
    #expect(try scene.search(store, try plan()).run(workers, until: nil) == .complete)
    #expect(notes.contains("trying again") && notes.contains("answers again"))
    let other = try scene.store("other.sqlite")
    let given = try self.workers(scene, server, other, patience: .milliseconds(500))
    server.change { $0.silent = .max }
    let error = #expect(throws: SearchError.self) { try scene.search(other, try plan()).run(given, until: nil) }
    #expect(error?.code == .unavailable && error?.advice.contains("what is done is kept") == true)
  }

  @Test func jobsThatBringNothingAreNotBegunForEver() throws {
    let scene = try Scene()
    let server = try JobsServer(scene) { $0.courses = [.killed(after: 0)] }
    let store = try scene.store()
    let workers = try workers(scene, server, store)
    let error = #expect(throws: SearchError.self) { try scene.search(store, try plan()).run(workers, until: nil) }
    #expect(error?.code == .unavailable && error?.what.contains("3 jobs in a row") == true)
  }

  @Test func aPackageThatIsTooLarge() throws {
    let scene = try Scene()
    let server = try JobsServer(scene) { $0.largestBody = 500 }
    let store = try scene.store()
    let workers = try workers(scene, server, store)
    let error = #expect(throws: SearchError.self) { try scene.search(store, try plan()).run(workers, until: nil) }
    #expect(error?.code == .badData && error?.what.contains("as a package") == true)
  }

  @Test func theTimeEndsTheJob() throws {
    let scene = try Scene()
    let server = try JobsServer(scene) { $0.courses = [.held(cpus: 1)] }
    let store = try scene.store()
    let workers = try workers(scene, server, store)
    let ending = try scene.search(store, try plan()).run(workers, until: .now + .milliseconds(700))
    #expect(ending == .outOfTime)
    workers.end()
    #expect(server.now.jobs.values.allSatisfy { $0.status == "STOPPED" })
  }
}
