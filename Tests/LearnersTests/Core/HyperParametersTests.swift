import Learners
import Testing

struct HyperParametersTests {
  private enum Shape: String, CaseIterable { case round, square }

  private struct Settings: HyperParameters {
    var rate = 0.1
    var share = 1.0
    var penalty: Double?
    var rounds = 10
    var depth: Int?
    var isLoud = false
    var shape = Shape.round

    static let table: [Parameter<Self>] = [
      .real("rate", \.rate, in: .above(0), "step"),
      .real("share", \.share, in: .aboveUpTo(0, 1), "part"),
      .optionalReal("penalty", \.penalty, in: .atLeast(0), "penalty"),
      .integer("rounds", \.rounds, in: 1...100, "rounds"),
      .optionalInteger("depth", \.depth, in: 1...Int.max, "depth"),
      .flag("isLoud", \.isLoud, "says more"),
      .choice("shape", \.shape, "form"),
    ]
  }

  @Test func tableNamesDomains() {
    #expect(
      Settings.table.map(\.domain) == [
        "(0, ∞)", "(0, 1]", "[0, ∞) or auto", "1 ... 100", "1, 2, … or auto", "true, false", "round, square",
      ])
    #expect(
      Settings().values.map(\.value) == [
        .real(0.1), .real(1), .automatic, .integer(10), .automatic, .flag(false), .text("round"),
      ])
  }

  @Test(arguments: [
    ("auto", ParameterValue.automatic), ("true", .flag(true)), ("false", .flag(false)), ("12", .integer(12)),
    ("-3", .integer(-3)), ("0.5", .real(0.5)), ("1e-3", .real(0.001)), ("rbf", .text("rbf")), ("", .text("")),
    ("1,5", .text("1,5")), ("True", .text("True")),
  ])
  func parsesWhatAPersonTypes(_ text: String, _ expected: ParameterValue) {
    #expect(ParameterValue(parsing: text) == expected)
  }

  @Test(arguments: ["auto", "true", "false", "12", "0.5", "rbf"])
  func descriptionIsParsedBack(_ text: String) {
    #expect(ParameterValue(parsing: text).description == text)
  }

  @Test func setsEveryKind() throws {
    let settings = try Settings(settings: [
      "rate": .integer(2), "share": .real(0.5), "penalty": .real(3), "rounds": .real(7), "depth": .integer(4),
      "isLoud": .flag(true), "shape": .text("square"),
    ])
    var expected = Settings()
    (expected.rate, expected.share, expected.penalty, expected.rounds) = (2, 0.5, 3, 7)
    (expected.depth, expected.isLoud, expected.shape) = (4, true, .square)
    #expect(settings == expected)
    var automatic = settings
    try automatic.set("penalty", to: .automatic)
    try automatic.set("depth", to: .automatic)
    #expect(automatic.penalty == nil && automatic.depth == nil)
  }

  @Test(arguments: [
    ("rate", ParameterValue.real(0)), ("rate", .real(.nan)), ("rate", .real(.infinity)), ("rate", .text("fast")),
    ("rate", .automatic), ("share", .real(1.0.nextUp)), ("penalty", .real(-1)), ("rounds", .integer(0)),
    ("rounds", .integer(101)), ("rounds", .real(1.5)), ("rounds", .automatic), ("depth", .integer(0)),
    ("isLoud", .integer(1)), ("shape", .text("oval")), ("shape", .flag(true)),
  ])
  func refusesWhatIsOutside(_ name: String, _ value: ParameterValue) throws {
    var settings = Settings()
    let parameter = try #require(Settings.table.first { $0.name == name })
    let error = ParameterError.invalid(name: name, value: value.description, domain: parameter.domain)
    #expect(throws: error) { try settings.set(name, to: value) }
    #expect(settings == Settings())
  }

  @Test func validateFindsAValueThatWasAssigned() throws {
    var settings = Settings()
    try settings.validate()
    settings.rate = .nan
    #expect(throws: ParameterError.invalid(name: "rate", value: "nan", domain: "(0, ∞)")) { try settings.validate() }
  }

  @Test func unknownNameListsTheKnownOnes() {
    let error = ParameterError.unknown(name: "speed", known: Settings.table.map(\.name))
    #expect(throws: error) { try Settings(settings: ["speed": .integer(1)]) }
    #expect(error.description.contains("speed") && error.description.contains("rounds"))
  }
}
