internal import Glibc

/// ln x of the C library.
internal func naturalLogarithm(_ x: Double) -> Double { log(x) }
