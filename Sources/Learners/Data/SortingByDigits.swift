/// The numbers in ascending order, none of them NaN; −0 stands before 0.
///
/// Radix sort on the bits, eight at a time from the lowest; digits that all numbers share are skipped. O(n).
package func sortedByDigits(_ numbers: [Double]) -> [Double] {
  guard numbers.count > 64 else { return numbers.sorted() }
  let sign: UInt64 = 1 << 63
  // Keys that are in order as integers: negative numbers have all bits flipped, the others the sign.
  var keys = numbers.map { $0.bitPattern & sign == 0 ? $0.bitPattern | sign : ~$0.bitPattern }
  var sorted = keys
  let differing = keys.reduce(0) { $0 | ($1 ^ keys[0]) }
  for shift in stride(from: 0 as UInt64, to: 64, by: 8) where differing >> shift & 255 != 0 {
    var places = [Int](repeating: 0, count: 256)
    for key in keys { places[Int(key >> shift & 255)] += 1 }
    var place = 0
    for digit in 0..<256 {
      let count = places[digit]
      places[digit] = place
      place += count
    }
    for key in keys {
      let digit = Int(key >> shift & 255)
      sorted[places[digit]] = key
      places[digit] += 1
    }
    swap(&keys, &sorted)
  }
  return keys.map { Double(bitPattern: $0 & sign == 0 ? ~$0 : $0 & ~sign) }
}
