import NIOCore
import NIOHTTP1
import Server
import Testing

@Suite struct MultipartFormTests {
  @Test func readsFieldsAndFiles() throws {
    let form = try form(
      "--x\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nbest\r\n"
        + "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a;b.csv\"\r\nContent-Type: text/csv\r\n\r\n"
        + "a,b\r\n--y\r\n1,2\r\n--x--\r\n")
    #expect(form.text("model") == "best")
    #expect(form.parts.count == 2)
    #expect(form.parts[1].fileName == "a;b.csv")
    #expect(form.parts[1].content == Array("a,b\r\n--y\r\n1,2".utf8))
  }

  @Test(arguments: [
    "", "--x", "--x\r\n", "--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--", "--x\r\n\r\n\r\n--x--",
    "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nno end", "no boundary at all",
    String(repeating: "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n", count: 30) + "--x--",
    "--x\r\nContent-Disposition: form-data; name=\"" + String(repeating: "a", count: 10_000) + "\"\r\n\r\nb\r\n--x--",
  ])
  func refusesWhatIsNoForm(body: String) { #expect(throws: Problem.self) { try form(body) } }

  @Test(arguments: ["text/plain", "multipart/form-data", "multipart/form-data; boundary=", ""])
  func refusesOtherTypes(type: String) { #expect(throws: Problem.self) { try form("--x--", type: type) } }

  @discardableResult
  private func form(_ body: String, type: String = "multipart/form-data; boundary=x") throws -> MultipartForm {
    try MultipartForm(
      WebRequest(
        method: .POST, target: "/table", headers: HTTPHeaders([("content-type", type)]), body: ByteBuffer(string: body))
    )
  }
}
