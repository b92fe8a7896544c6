import Learners
import Testing

struct ListParameterTests {
  @Test(arguments: [
    "size:+1", "age:-1,size:+1", "\"a,b\":+1", "\"c:d\":-1", "\"\"\"quoted\"\"\":+1", "a b:-1", "5:+1", "\"none\":+1",
  ])
  func monotoneColumnsAreWrittenAsTheyAreRead(text: String) throws {
    let columns = try #require(MonotoneColumns(parsing: text))
    #expect(columns.text == text)
    #expect(MonotoneColumns(parsing: columns.text) == columns)
  }

  @Test func namesMayHoldWhatSeparatesThem() throws {
    let columns = try #require(MonotoneColumns(parsing: "\"a,b:c\":+1,\"say \"\"x\"\"\":-1,plain:+1"))
    #expect(columns.directions == ["a,b:c": .rising, "say \"x\"": .falling, "plain": .rising])
    let groups = try #require(InteractionGroups(parsing: "size,\"a/b\"/age"))
    #expect(groups.groups == [["size", "a/b"], ["age"]])
    #expect(InteractionGroups(parsing: groups.text) == groups)
  }

  @Test(arguments: [
    "", "size", "size:", "size:1", "size:+2", ":+1", "a:+1,", "a:+1,a:-1", "\"a:+1", "\"\":+1", "b\"c:+1",
  ])
  func whatIsNoListOfDirectionsIsRefused(text: String) {
    #expect(MonotoneColumns(parsing: text) == nil)
    var parameters = Boosting.Parameters()
    #expect(throws: ParameterError.self) { try parameters.set("monotone", to: ParameterValue(parsing: text)) }
  }

  @Test(arguments: ["", "/", "a,", "a/", "a,a", "\"a"])
  func whatIsNoListOfGroupsIsRefused(text: String) { #expect(InteractionGroups(parsing: text) == nil) }

  @Test func listsAreParametersLikeOthers() throws {
    var parameters = Boosting.Parameters()
    try parameters.set("monotone", to: .text("a:+1"))
    // A name that looks like a number arrives as one.
    try parameters.set("interactions", to: ParameterValue(parsing: "5"))
    #expect(parameters.interactions == InteractionGroups([["5"]]))
    let copy = try Boosting.Parameters(
      settings: Dictionary(uniqueKeysWithValues: parameters.values.map { ($0.name, $0.value) }))
    #expect(copy == parameters)
    try parameters.set("monotone", to: .text("none"))
    #expect(parameters.monotone == nil)
    #expect(Boosting.Parameters.table.filter(\.takesList).map(\.name).contains("interactions"))
  }
}
