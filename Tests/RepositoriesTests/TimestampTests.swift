import Repositories
import Testing

@Suite struct TimestampTests {
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0.0),
    ("1970-01-01T00:00:01Z", 1),
    ("1969-12-31T23:59:59Z", -1),
    ("2000-02-29T12:00:00Z", 951_825_600),
    ("2025-05-15T11:31:28Z", 1_747_308_688),
    ("2038-01-19T03:14:08Z", 2_147_483_648),
    ("0001-01-01T00:00:00Z", -62_135_596_800),
    ("9999-12-31T23:59:59Z", 253_402_300_799),
    ("2014-12-24T17:49:19+00:00", 1_419_443_359),
    ("2014-12-24T19:49:19+02:00", 1_419_443_359),
    ("2014-12-24T12:19:19-0530", 1_419_443_359),
    ("2014-12-24 17:49:19+00:00", 1_419_443_359),
    ("2014-12-24T17:49:19", 1_419_443_359),
    ("2014-12-24T17:49:19.5Z", 1_419_443_359.5),
    ("2014-12-24T17:49:19.250000000000Z", 1_419_443_359.25),
  ])
  func reads(_ text: String, seconds: Double) {
    #expect(Timestamp(iso8601: text)?.secondsSince1970 == seconds)
  }

  @Test(arguments: [
    "", "Z", "2014", "2014-12-24", "2014-12-24T", "2014-12-24T17:49Z", "2014-12-24T17:49:19Z ", " 2014-12-24T17:49:19Z",
    "2014-00-24T17:49:19Z", "2014-13-24T17:49:19Z", "2014-12-00T17:49:19Z", "2014-12-32T17:49:19Z",
    "2014-04-31T17:49:19Z", "2014-02-29T17:49:19Z", "1900-02-29T17:49:19Z", "2000-02-30T17:49:19Z",
    "0000-12-24T17:49:19Z", "2014-12-24T24:00:00Z", "2014-12-24T17:60:19Z", "2014-12-24T17:49:60Z",
    "2014-12-24T17:49:19.Z", "2014-12-24T17:49:19+24:00", "2014-12-24T17:49:19+02", "2014-12-24T17:49:19ZZ",
    "14-12-24T17:49:19Z", "2014-1-24T17:49:19Z", "+2014-12-24T17:49:19Z", "2014-12-24X17:49:19Z",
    "２０14-12-24T17:49:19Z", "2014-12-24T17:49:19Z\u{0}", "1427363252", "not a date at all",
  ])
  func refuses(_ text: String) {
    #expect(Timestamp(iso8601: text) == nil)
  }

  /// Every day of four centuries follows the day before, and its text reads as itself.
  @Test func everyDayFollows() throws {
    var expected = try #require(Timestamp(iso8601: "1799-12-31T00:00:00Z")).secondsSince1970
    for year in 1800..<2200 {
      let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
      for (month, days) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
        for day in 1...days {
          expected += 86_400
          let timestamp = Timestamp(secondsSince1970: expected + 3_723)
          let text = "\(year)-\(month < 9 ? "0" : "")\(month + 1)-\(day < 10 ? "0" : "")\(day)T01:02:03Z"
          guard timestamp.description == text, Timestamp(iso8601: text) == timestamp else {
            Issue.record("\(text) is written \(timestamp)")
            return
          }
        }
      }
    }
  }

  @Test func differencesAreInDays() throws {
    let start = try #require(Timestamp(iso8601: "2024-02-28T12:00:00Z"))
    let end = try #require(Timestamp(iso8601: "2024-03-01T00:00:00Z"))
    #expect(end.days(since: start) == 1.5)
    #expect(start < end)
  }
}
