/// The largest |a - b| / max(|b|, floor) over all elements; infinite where counts differ or a number is NaN.
public func largestRelativeError(_ found: [Double], _ expected: [Double], floor: Double = 1e-300) -> Double {
  guard found.count == expected.count else { return .infinity }
  var largest = 0.0
  for (a, b) in zip(found, expected) {
    let error = abs(a - b) / max(abs(b), floor)
    if error.isNaN && !(a == b) { return .infinity }
    largest = max(largest, error.isNaN ? 0 : error)
  }
  return largest
}

/// The largest |a - b| over all elements; infinite where counts differ or a number is NaN.
public func largestAbsoluteError(_ found: [Double], _ expected: [Double]) -> Double {
  guard found.count == expected.count else { return .infinity }
  return zip(found, expected).reduce(0) { worst, pair in
    let error = abs(pair.0 - pair.1)
    return error.isNaN ? .infinity : max(worst, error)
  }
}
