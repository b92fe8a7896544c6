/// Why a file could not be read or written. The CLI has an exit status for each case.
public enum FileError: Error, Equatable, Sendable {
  case notFound(path: String)
  case noPermission(path: String)
  case cannotRead(path: String, reason: String)
  case cannotWrite(path: String, reason: String)
}

extension FileError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notFound(let path): "\(path): there is no such file"
    case .noPermission(let path): "\(path): permission denied"
    case .cannotRead(let path, let reason): "\(path): cannot be read: \(reason)"
    case .cannotWrite(let path, let reason): "\(path): cannot be written: \(reason)"
    }
  }
}
