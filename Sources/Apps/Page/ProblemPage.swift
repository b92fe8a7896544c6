/// What a person sees where a request cannot be answered.
public enum ProblemPage {
  /// - Parameters:
  ///   - title: "Not Found".
  ///   - detail: what is wrong and what to do.
  ///   - depth: parts of the path above the one that was asked for, which links have to go up.
  public static func document(status: Int, title: String, detail: String, depth: Int) -> String {
    let up = depth == 0 ? "./" : String(repeating: "../", count: min(depth, 50))
    let sentence = detail.prefix(1).uppercased() + detail.dropFirst()
    let html: HTML = """
      <html lang="en">
      <head>
      <meta charset="utf-8"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <meta name="color-scheme" content="light dark"/>
      <title>\(title) · learners</title>
      <link rel="icon" type="image/svg+xml" href="\(up)icon.svg?v=\(Page.assetVersion)"/>
      <link rel="stylesheet" href="\(up)page.css?v=\(Page.assetVersion)"/>
      </head>
      <body>
      <header class="top"><div class="wrap"><a class="brand" href="\(up)">\(star) learners</a></div></header>
      <main id="main"><div class="wrap hero">
      <h1>\(title)</h1>
      <p>\(String(sentence)) (\(String(status)))</p>
      <p><a href="\(up)">To the first page</a></p>
      </div></main>
      </body>
      </html>

      """
    return "<!doctype html>\n" + html.markup
  }
}
