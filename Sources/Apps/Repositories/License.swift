/// A licence is written in four ways; features know one of them.
internal enum License {
  /// The SPDX identifier of what GitHub's `license` says: an identifier, a key such as "mit", or a name such as
  /// "MIT License". What is not known is kept as it is; "Other" is NOASSERTION; an empty text is no licence.
  internal static func identifier(of text: String) -> String? {
    if text.isEmpty { return nil }
    if text.first == "{", let license = DictionaryText(text) {
      // As pandas writes what is an object in GitHub's JSON.
      return (license["spdx_id"] ?? license["spdxId"] ?? license["key"] ?? license["name"]).flatMap(identifier)
    }
    return identifierOf[text.lowercased()] ?? text
  }

  /// By lower-case identifier (which is GitHub's key) and by lower-case name.
  private static let identifierOf: [String: String] = {
    var table = ["other": "NOASSERTION", "noassertion": "NOASSERTION"]
    for (identifier, name) in known {
      table[identifier.lowercased()] = identifier
      table[name.lowercased()] = identifier
    }
    return table
  }()

  private static let known: [(identifier: String, name: String)] = [
    ("0BSD", "BSD Zero Clause License"),
    ("AFL-3.0", "Academic Free License v3.0"),
    ("AGPL-3.0", "GNU Affero General Public License v3.0"),
    ("Apache-2.0", "Apache License 2.0"),
    ("Artistic-2.0", "Artistic License 2.0"),
    ("BlueOak-1.0.0", "Blue Oak Model License 1.0.0"),
    ("BSD-2-Clause", "BSD 2-Clause \"Simplified\" License"),
    ("BSD-2-Clause-Patent", "BSD-2-Clause Plus Patent License"),
    ("BSD-3-Clause", "BSD 3-Clause \"New\" or \"Revised\" License"),
    ("BSD-3-Clause-Clear", "BSD 3-Clause Clear License"),
    ("BSD-4-Clause", "BSD 4-Clause \"Original\" or \"Old\" License"),
    ("BSL-1.0", "Boost Software License 1.0"),
    ("CC-BY-4.0", "Creative Commons Attribution 4.0 International"),
    ("CC-BY-SA-4.0", "Creative Commons Attribution Share Alike 4.0 International"),
    ("CC0-1.0", "Creative Commons Zero v1.0 Universal"),
    ("ECL-2.0", "Educational Community License v2.0"),
    ("EPL-1.0", "Eclipse Public License 1.0"),
    ("EPL-2.0", "Eclipse Public License 2.0"),
    ("EUPL-1.1", "European Union Public License 1.1"),
    ("EUPL-1.2", "European Union Public License 1.2"),
    ("GFDL-1.3", "GNU Free Documentation License v1.3"),
    ("GPL-2.0", "GNU General Public License v2.0"),
    ("GPL-3.0", "GNU General Public License v3.0"),
    ("ISC", "ISC License"),
    ("LGPL-2.1", "GNU Lesser General Public License v2.1"),
    ("LGPL-3.0", "GNU Lesser General Public License v3.0"),
    ("LPPL-1.3c", "LaTeX Project Public License v1.3c"),
    ("MIT", "MIT License"),
    ("MIT-0", "MIT No Attribution"),
    ("MPL-2.0", "Mozilla Public License 2.0"),
    ("MS-PL", "Microsoft Public License"),
    ("MS-RL", "Microsoft Reciprocal License"),
    ("MulanPSL-2.0", "Mulan Permissive Software License, Version 2"),
    ("NCSA", "University of Illinois/NCSA Open Source License"),
    ("ODbL-1.0", "Open Data Commons Open Database License v1.0"),
    ("OFL-1.1", "SIL Open Font License 1.1"),
    ("OSL-3.0", "Open Software License 3.0"),
    ("PostgreSQL", "PostgreSQL License"),
    ("Unlicense", "The Unlicense"),
    ("UPL-1.0", "Universal Permissive License v1.0"),
    ("Vim", "Vim License"),
    ("WTFPL", "Do What The F*ck You Want To Public License"),
    ("Zlib", "zlib License"),
  ]
}
