import Foundation
import Page
import Testing

@Suite struct PaletteTests {
  /// WCAG 2.2, 1.4.3 and 1.4.11: 4.5 for what is read, 3 for what has to be seen.
  @Test func coloursCanBeToldApart() throws {
    for scheme in Palette.Scheme.allCases {
      for (front, back, least) in Palette.pairs {
        let contrast = try contrast(#require(Palette.color(front, scheme)), #require(Palette.color(back, scheme)))
        #expect(contrast >= least, "\(front) on \(back), \(scheme): \(contrast)")
      }
    }
  }

  @Test func theFormulaIsThatOfWCAG() {
    #expect(abs(contrast("#ffffff", "#000000") - 21) < 1e-9)
    #expect(abs(contrast("#777777", "#ffffff") - 4.48) < 0.005)  // the usual example of just too little
  }

  private func contrast(_ a: String, _ b: String) -> Double {
    let (dark, light) = (min(luminance(a), luminance(b)), max(luminance(a), luminance(b)))
    return (light + 0.05) / (dark + 0.05)
  }

  private func luminance(_ color: String) -> Double {
    let number = Int(color.dropFirst(), radix: 16) ?? 0
    let parts = [16, 8, 0].map { shift -> Double in
      let part = Double(number >> shift & 255) / 255
      return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
  }
}
