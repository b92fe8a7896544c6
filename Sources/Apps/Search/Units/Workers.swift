/// Somebody who does units of work: processes of this machine, or a cluster.
package protocol Workers: AnyObject {
  /// Whether another unit could be taken at once.
  var hasRoom: Bool { get }
  /// Units that are given and not done.
  var running: Int { get }
  func give(_ unit: WorkUnit) throws(SearchError)
  /// Waits for something to happen, so long at most.
  func wait(_ limit: Duration) throws(SearchError) -> [WorkerEvent]
  /// Ends all that is running.
  func end()
}

/// What becomes of units that were given away.
package enum WorkerEvent {
  case result(UnitResult)
  /// The worker is gone, and this unit with it.
  case lost(WorkUnit, process: Int32, cause: String)
  /// It was not done, and that is no fault of its own.
  case returned(WorkUnit)
}
