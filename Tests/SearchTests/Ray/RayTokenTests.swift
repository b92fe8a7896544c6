import Search
import TestSupport
import Testing

@Suite struct RayTokenTests {
  @Test func itIsFoundWhereRayLooksForIt() throws {
    let folder = try TemporaryFolder()
    _ = try folder.folder(".ray")
    try folder.write(".ray/auth_token", "of-home\n")
    try folder.write("named", "  of-file\n")
    var variables = ["HOME": String(folder.path("").dropLast())]
    #expect(try RayToken.find(variables)?.text == "of-home")
    variables["RAY_AUTH_TOKEN_PATH"] = folder.path("named")
    #expect(try RayToken.find(variables)?.text == "of-file")
    #expect(try RayToken.find(variables)?.source == folder.path("named"))
    variables["RAY_AUTH_TOKEN"] = "of-variable"
    #expect(try RayToken.find(variables)?.text == "of-variable")
    #expect(try RayToken.find(["HOME": "/nowhere"]) == nil)
    #expect(try RayToken.find(["RAY_AUTH_TOKEN": " "]) == nil)
  }

  @Test func aFileThatIsNamedHasToBeThere() throws {
    let error = #expect(throws: SearchError.self) {
      try RayToken.find(["RAY_AUTH_TOKEN_PATH": "/nowhere/token", "HOME": "/nowhere"])
    }
    #expect(error?.code == .noInput && error?.what.contains("/nowhere/token") == true)
  }
}
