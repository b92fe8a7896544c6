import Page
import Testing

@Suite struct LogScaleTests {
  @Test func smallNumbersHaveTheirPlaces() {
    let scale = LogScale(from: 1e-6, to: 1e-2, unit: 1e-9)
    #expect(abs(scale.position(1e-4) - 0.5) < 0.001)
    #expect([1e-6, 2e-5, 1e-3, 0.5, 0].map(scale.text(ofTick:)) == ["1e-6", "2e-5", "0.001", "0.5", "0"])
    #expect(scale.ticks.count >= 3 && scale.ticks.allSatisfy { (1e-6...1e-2).contains($0) })
  }

  @Test func staysWithin() {
    let scale = LogScale(to: 1e5)
    #expect(scale.position(0) == 0)
    #expect(scale.position(-7) == 0)
    #expect(scale.position(1e9) == 1)
    #expect(scale.position(.nan) == 0)
    #expect(scale.position(10) < scale.position(100))
  }

  @Test func ticksArePowersOfTenWithin() {
    #expect(LogScale(to: 12_000).ticks == [0, 10, 100, 1_000, 10_000])
    #expect(LogScale(to: 0).ticks == [0])
  }

  @Test func anythingHasAScale() {
    for end in [0, -5, .nan, .infinity, 1e308] { #expect((0...1).contains(LogScale(to: end).position(12))) }
  }
}
