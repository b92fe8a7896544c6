public import CLearners
internal import Learners

@c @implementation
public func learners_fit(
  _ learner: UnsafePointer<CChar>?, _ settings: UnsafePointer<UnsafePointer<CChar>?>?, _ settingCount: Int64,
  _ table: OpaquePointer?, _ target: UnsafePointer<CChar>?, _ options: UnsafePointer<learners_options>?,
  _ model: UnsafeMutablePointer<OpaquePointer?>?
) -> learners_status {
  answering {
    let place = unsafe try Argument.place(model, named: "model")
    let options = unsafe try FitOptions(options)
    let learner = try FitOptions.learner(unsafe try Argument.text(learner, named: "learner"))
    let settings = unsafe try Argument.texts(settings, count: settingCount, named: "settings")
    let candidate = try options.candidate(learner, settings)
    let table = unsafe try Handle.object(table, TableHandle.self, named: "table")
    let dataset = try options.dataset(table, target: unsafe try Argument.optionalText(target, named: "target"))
    let fitted = try Watch.run(options) { stage in
      stage.tell(candidate.name)
      let model = try candidate.fit(
        dataset, rows: Array(0..<dataset.rowCount), targetTransform: options.targetTransform, seed: options.seed)
      return try ModelHandle(
        model, of: dataset, seed: options.seed, dataHash: dataset.contentHash, notes: dataset.notes)
    }
    unsafe place.pointee = Handle.retained(fitted)
  }
}
