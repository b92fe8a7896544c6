/// The colours of the page, each for light and dark. A test computes that they can be told apart.
package struct Palette {
  package enum Scheme: CaseIterable { case light, dark }

  private let name: String
  private let light: String
  private let dark: String

  private static let all: [Palette] = [
    .init(name: "paper", light: "#faf9f6", dark: "#141518"),
    .init(name: "surface", light: "#ffffff", dark: "#1c1e22"),
    .init(name: "ink", light: "#1d1e21", dark: "#ecebe8"),
    .init(name: "muted", light: "#5b5e66", dark: "#a6a9b1"),
    .init(name: "line", light: "#dfdcd5", dark: "#33363c"),
    .init(name: "field", light: "#85878d", dark: "#7b7f88"),
    .init(name: "accent", light: "#3a4fc4", dark: "#97a8ff"),
    .init(name: "on-accent", light: "#ffffff", dark: "#14172b"),
    .init(name: "usual", light: "#c9d0f5", dark: "#343c66"),
    .init(name: "truth", light: "#b4470c", dark: "#ffad5c"),
    .init(name: "alert", light: "#b3261e", dark: "#ff9d94"),
    .init(name: "alert-paper", light: "#fdf0ee", dark: "#33201f"),
    .init(name: "note-paper", light: "#f1efe9", dark: "#24262b"),
    .init(name: "heat-1", light: "#d9def8", dark: "#272c48"),
    .init(name: "heat-2", light: "#b3bdf0", dark: "#36407a"),
    .init(name: "heat-3", light: "#8494e2", dark: "#5163b5"),
    .init(name: "heat-4", light: "#5468d0", dark: "#7b8ce6"),
    .init(name: "heat-5", light: "#2a3a99", dark: "#c3ccff"),
  ]

  /// What is read or has to be seen, on what, and the least contrast by WCAG 2.2, level AA.
  package static let pairs: [(front: String, back: String, least: Double)] =
    ["paper", "surface", "note-paper"].flatMap { back in
      [("ink", back, 4.5), ("muted", back, 4.5), ("accent", back, 4.5), ("truth", back, 4.5)]
    } + [
      ("on-accent", "accent", 4.5), ("alert", "alert-paper", 4.5), ("ink", "alert-paper", 4.5),
      ("alert", "surface", 4.5), ("field", "surface", 3), ("field", "paper", 3), ("truth", "usual", 3),
      ("accent", "usual", 3), ("heat-5", "surface", 4.5),
    ]

  package static func color(_ name: String, _ scheme: Scheme) -> String? {
    all.first { $0.name == name }.map { scheme == .light ? $0.light : $0.dark }
  }

  /// Custom properties for both schemes.
  internal static var styleSheet: String {
    func block(_ color: (Palette) -> String) -> String {
      all.map { "--\($0.name):\(color($0));" }.joined()
    }
    return ":root{color-scheme:light dark;\(block(\.light))}"
      + "@media screen and (prefers-color-scheme:dark){:root{\(block(\.dark))}}\n"
  }
}
