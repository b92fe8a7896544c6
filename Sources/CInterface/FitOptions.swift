internal import CLearners
internal import Glibc
internal import Learners

/// `learners_options` as values.
@safe internal struct FitOptions: @unchecked Sendable {
  let seed: UInt64
  let targetTransform: TargetTransform.Choice
  /// Names of columns.
  let weights: String?
  let groups: String?
  let time: String?
  /// How often a comparison deals rows into folds.
  let repeats: Int
  let progress: learners_progress?
  let context: UnsafeMutableRawPointer?
  private let flags: UInt64

  init(_ pointer: UnsafePointer<learners_options>?) throws {
    guard let options = unsafe pointer?.pointee else {
      (seed, targetTransform, flags) = (0, .auto, 0)
      (weights, groups, time, repeats) = (nil, nil, nil, 1)
      unsafe (progress, context) = (nil, nil)
      return
    }
    guard unsafe options.size == MemoryLayout<learners_options>.size else {
      throw Refusal(
        LEARNERS_BAD_ARGUMENT, "options.size is \(unsafe options.size): set it to sizeof(learners_options)")
    }
    let name = try unsafe Argument.optionalText(options.target_transform, named: "target_transform") ?? "auto"
    guard let choice = TargetTransform.Choice(rawValue: name) else {
      throw Refusal(LEARNERS_BAD_ARGUMENT, "target_transform \(name): must be auto, none or log1p")
    }
    targetTransform = choice
    weights = try unsafe Argument.optionalText(options.weights, named: "weights")
    groups = try unsafe Argument.optionalText(options.groups, named: "groups")
    time = try unsafe Argument.optionalText(options.time, named: "time")
    guard groups == nil || time == nil else {
      throw Refusal(
        LEARNERS_BAD_ARGUMENT, "options: rows are held out by their groups or by their time: leave one NULL")
    }
    let given = unsafe options.repeats
    guard (0...100).contains(given) else {
      throw Refusal(LEARNERS_BAD_ARGUMENT, "options.repeats is \(given): it must be 0 to 100")
    }
    repeats = max(1, Int(given))
    seed = unsafe options.seed
    flags = unsafe options.flags
    unsafe (progress, context) = unsafe (options.progress, options.context)
    guard
      flags & ~UInt64(LEARNERS_ALLOW_LEAKS | LEARNERS_ALLOW_CONSTANT_TARGET | LEARNERS_IGNORE_IDLE | LEARNERS_BAG) == 0
    else {
      throw Refusal(LEARNERS_BAD_ARGUMENT, "flags \(flags): there are no such flags in this version")
    }
  }

  func has(_ flag: Int) -> Bool { flags & UInt64(flag) != 0 }

  /// The rows of a caller's table to learn from.
  func dataset(_ handle: TableHandle, target: String?) throws -> Dataset {
    guard handle.rowCount > 0 else { throw Refusal(LEARNERS_BAD_DATA, "the table has no rows") }
    var options = Dataset.Options(target: target, groups: groups, time: time, weights: weights)
    options.allowsConstantTarget = has(LEARNERS_ALLOW_CONSTANT_TARGET)
    if has(LEARNERS_ALLOW_LEAKS) { options.allowedLeaks = Set(handle.columns.map(\.name)) }
    return try Dataset(handle.table, options: options)
  }

  /// A learner with settings that are each "name=value".
  func candidate(_ learner: any Regressor.Type, _ assignments: [String]) throws -> Candidate {
    var settings: [String: ParameterValue] = [:]
    for assignment in assignments {
      guard let equals = assignment.firstIndex(of: "=") else {
        throw Refusal(LEARNERS_BAD_ARGUMENT, "setting \(assignment): it must be name=value")
      }
      let value = String(assignment[assignment.index(after: equals)...])
      settings[String(assignment[..<equals])] = ParameterValue(parsing: value)
    }
    return try Candidate(learner, settings: has(LEARNERS_IGNORE_IDLE) ? Self.counting(settings, learner) : settings)
  }

  /// The settings that no other one makes idle.
  private static func counting<Learner: Regressor>(
    _ settings: [String: ParameterValue], _: Learner.Type
  ) throws -> [String: ParameterValue] {
    let parameters = try Learner.Parameters(settings: settings)
    return settings.filter { parameters.idle(among: [$0.key]) == nil }
  }

  static func learner(_ name: String) throws -> any Regressor.Type {
    guard let learner = Registry.learner(named: name) else {
      let known = Registry.learners.map { $0.name }.joined(separator: ", ")
      throw Refusal(LEARNERS_BAD_ARGUMENT, "no learner is called \(name): there are \(known)")
    }
    return learner
  }
}
