import Page
import Testing

@Suite struct LinearScaleTests {
  @Test func ticksAreRoundAndWithin() {
    let years = LinearScale(from: 1922, to: 2011)
    #expect(years.ticks == [1920, 1940, 1960, 1980, 2000])
    #expect(years.ticks.map(years.text(ofTick:)) == ["1920", "1940", "1960", "1980", "2000"])
    let negative = LinearScale(from: -15.2, to: 27.6)
    #expect(negative.ticks.map(negative.text(ofTick:)) == ["−10", "0", "10", "20"])
    let tiny = LinearScale(from: 0.001, to: 0.0098)
    #expect(tiny.ticks.map(tiny.text(ofTick:)) == ["0.002", "0.004", "0.006", "0.008", "0.010"])
  }

  @Test func anythingHasAScale() {
    for (low, high) in [(0.0, 0.0), (5, 5), (-1e300, 1e300), (1e-300, 2e-300)] {
      let scale = LinearScale(from: low, to: high)
      for value in [low, high, 0, .nan, .infinity] { #expect((0...1).contains(scale.position(value))) }
      #expect(scale.ticks.count <= 20)
    }
  }
}
