internal import Yams

/// A mapping of a YAML file, read key by key: what nobody reads is a typing error, and said to be one.
internal struct SettingsReader {
  let file: String
  /// The names of the keys above, for messages: “machines.prod”.
  let place: String
  private let node: Node.Mapping
  private let line: Int

  init(_ text: String, file: String) throws(DeployError) {
    let root: Node?
    do { root = try Yams.compose(yaml: text) } catch {
      throw DeployError(.badData, "\(file): it is no YAML: \(shown("\(error)"))", advice: "correct it")
    }
    guard let mapping = root?.mapping else {
      throw DeployError(.badData, "\(file): it is empty", advice: "make a new one with learners deploy init")
    }
    self.init(file: file, place: "", node: mapping, line: 1)
  }

  private init(file: String, place: String, node: Node.Mapping, line: Int) {
    (self.file, self.place, self.node, self.line) = (file, place, node, line)
  }

  private func name(_ key: String) -> String { place.isEmpty ? key : "\(place).\(key)" }

  func failure(_ key: String, _ reason: String, advice: String) -> DeployError {
    let line = node[key]?.mark?.line ?? line
    return DeployError(.badData, "\(file):\(line): \(name(key)): \(reason)", advice: advice)
  }

  /// - Throws: where there are other keys.
  func allow(_ keys: String...) throws(DeployError) {
    var seen: Set<String> = []
    for (key, _) in node {
      let text = key.string ?? "?"
      guard keys.contains(text) else {
        throw DeployError(
          .badData, "\(file):\(key.mark?.line ?? line): \(name(shown(text))): there is no such setting",
          advice: "there are: \(keys.joined(separator: ", "))")
      }
      guard seen.insert(text).inserted else {
        throw failure(text, "it is there twice", advice: "leave one of them out")
      }
    }
  }

  func text(_ key: String) throws(DeployError) -> String? {
    guard let value = node[key], value.null == nil else { return nil }
    guard let scalar = value.scalar else { throw failure(key, "it must be one text", advice: "correct it") }
    return scalar.string.isEmpty ? nil : scalar.string
  }

  func needed(_ key: String) throws(DeployError) -> String {
    guard let text = try text(key) else { throw failure(key, "it is missing", advice: "write \(name(key)): VALUE") }
    return text
  }

  func truth(_ key: String) throws(DeployError) -> Bool? {
    guard let text = try text(key) else { return nil }
    switch text.lowercased() {
    case "yes", "true", "on": return true
    case "no", "false", "off": return false
    default: throw failure(key, "\(shown(text)) is neither yes nor no", advice: "write yes or no")
    }
  }

  func texts(_ key: String) throws(DeployError) -> [String]? {
    guard let value = node[key], value.null == nil else { return nil }
    if let scalar = value.scalar { return [scalar.string] }
    guard let sequence = value.sequence else { throw failure(key, "it must be a list", advice: "write [A, B]") }
    let texts = sequence.compactMap { $0.scalar?.string }
    guard texts.count == sequence.count else {
      throw failure(key, "it must be a list of texts", advice: "write [A, B]")
    }
    return texts
  }

  func number(_ key: String, in range: ClosedRange<Double>) throws(DeployError) -> Double? {
    guard let text = try text(key) else { return nil }
    guard let number = Double(text), range.contains(number) else {
      throw failure(
        key, "\(shown(text)) is not a number", advice: "write one from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// What is below a key; an empty mapping where there is nothing.
  func below(_ key: String) throws(DeployError) -> SettingsReader {
    guard let value = node[key], value.null == nil else {
      return SettingsReader(file: file, place: name(key), node: Node.Mapping([]), line: line)
    }
    guard let mapping = value.mapping else {
      throw failure(key, "it must have settings below it", advice: "correct it")
    }
    return SettingsReader(file: file, place: name(key), node: mapping, line: value.mark?.line ?? line)
  }
}
