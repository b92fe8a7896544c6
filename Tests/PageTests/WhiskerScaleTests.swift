import Page
import Testing

@Suite struct WhiskerScaleTests {
  @Test func endsAreRound() {
    let scale = WhiskerScale(around: [0.642, 0.801, .nan])
    #expect(scale.axis.markup.contains(">0.60<") && scale.axis.markup.contains(">0.85<"), "\(scale.axis.markup)")
    let wide = WhiskerScale(around: [-3, 120])
    #expect(wide.axis.markup.contains(">−50<") && wide.axis.markup.contains(">150<"), "\(wide.axis.markup)")
  }

  @Test func marksStandWhereTheyAre() {
    let mark = WhiskerScale(from: 0, to: 2).mark(1, from: 0.5, to: 3, origin: 0).markup
    #expect(mark.contains("cx=\"50%\"") && mark.contains("x1=\"25%\" x2=\"100%\"") && mark.contains("class=\"origin\""))
    let unknown = WhiskerScale(from: 0, to: 2).mark(.nan, from: .nan, to: .nan).markup
    #expect(!unknown.contains("circle") && !unknown.contains("whisker"))
    #expect(!WhiskerScale(from: 0, to: 2).mark(1, from: .nan, to: .nan).markup.contains("whisker"))
  }

  /// One number, or none, has a scale all the same.
  @Test(arguments: [[], [5.0], [0, 0], [1e-9], [-1e12, 1e12]] as [[Double]]) func anyNumbersHaveAScale(values: [Double])
  {
    #expect(WhiskerScale(around: values).axis.markup.contains("<text"))
  }
}
