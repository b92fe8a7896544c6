internal import Glibc
internal import Synchronization

/// The models that are served, by name. Another model takes the place of one between two requests: who has the old one
/// in hand finishes with it.
package final class Shelf: Sendable {
  private struct Content {
    /// Where each model comes from, in the order of the command line.
    var sources: [ModelSource] = []
    var models: [String: ServedModel] = [:] {
      didSet { first = sources.first.flatMap { models[$0.name] } }
    }
    /// The model of requests that name none: nearly all.
    private(set) var first: ServedModel?
    /// Why the last file of that name was refused; none where it was taken.
    var refusals: [String: ModelRefusal] = [:]
  }

  private let content: Mutex<Content>

  package init(_ sources: [ModelSource] = []) {
    content = Mutex(Content(sources: sources))
  }

  package var sources: [ModelSource] { content.withLock(\.sources) }

  /// Models that are loaded, in the order of the command line.
  package var models: [ServedModel] {
    content.withLock { content in content.sources.compactMap { content.models[$0.name] } }
  }

  package func model(named name: String) -> ServedModel? { content.withLock { $0.models[name] } }

  package func refusal(of name: String) -> ModelRefusal? { content.withLock { $0.refusals[name] } }

  /// The model of requests that name none: the first.
  package var defaultModel: ServedModel? { content.withLock(\.first) }

  /// The model of a request.
  /// - Throws: `Problem` 404 for an unknown name, 503 where none is loaded.
  package func model(for name: String?) throws(Problem) -> ServedModel {
    guard let name else {
      if let defaultModel { return defaultModel }
      throw Problem(
        503, "no-model", "no model is loaded: make one with learners fit, or start learners serve --model FILE")
    }
    if let model = model(named: name) { return model }
    guard sources.contains(where: { $0.name == name }) else {
      throw .unknownModel(name)
    }
    throw Problem(503, "no-model", "the model \(name) is not loaded")
  }

  /// Reads a model's file aside and serves it from the next request on, if it is one to be trusted.
  /// - Parameter region: where the rows that it predicts are counted; nil for nowhere.
  /// - Returns: nil where the file has what is served already.
  /// - Throws: the reason; what was served before is served on.
  @discardableResult
  package func load(_ name: String, countingIn region: DriftRegion? = nil) throws(ModelRefusal) -> ServedModel? {
    guard let source = sources.first(where: { $0.name == name }) else {
      throw ModelRefusal(name: name, path: "", reason: "no model is called \(name)")
    }
    do throws(ModelRefusal) {
      let model = try ServedModel(name: name, path: source.path, countingIn: region)
      return content.withLock { content in
        content.refusals[name] = nil
        guard content.models[name]?.sha256 != model.sha256 else { return nil }
        model.drift?.begin()
        content.models[name] = model
        return model
      }
    } catch {
      content.withLock { $0.refusals[name] = error }
      throw error
    }
  }

  /// Stops to serve a model. - Returns: whether it was served.
  package func unload(_ name: String) -> Bool { content.withLock { $0.models.removeValue(forKey: name) != nil } }
}

/// A model's name in requests and its file.
package struct ModelSource: Sendable, Hashable {
  package let name: String
  package let path: String
  /// The server starts without the file and serves it as soon as it is there.
  package let mayComeLater: Bool

  package init(name: String, path: String, mayComeLater: Bool = false) {
    self.name = name
    self.path = path
    self.mayComeLater = mayComeLater
  }

  /// `NAME=FILE`, or a file whose name without extension is the model's: a text that is the path of a file is one, whatever
  /// signs are in it.
  package init?(parsing text: String, isFile: (String) -> Bool = { unsafe access($0, F_OK) == 0 }) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2, Self.isName(parts[0]), !isFile(text) {
      self.init(name: String(parts[0]), path: String(parts[1]))
    } else {
      let last = text.split(separator: "/").last ?? ""
      let name = last.hasSuffix(".safetensors") ? last.dropLast(".safetensors".count) : last
      guard Self.isName(name) else { return nil }
      self.init(name: String(name), path: text)
    }
    guard !path.isEmpty else { return nil }
  }

  /// Anything that can be a part of a path, without what would move a terminal's cursor.
  static func isName(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.count <= 100 && text != "." && text != ".."
      && text.unicodeScalars.allSatisfy { $0 != "/" && $0.properties.generalCategory != .control }
  }
}
