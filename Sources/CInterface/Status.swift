internal import CLearners
internal import Learners
internal import ONNX

/// Why a call failed: a status, and what `learners_last_error` says.
internal struct Refusal: Error {
  let status: learners_status
  let text: String

  init(_ status: Int, _ text: String) {
    self.status = learners_status(status)
    self.text = text
  }
}

/// Runs the work of a function of the interface; an error becomes its status and the text of this thread.
internal func answering(_ work: () throws -> Void) -> learners_status {
  Process.prepare()
  do {
    try work()
    return learners_status(LEARNERS_OK)
  } catch {
    let refusal = Refusal(error)
    unsafe learners_keep_error(refusal.text)
    return refusal.status
  }
}

extension Refusal {
  /// What an error of the engine is to a caller.
  init(_ error: any Error) {
    switch error {
    case let refusal as Refusal: self = refusal
    case let error as DataError: self.init(Self.status(error.code), error.description)
    case let error as ParameterError: self.init(LEARNERS_BAD_ARGUMENT, error.description)
    case let problem as CandidateGrid.Problem: self.init(LEARNERS_BAD_ARGUMENT, problem.description)
    case FitError.cancelled: self.init(LEARNERS_CANCELLED, FitError.cancelled.description)
    case FitError.parameter(let error): self.init(LEARNERS_BAD_ARGUMENT, error.description)
    case let error as FitError: self.init(LEARNERS_BAD_DATA, error.description)
    case let error as PredictionError: self.init(LEARNERS_BAD_DATA, error.description)
    case let error as IntervalError: self.init(LEARNERS_BAD_ARGUMENT, error.description)
    case let error as ExportError: self.init(LEARNERS_BAD_ARGUMENT, error.description)
    case let error as StatisticError: self.init(LEARNERS_BAD_ARGUMENT, error.description)
    case let error as ExplanationError: self.init(LEARNERS_BAD_ARGUMENT, error.description)
    case let problem as Folds.Problem: self.init(LEARNERS_BAD_ARGUMENT, problem.description)
    case ModelFileError.file(let error): self.init(error)
    case let error as ModelFileError:
      self.init(LEARNERS_BAD_DATA, "the file is no model to be trusted: \(error): get it again from who made it")
    case let error as FileError: self.init(Self.status(error), error.description)
    default: self.init(LEARNERS_INTERNAL, "\(error): this is a defect of the library: report it")
    }
  }

  private static func status(_ code: DataError.Code) -> Int {
    switch code {
    case .noInput: LEARNERS_NO_INPUT
    case .noPermission: LEARNERS_NO_PERMISSION
    case .invalid: LEARNERS_BAD_DATA
    }
  }

  private static func status(_ error: FileError) -> Int {
    switch error {
    case .notFound, .cannotRead: LEARNERS_NO_INPUT
    case .noPermission: LEARNERS_NO_PERMISSION
    case .cannotWrite: LEARNERS_CANNOT_WRITE
    }
  }
}
