import HTTPClient
import Testing

@Suite struct PercentEncodingTests {
  @Test func onlyWhatMeansNothingStays() {
    #expect(percentEncoded("aZ09-._~") == "aZ09-._~")
    #expect(percentEncoded("a b/ü&=?\n+") == "a%20b%2F%C3%BC%26%3D%3F%0A%2B")
    #expect(percentEncoded("") == "")
  }
}
