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
    for setting in settings {
      do throws(ParameterError) {
        let candidate = try Candidate(learner, settings: setting)
        if known.insert(candidate.values).inserted { candidates.append(candidate) }
      } catch {
        throw .parameter(error)
      }
    }
    self.learner = learner
    self.candidates = candidates
    askedCount = settings.count
    varied = values.filter { $0.values.count > 1 }.map(\.name)
  }

  /// A grid of one.
  public init(_ candidate: Candidate) {
    learner = candidate.learner
    candidates = [candidate]
    askedCount = 1
    varied = []
  }

  public var name: String { learner.name }
  internal var preparation: Preparation { learner.preparation }
}

extension CandidateGrid.Problem: CustomStringConvertible {
  public var description: String {
    switch self {
    case .parameter(let error): error.description
    case .tooLarge(let settings): "\(settings) settings are more than \(CandidateGrid.largest)"
    case .noValues(let name): "\(name) has no values"
    }
  }
}
