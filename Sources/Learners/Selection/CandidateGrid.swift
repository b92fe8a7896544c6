/// One learner with one or more settings, of which the best is wanted.
public struct CandidateGrid: Sendable {
  public let learner: any Regressor.Type
  /// At least one; no two with the same hyper-parameters.
  public let candidates: [Candidate]
  /// Settings that were asked for, those that are given twice included.
  public let askedCount: Int
  /// The hyper-parameters that vary, in the order given.
  public let varied: [String]

  /// More settings are refused: they would take hours, and the best of so many is best by chance.
  public static let largest = 1_000

  /// Why there is no such grid.
  public enum Problem: Error, Equatable, Sendable {
    case parameter(ParameterError)
    case tooLarge(settings: Int)
    case noValues(name: String)
    /// Losses of different quantiles cannot be compared.
    case incomparable
  }

  /// All combinations of the given values, the last hyper-parameter varying fastest.
  public init(
    _ learner: any Regressor.Type, values: [(name: String, values: [ParameterValue])] = []
  ) throws(Problem) {
    if let empty = values.first(where: { $0.values.isEmpty }) { throw .noValues(name: empty.name) }
    let count = values.reduce(1.0) { $0 * Double($1.values.count) }
    guard count <= Double(Self.largest) else { throw .tooLarge(settings: Int(exactly: count) ?? .max) }
    var settings: [[String: ParameterValue]] = [[:]]
    for (name, choices) in values {
      settings = settings.flatMap { setting in choices.map { setting.merging([name: $0]) { $1 } } }
    }
    var candidates: [Candidate] = []
    var known: Set<[ParameterValue]> = []
    // A setting that counts for some of the combinations is left out where another one makes it idle.
    let idle = settings.map { Self.idle(in: $0, of: learner) }
    let neverCounts = Set(values.map(\.name)).filter { name in idle.allSatisfy { $0.contains(name) } }
    for (setting, idle) in zip(settings, idle) {
      do throws(ParameterError) {
        let setting = setting.filter { !idle.contains($0.key) || neverCounts.contains($0.key) }
        let candidate = try Candidate(learner, settings: setting)
        if known.insert(candidate.values).inserted { candidates.append(candidate) }
      } catch {
        throw .parameter(error)
      }
    }
    guard RankingFigure(of: candidates.map(\.fittedLoss)) != nil else { throw .incomparable }
    self.learner = learner
    self.candidates = candidates
    askedCount = settings.count
    varied = values.filter { $0.values.count > 1 }.map(\.name)
  }

  /// A grid of one.
  public init(_ candidate: Candidate) { self.init([candidate]) }

  /// Of candidates of one learner whose losses can be compared.
  package init(_ candidates: [Candidate], varied: [String] = []) {
    learner = candidates[0].learner
    self.candidates = candidates
    askedCount = candidates.count
    self.varied = varied
  }

  /// Names of the settings that another one makes idle; none where a value is refused anyway.
  private static func idle(in settings: [String: ParameterValue], of learner: any Regressor.Type) -> Set<String> {
    func names<Learner: Regressor>(_: Learner.Type) -> Set<String> {
      guard let parameters = try? Learner.Parameters(settings: settings) else { return [] }
      return Set(settings.keys.filter { parameters.idle(among: [$0]) != nil })
    }
    return names(learner)
  }

  public var name: String { learner.name }

  /// What its candidates are ranked by.
  public var ranking: RankingFigure { RankingFigure(of: candidates.map(\.fittedLoss)) ?? .r2 }
}

extension CandidateGrid.Problem: CustomStringConvertible {
  public var description: String {
    switch self {
    case .parameter(let error): error.description
    case .tooLarge(let settings): "\(settings) settings are more than \(CandidateGrid.largest)"
    case .noValues(let name): "\(name) has no values"
    case .incomparable: "they estimate different quantiles, whose losses cannot be compared"
    }
  }
}
