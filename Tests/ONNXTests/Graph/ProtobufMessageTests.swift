import ONNX
import Testing

@Suite struct ProtobufMessageTests {
  // The examples of https://protobuf.dev/programming-guides/encoding.
  @Test func wholeNumbersAreVarints() {
    var message = ProtobufMessage()
    message.add(1, 150)
    #expect(message.bytes == [0x08, 0x96, 0x01])
  }

  @Test func negativeNumbersHaveTenBytes() {
    var message = ProtobufMessage()
    message.add(1, -2)
    #expect(message.bytes == [0x08, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01])
  }

  @Test func textsHaveTheirLengthBefore() {
    var message = ProtobufMessage()
    message.add(2, "testing")
    #expect(message.bytes == [0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6E, 0x67])
  }

  @Test func messagesAreWithinMessages() {
    var inner = ProtobufMessage()
    inner.add(1, 150)
    var message = ProtobufMessage()
    message.add(3, inner)
    #expect(message.bytes == [0x1A, 0x03, 0x08, 0x96, 0x01])
  }

  @Test func listsArePacked() {
    var message = ProtobufMessage()
    message.add(6, packed: [3, 270, 86_942])
    #expect(message.bytes == [0x32, 0x06, 0x03, 0x8E, 0x02, 0x9E, 0xA7, 0x05])
  }

  @Test func floatsAreLittleEndian() {
    var message = ProtobufMessage()
    message.add(2, Float(1))
    #expect(message.bytes == [0x15, 0x00, 0x00, 0x80, 0x3F])
  }

  @Test func fieldsAboveFifteenHaveTagsOfTwoBytes() {
    var message = ProtobufMessage()
    message.add(20, 1)
    #expect(message.bytes == [0xA0, 0x01, 0x01])
  }
}
