internal import Learners
internal import Repositories

/// The `leaderboard.json` that `fit` wrote beside a model.
struct StoredLeaderboard {
  /// The file, where it is an object of JSON.
  let json: [UInt8]?
  /// Where the file is what `fit` writes.
  let content: Content?
  /// Why it is not, with its name.
  let fault: String?

  /// What is used of it.
  struct Content: Decodable {
    struct Data: Decodable { let sha256: String }
    struct Row: Decodable {
      let name: String
      let r2Transformed: Double?
      let r2Deviation: Double?
      let mae: Double?
      let medianAbsoluteError: Double?
      let spearman: Double?

      enum CodingKeys: String, CodingKey {
        case name, mae, spearman
        case r2Transformed = "r2_transformed"
        case r2Deviation = "r2_transformed_sd"
        case medianAbsoluteError = "median_absolute_error"
      }
    }
    let data: Data
    let cv: Int
    let models: [Row]
  }

  private static let largestFile = 16 << 20

  /// nil where there is no file.
  init?(reading path: String) {
    let file: InputFile
    do throws(DataError) { file = try InputFile(reading: path) } catch {
      guard error.code != .noInput else { return nil }
      (json, content, fault) = (nil, nil, "\(path): \(error.what)")
      return
    }
    guard file.bytes.count <= Self.largestFile else {
      (json, content, fault) = (nil, nil, "\(path): is larger than \(Self.largestFile >> 20) MB")
      return
    }
    json = Self.isObject(file.bytes.span) ? file.bytes : nil
    do throws(DataError) {
      content = try file.json(Content.self)
      fault = nil
    } catch {
      let field = error.location.column.map { ", \($0)" } ?? ""
      (content, fault) = (nil, "\(path)\(field): \(error.what)")
    }
  }

  private static func isObject(_ bytes: Span<UInt8>) -> Bool {
    var cursor = JSONCursor(bytes)
    cursor.skipSpace(bytes)
    do throws(JSONFlaw) {
      try cursor.skipObject(bytes)
      try cursor.expectEnd(bytes)
      return true
    } catch {
      return false
    }
  }
}
