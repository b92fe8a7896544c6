import FoundationEssentials
import Learners

/// The models that `fit` or `tune` left in a folder, as candidates with the settings that they were fitted with.
struct ModelFolder {
  let path: String
  let grids: [CandidateGrid]
  /// Of the blend among them; nil where there is none.
  let blendSize: Int?
  /// Whether they are means of the models of the folds.
  let holdsBags: Bool
  /// SHA-256 of the data that they were fitted on, each once.
  let dataSHA256: Set<String>

  /// - Throws: `Failure` where it has no model, or one that is not to be trusted.
  init(reading path: String) throws {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw Failure(.noInput, "\(path): there is no such folder: name the folder that fit or tune wrote models to")
    }
    self.path = path
    var (found, size, hashes) = ([String: CandidateGrid](), Int?.none, Set<String>())
    var bags = 0
    // The best has a second name.
    for name in names.sorted() where name.hasSuffix(".safetensors") && name != "best.safetensors" {
      let file = try Self.read("\(path)/\(name)")
      hashes.insert(file.provenance.dataSHA256)
      var model = file.model
      if let blend = model.learner as? Blend {
        guard let one = Self.oneOfBag(blend, name) else {
          size = blend.parameters.size
          continue
        }
        (model, bags) = (one, bags + 1)
      }
      if let candidate = try? Candidate(Self.type(of: model), settings: model.changedSettings) {
        found[candidate.name] = CandidateGrid(candidate)
      }
    }
    grids = Registry.learners.compactMap { found[$0.name] }
    blendSize = size
    holdsBags = bags > 0
    dataSHA256 = hashes
    guard !grids.isEmpty else {
      throw Failure(
        .noInput,
        "\(path): there is no model file of a single learner (a blend is none): name the folder that fit or tune wrote models to"
      )
    }
  }

  /// One of the models of the folds, all of one learner with the same settings; nil for a blend.
  private static func oneOfBag(_ blend: Blend, _ name: String) -> Model? {
    let models = blend.members.map(\.model)
    let isBag =
      name != "\(Blend.name).safetensors"
      && models.allSatisfy { $0.name == models[0].name && $0.parameterValues == models[0].parameterValues }
    return isBag ? models[0] : nil
  }

  private static func type(of model: Model) -> any Regressor.Type { Swift.type(of: model.learner) }

  private static func read(_ path: String) throws -> ModelFile {
    do throws(ModelFileError) {
      return try ModelFile(reading: path)
    } catch {
      throw Failure(.badData, "\(path): this is no model to be trusted: \(error): fit it again")
    }
  }
}

extension Model {
  /// The hyper-parameters that are not at their defaults.
  fileprivate var changedSettings: [String: ParameterValue] {
    func changed<Learner: Regressor>(_ learner: Learner) -> [String: ParameterValue] {
      let defaults = Dictionary(uniqueKeysWithValues: Learner.Parameters().values.map { ($0.name, $0.value) })
      return Dictionary(uniqueKeysWithValues: learner.parameters.values.map { ($0.name, $0.value) })
        .filter { defaults[$0.key] != $0.value }
    }
    return changed(learner)
  }
}
