import Deploy

extension Deployment.Outlook {
  /// What there is, what would be done, and what is left as it is.
  func text(nothing: String) -> String {
    var lines: [String] = found.isEmpty ? [] : ["found:"] + found.map { "  \($0)" } + [""]
    lines += changes.isEmpty ? [nothing] : changes
    lines += notes.map { "note: \($0)" }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Deployment.Status {
  func text(width: Int) -> String {
    func column(_ title: String, _ cell: (Machine) -> String?) -> TextTable.Column {
      .init(title: title, cells: machines.map { cell($0) ?? "-" }, isRightAligned: false)
    }
    let table = TextTable(columns: [
      column("machine") { $0.name }, column("state") { $0.state }, column("address") { $0.address },
      column("floating") { $0.floatingAddress }, column("flavor") { $0.flavor }, column("program") { $0.version },
    ])
    var lines = table.lines(width: width) + ["", "page    \(page ?? "-")", "health  \(health)"]
    for (name, version) in models.sorted(by: { $0.key < $1.key }) { lines.append("model   \(name) \(version)") }
    return lines.joined(separator: "\n") + "\n"
  }
}
