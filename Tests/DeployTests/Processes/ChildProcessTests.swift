import Deploy
import Testing

@Suite struct ChildProcessTests {
  @Test func whatItSaysAndHowItEnds() throws {
    let result = try ChildProcess("sh", "-c", "echo out; echo first >&2; echo wrong >&2; exit 3").run()
    #expect(result.status == 3 && result.text == "out\n" && result.reason == "wrong" && !result.isLate)
  }

  @Test func muchInAndOut() throws {
    var child = ChildProcess("cat")
    child.input = [UInt8](repeating: 7, count: 3_000_000)
    #expect(try child.run().output == child.input)
  }

  @Test func whoDoesNotReadIsNoFault() throws {
    var child = ChildProcess("true")
    child.input = [UInt8](repeating: 7, count: 1_000_000)
    #expect(try child.run().status == 0)
  }

  @Test func whatTakesTooLongIsEnded() throws {
    var child = ChildProcess("sleep", "1000")
    child.deadline = 0.2
    let result = try child.run()
    #expect(result.isLate && result.status == 128 + 9)
  }

  @Test func variablesAreAddedAndTakenAway() throws {
    var child = ChildProcess("sh", "-c", "echo $ADDED-$HOME")
    child.environment["ADDED"] = "x"
    child.environment.updateValue(nil, forKey: "HOME")
    #expect(try child.run().text == "x-\n")
  }

  @Test func aProgramThatIsNotThereIsAnError() {
    #expect(throws: DeployError.self) { try ChildProcess("no-such-program-here").run() }
  }
}
