import Deploy
import Testing

@Test func anErrorSaysWhatAndWhatToDo() {
  #expect(
    DeployError(.noInput, "image x: there is none", advice: "choose one").description
      == "image x: there is none: choose one")
}
