internal import Glibc

/// An error of the operating system.
package struct SystemError: Error, CustomStringConvertible {
  package let code: Int32

  package init(_ code: Int32) { self.code = code }

  package var description: String { unsafe String(cString: strerror(code)) }
}
