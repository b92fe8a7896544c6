import HTTPClient
import Testing

func client(_ change: (inout HTTPConfiguration) -> Void = { _ in }) throws -> HTTPClient {
  var configuration = HTTPConfiguration(userAgent: "learners-test")
  change(&configuration)
  return try HTTPClient(configuration: configuration)
}

/// Expects that a request fails at a stage, and returns the error.
@discardableResult
func expectFailure(
  _ stage: HTTPError.Stage, of request: HTTPRequest, with client: HTTPClient,
  sourceLocation: SourceLocation = #_sourceLocation
) -> HTTPError? {
  do throws(HTTPError) {
    let response = try client.send(request)
    Issue.record("status \(response.status) where \(stage) was expected", sourceLocation: sourceLocation)
    return nil
  } catch {
    #expect(error.stage == stage, "\(error)", sourceLocation: sourceLocation)
    return error
  }
}
