import Foundation
import Learners
import Linalg
import TestSupport
import Testing

import Search

/// A small experiment and a store for it.
final class Scene {
  let folder: TemporaryFolder
  let experiment: Experiment
  let facts = ["the data": "synthetic"]

  init(rows: Int = 80, folds: Int = 4) throws {
    folder = try TemporaryFolder()
    experiment = Experiment(
      dataset: try Dataset(Self.table(rows)), folds: try Folds(shuffling: rows, into: folds, seed: 1),
      targetTransform: .none, seed: 7)
  }

  private static func table(_ rows: Int, more: [Column] = []) -> Table {
    let (x, y) = SyntheticData.friedman(rows: rows, features: 5)
    let columns = (0..<5).map { column in
      Column(name: "x\(column)", values: .numeric((0..<rows).map { x[$0, column] }))
    }
    return Table(columns: columns + more + [Column(name: "y", values: .numeric(y))])
  }

  /// The same rows, of groups or in time.
  func experiment(ordered numbers: [Double], areGroups: Bool) throws -> Experiment {
    let table = Self.table(numbers.count, more: [Column(name: "when", values: .numeric(numbers))])
    let dataset = try Dataset(
      table, options: areGroups ? .init(groups: "when") : .init(time: "when"))
    let folds =
      try areGroups
      ? Folds(grouping: #require(dataset.groups), into: 4, seed: 1) : Folds(inOrderOf: #require(dataset.times), into: 4)
    return Experiment(dataset: dataset, folds: folds, targetTransform: .none, seed: 7)
  }

  func store(_ name: String = "search.sqlite") throws -> SearchStore {
    let store = try SearchStore(writing: folder.path(name))
    try store.agree(on: facts)
    return store
  }

  func search(_ store: SearchStore, _ plan: SearchPlan) throws -> Search {
    try Search(store: store, experiment: experiment, plan: plan, facts: facts, observer: nil)
  }

  func workers(_ faults: Faults = Faults()) throws -> DirectWorkers {
    DirectWorkers(try preparedData().data, faults)
  }

  func preparedData() throws -> (file: TemporaryFile, data: PreparedData) {
    let preparations = Set(Registry.learners.map { $0.preparation })
    let file = try PreparedDataWriter.file(experiment, for: preparations)
    return (file, try #require(PreparedData(descriptor: file.descriptor)))
  }

  /// All trials as text, times aside.
  static func text(_ store: SearchStore) throws -> [String] {
    try store.trials().map {
      "\($0.id) \($0.learner) \($0.settings) \($0.state) \($0.reason ?? "") \($0.figures.map { "\($0.bytes)" } ?? "")"
    }
  }

  static func ridge() throws -> Space {
    try Space(Ridge.self, fixed: [:], dimensions: [.reals("alpha", 0.01...1000, log: true)])
  }

  static func svr() throws -> Space {
    try Space(
      SVR.self, fixed: ["tolerance": .real(0.01)],
      dimensions: [.reals("c", 0.1...30, log: true), .reals("epsilon", 0.01...0.5, log: true)])
  }
}

/// When workers are lost, and the search with them.
struct Faults {
  /// Numbers of units given, from 0, whose worker is lost.
  var lost: Set<Int> = []
  /// So many units are done before the whole search is killed.
  var dies: Int?
  var atOnce = 1

  struct Killed: Error {}
}

/// Does units in this process, the last given first, so that the order of results is another than that of units.
final class DirectWorkers: Workers {
  private var work: UnitWork
  private var units: [WorkUnit] = []
  private let faults: Faults
  private(set) var given = 0
  private var done = 0

  init(_ data: PreparedData, _ faults: Faults) {
    work = UnitWork(data)
    self.faults = faults
  }

  var hasRoom: Bool { units.count < faults.atOnce }
  var running: Int { units.count }

  func give(_ unit: WorkUnit) { units.append(unit) }

  func wait(_ limit: Duration) throws(SearchError) -> [WorkerEvent] {
    guard let unit = units.popLast() else { return [] }
    defer { given += 1 }
    if faults.lost.contains(given) { return [.lost(unit, process: 1, cause: "signal 9")] }
    if done == faults.dies { throw SearchError(.bug, "killed", advice: "none") }
    done += 1
    return [.result(work.result(of: unit))]
  }

  func end() { units = [] }
}
