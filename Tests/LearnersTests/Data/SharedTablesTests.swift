import FoundationEssentials
import Learners
import Testing

/// The small tables of ../shared/cases, where they are.
@Suite struct SharedTablesTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../../shared/cases/tables").standardized.path()

  private func read(_ name: String) throws -> Table? {
    guard FileManager.default.fileExists(atPath: "\(Self.folder)/\(name)") else {
      print("skipped: there is no \(Self.folder)/\(name)")
      return nil
    }
    return try TableReader.read(["\(Self.folder)/\(name)"])
  }

  @Test(arguments: ["question", "tok_pdNA", "tok_na_lower", "tok_hashna", "tok_none_lower"])
  func wordsForMissing(name: String) throws {
    guard let table = try read("\(name).csv"), let plain = try read("question_empty.csv") else { return }
    #expect(table.cells == plain.cells)
  }

  @Test(arguments: [
    ("mix_somethou", 0), ("mix_allthou", 0), ("mix_deccomma", 0), ("mix_allpct", 0), ("mix_comma_dec", 1),
    ("mix_total", 1),
  ])
  func numbers(name: String, odd: Int) throws {
    guard let table = try read("\(name).csv") else { return }
    let x = try #require(table["x"]?.numbers)
    #expect(x.count { $0 == nil } == odd)
    #expect(!table.notes.isEmpty)
    // y is a line of x but for noise: with a wrong size of any cell it is none.
    let y = try #require(table["y"]?.numbers)
    let ratios = zip(x, y).compactMap { x, y in x.flatMap { x in y.map { $0 / x } } }
    let middle = ratios.sorted()[ratios.count / 2]
    #expect(ratios.allSatisfy { abs($0 / middle - 1) < 0.5 })
  }

  @Test func arrays() throws {
    guard let long = try read("npy_longids.npy"), case .categorical? = long["x0"]?.values else { return }
    let path = "\(Self.folder)/npy_pred_exact.npy"
    let level = Feature(name: "x0", levels: ["1152921504606846976"])
    let alone = try TableReader.read([path], options: ReadingOptions(for: [level]))
    #expect(alone["x0"]?.texts == ["1152921504606846976"])
    let number = try TableReader.read(
      ["\(Self.folder)/npy_num_pred_i8.npy"], options: ReadingOptions(for: [Feature(name: "x0")]))
    #expect(number["x0"]?.numbers == [0x1p60, 5])
  }
}
