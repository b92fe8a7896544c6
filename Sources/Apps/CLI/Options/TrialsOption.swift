import ArgumentParser

/// How many settings are tried: so many in all, or so many more.
enum TrialsOption: ExpressibleByArgument, Equatable {
  case total(Int)
  case more(Int)

  init?(argument: String) {
    let isMore = argument.hasPrefix("+")
    guard let count = Int(isMore ? argument.dropFirst() : argument[...]), count >= 1, count <= 1_000_000 else {
      return nil
    }
    self = isMore ? .more(count) : .total(count)
  }
}

/// Bytes as people write them: "500M", "2G", "1.5G".
struct MemorySize: ExpressibleByArgument, Equatable {
  let bytes: Int

  init?(argument: String) {
    let units: [Character: Double] = ["K": 0x1p10, "M": 0x1p20, "G": 0x1p30, "T": 0x1p40]
    guard let last = argument.last, let unit = units[Character(last.uppercased())],
      let number = Double(argument.dropLast()), number > 0, number * unit < 1e15, number * unit >= 1
    else { return nil }
    bytes = Int(number * unit)
  }
}
