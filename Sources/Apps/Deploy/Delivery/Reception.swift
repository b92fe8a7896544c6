internal import Glibc
public import Learners

/// Takes or refuses a push, before its branch moves: what a pre-receive hook does.
///
/// Everything is decided here, under a lock: the file is read and judged, its release takes the place of the served one in one
/// step, the page is asked, and where it does not answer rightly the release before is served again and the push refused. A
/// process that is killed anywhere leaves a whole release served, the old one or the new one.
public struct Reception {
  let settings: DeliverySettings
  let gate: Gate
  let page: ServedPage
  let clock: any DeployClock
  let releases: ReleaseFolder
  let objects: PushedObjects
  /// Whether whoever pushes is still there.
  let isWanted: () -> Bool

  public init(
    _ settings: DeliverySettings, page: ServedPage, clock: any DeployClock = PassingClock(),
    isWanted: @escaping () -> Bool = { true },
    heldOut: @escaping (ModelFile) throws(DeployError) -> HeldOutRows?
  ) {
    self.settings = settings
    self.page = page
    self.clock = clock
    self.isWanted = isWanted
    gate = Gate(settings: settings, heldOut: heldOut)
    releases = ReleaseFolder(settings)
    objects = PushedObjects(repository: settings.repository)
  }

  /// - Parameter hookInput: what git tells the hook.
  public func receive(hookInput: String) -> Verdict {
    var verdict = Verdict()
    do {
      let lock = try takeLock()
      defer { close(lock) }
      try receive(PushedChange(hookInput: hookInput), &verdict)
    } catch let step as FailedStep {
      verdict.reject(step.name, step.rejection)
    } catch {
      verdict.reject("push", error as? Rejection ?? Rejection("\(error)", advice: "this is a bug: please report it"))
    }
    return verdict
  }

  private struct FailedStep: Error {
    let name: String
    let rejection: Rejection
  }

  /// A step that is a line of the verdict.
  private func step<Result>(_ name: String, _ body: () throws(Rejection) -> Result) throws(FailedStep) -> Result {
    do { return try body() } catch { throw FailedStep(name: name, rejection: error) }
  }

  private func takeLock() throws(Rejection) -> Int32 {
    let path = "\(settings.folder)/.receive.lock"
    let lock = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard lock >= 0, flock(lock, LOCK_EX) == 0 else {
      throw Rejection("\(path) cannot be locked", advice: "see to the disk of prod and the folder's owner")
    }
    return lock
  }

  // MARK: Steps

  private func receive(_ change: PushedChange, _ verdict: inout Verdict) throws {
    let isBack = try step("push") { () throws(Rejection) in try checkHistory(change) }
    verdict.add("push", .good, isBack ? "back to \(change.new.prefix(12))" : "main at \(change.new.prefix(12))")
    let blob = try step("file") { () throws(Rejection) in try findModel(change) }
    verdict.add("file", .good, "\(settings.file), \(sizeText(blob.size))")
    let release = String(blob.id.prefix(20))
    if releases.served == release, releases.has(release) {
      verdict.add("release", .good, "\(release) is served already")
      return
    }
    let draft = try step("release") { () throws(Rejection) in try releases.draft(release) }
    defer { releases.discard(draft) }
    let path = "\(draft)/\(settings.model).safetensors"
    try step("release") { () throws(Rejection) in try objects.extract(blob, to: path) }
    // A commit that was refused may lie behind one that was taken: a way back is known by what was served.
    let wasServed = isBack && releases.has(release)
    let candidate = try judge(path, wasServed: wasServed, &verdict)
    guard isWanted() else {
      throw FailedStep(
        name: "switch", rejection: Rejection("whoever pushed is gone", advice: "push it again"))
    }
    let version = String(try contentHash(path).prefix(12))
    try step("release") { () throws(Rejection) in try releases.finish(draft, as: release) }
    verdict.add("release", .good, "\(release), as version \(version)")
    try serve(release, candidate, version, &verdict)
    let kept = releases.prune(keeping: settings.kept)
    verdict.add("releases", .good, "\(kept) are kept")
  }

  /// - Returns: whether it is a way back.
  private func checkHistory(_ change: PushedChange) throws(Rejection) -> Bool {
    guard let old = change.old, old != change.new else { return false }
    if try objects.isAncestor(old, of: change.new) { return false }
    if try objects.isAncestor(change.new, of: old) { return true }
    throw Rejection(
      "history is rewritten: what is served now is not in it",
      advice: "git fetch production, rebase on production/main, and push without --force")
  }

  private func findModel(_ change: PushedChange) throws(Rejection) -> PushedObjects.Blob {
    guard let blob = try objects.blob(settings.file, of: change.new) else {
      throw Rejection("the commit has no \(settings.file)", advice: "add it with learners publish MODEL")
    }
    guard blob.size <= settings.largestModel else {
      throw Rejection(
        "the model has \(sizeText(blob.size)), \(sizeText(settings.largestModel)) are allowed",
        advice: "publish a smaller model")
    }
    // Beside itself the page's log and the next push need some.
    guard releases.room > blob.size + (64 << 20) else {
      throw Rejection(
        "the disk of prod has room for \(sizeText(releases.room)) only", advice: "make room there, then push again")
    }
    return blob
  }

  private func judge(_ path: String, wasServed: Bool, _ verdict: inout Verdict) throws(FailedStep) -> ModelFile {
    let candidate = try step("verified") { () throws(Rejection) in try gate.read(path) }
    verdict.add(
      "verified", .good,
      "\(candidate.model.name), checksum and \(candidate.goldenRows.predictions.count) golden rows hold")
    let served = releases.served == nil ? nil : try? ModelFile(reading: releases.servedPath)
    if let served {
      let words = try step("schema") { () throws(Rejection) in try gate.schema(candidate, served) }
      verdict.add("schema", .good, words)
    } else {
      verdict.add("schema", .none, "nothing is served yet that it could differ from")
    }
    if wasServed {
      verdict.add("score", .none, "not compared: this model was served before")
    } else {
      let words = try step("score") { () throws(Rejection) in try gate.score(candidate, served) }
      verdict.add("score", words == nil ? .none : .good, words ?? "not compared: there is no held-out table on prod")
    }
    let words = try step("time") { () throws(Rejection) in try gate.time(candidate, clock: clock) }
    verdict.add("time", .good, words)
    return candidate
  }

  /// Serves a release and looks at it as a visitor does; where it is not well, the one before is served again.
  private func serve(
    _ release: String, _ candidate: ModelFile, _ version: String, _ verdict: inout Verdict
  ) throws(FailedStep) {
    let before = releases.served
    try step("switch") { () throws(Rejection) in try releases.serve(release) }
    do throws(Rejection) {
      let start = clock.seconds
      try page.waitUntilServed(version, seconds: settings.patience)
      let words = try page.probe(candidate)
      verdict.add("switch", .good, "served after \(((clock.seconds - start) * 100).rounded() / 100) s")
      verdict.add("page", .good, words)
    } catch {
      try step("switch") { () throws(Rejection) in try releases.serve(before) }
      if release != before { releases.remove(release) }
      let back = before == nil ? "nothing is served, as before" : "\(before ?? "") is served again"
      throw FailedStep(name: "page", rejection: Rejection("\(error.reason); \(back)", advice: error.advice))
    }
  }

  private func contentHash(_ path: String) throws(FailedStep) -> String {
    do { return try ContentHash.sha256(of: [InputFile(reading: path)]) } catch {
      throw FailedStep(
        name: "release", rejection: Rejection("the release cannot be read: \(error.what)", advice: error.advice))
    }
  }
}

/// “12.3 MB”.
private func sizeText(_ bytes: Int) -> String {
  if bytes < 1_000_000 { return "\((bytes + 999) / 1000) kB" }
  return "\((Double(bytes) / 100_000).rounded() / 10) MB"
}
