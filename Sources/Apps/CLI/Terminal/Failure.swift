import Deploy
import Extraction
import Learners
import Search

/// An error as the person at the terminal sees it, with the exit status of the process.
struct Failure: Error {
  enum Status: Int32 {
    case usage = 64
    case badData = 65
    case noInput = 66
    case unavailable = 69
    case bug = 70
    case cannotWrite = 73
    case noPermission = 77
  }

  let status: Status
  /// "what: why: what to do"
  let message: String

  init(_ status: Status, _ message: String) {
    self.status = status
    self.message = message
  }

  init(_ error: DataError) {
    let status: Status =
      switch error.code {
      case .noInput: .noInput
      case .noPermission: .noPermission
      case .invalid: .badData
      }
    self.init(status, error.description)
  }

  init(_ error: ExtractionError) {
    let status: Status =
      switch error.code {
      case .usage: .usage
      case .badData: .badData
      case .noInput: .noInput
      case .unavailable: .unavailable
      case .cannotWrite: .cannotWrite
      case .noPermission: .noPermission
      }
    self.init(status, error.description)
  }

  init(_ error: DeployError) {
    let status: Status =
      switch error.code {
      case .usage: .usage
      case .badData: .badData
      case .noInput: .noInput
      case .unavailable: .unavailable
      case .cannotWrite: .cannotWrite
      case .noPermission: .noPermission
      }
    self.init(status, error.description)
  }

  init(_ error: SearchError) {
    let status: Status =
      switch error.code {
      case .usage: .usage
      case .badData: .badData
      case .noInput: .noInput
      case .unavailable: .unavailable
      case .bug: .bug
      case .cannotWrite: .cannotWrite
      case .noPermission: .noPermission
      }
    self.init(status, error.description)
  }

  init(_ error: FileError, advice: String) {
    let status: Status =
      switch error {
      case .notFound, .cannotRead: .noInput
      case .noPermission: .noPermission
      case .cannotWrite: .cannotWrite
      }
    self.init(status, "\(error): \(advice)")
  }
}
