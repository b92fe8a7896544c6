internal import Glibc

/// A moment in universal time as people write it.
struct CalendarTime {
  let year: Int
  /// From 1.
  let month: Int
  let day: Int
  /// From 0, Sunday.
  let weekday: Int
  /// `12:34:56`
  let clock: String

  init(_ time: time_t) {
    var seconds = time
    var parts = unsafe tm()
    unsafe gmtime_r(&seconds, &parts)
    year = unsafe Int(parts.tm_year) + 1900
    month = unsafe Int(parts.tm_mon) + 1
    day = unsafe Int(parts.tm_mday)
    weekday = unsafe Int(parts.tm_wday)
    let numbers = unsafe [parts.tm_hour, parts.tm_min, parts.tm_sec]
    clock = numbers.map { twoDigits(Int($0)) }.joined(separator: ":")
  }
}

func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
