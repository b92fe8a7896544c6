internal import Learners
internal import Page
internal import Repositories

extension PageFeature {
  /// The features of a model, with what is known about them as GitHub's, ranges for sliders, and the values of a row that
  /// the model learned from: the golden row with the middle prediction.
  static func all(of served: ServedModel) -> [PageFeature] {
    let golden = served.file.goldenRows
    let order = golden.predictions.indices.sorted { (golden.predictions[$0], $0) < (golden.predictions[$1], $1) }
    let importance = served.model.featureImportance
    let known = Dictionary(uniqueKeysWithValues: RepositoryFeature.all.map { ($0.name, $0) })
    let isAboutRepositories = Ranker(served) != nil
    return served.features.enumerated().map { index, feature in
      let description = isAboutRepositories ? known[feature.name] : nil
      let values = golden.rows.columns[index]
      var result = PageFeature(
        name: feature.name, kind: kind(of: feature, unit: description?.unit, values: values),
        unit: unit(feature.unit ?? description?.unit), meaning: description?.meaning,
        example: order.isEmpty ? "" : text(values[order[order.count / 2]], of: feature, rounds: description != nil))
      result.importance = importance?[index]
      return result
    }
  }

  /// Units that say nothing beside a field that shows them.
  private static func unit(_ unit: String?) -> String? {
    unit == "0 or 1" || unit == "level" || unit == "0 to 1" ? nil : unit
  }

  private static func text(_ value: Double, of feature: Feature, rounds: Bool) -> String {
    guard value.isFinite else { return "" }
    guard let levels = feature.levels else {
      // Days have many digits that say nothing.
      let rounded = rounds && value.magnitude >= 10 ? value.rounded() : value
      return Int(exactly: rounded).map(String.init) ?? "\(rounded)"
    }
    return Int(value) < levels.count ? levels[Int(value)] : ""
  }

  private static func kind(of feature: Feature, unit: String?, values: [Double]) -> Kind {
    if let levels = feature.levels { return .levels(levels) }
    switch unit {
    case "0 or 1": return .flag
    case "0 to 1": return .number(from: 0, to: 1, isLogarithmic: false)
    case "days": return .number(from: 0, to: 6_000, isLogarithmic: false)
    case "characters": return .number(from: 0, to: feature.name.hasPrefix("name") ? 60 : 350, isLogarithmic: false)
    case "topics", "languages": return .number(from: 0, to: 20, isLogarithmic: false)
    case "KB": return .number(from: 0, to: 10_000_000, isLogarithmic: true)
    case "bytes": return .number(from: 0, to: 100_000_000, isLogarithmic: true)
    case "accounts", "issues", "pull requests", "releases": return .number(from: 0, to: 10_000, isLogarithmic: true)
    case "forks", "commits": return .number(from: 0, to: 100_000, isLogarithmic: true)
    default: return range(around: values.filter(\.isFinite))
    }
  }

  /// For what nothing is known of: what the golden rows have, and half as much on both sides.
  private static func range(around values: [Double]) -> Kind {
    guard let least = values.min(), let most = values.max() else {
      return .number(from: 0, to: 1, isLogarithmic: false)
    }
    if Set(values).isSubset(of: [0, 1]) { return .number(from: 0, to: 1, isLogarithmic: false) }
    let margin = max((most - least) / 2, most.magnitude / 10, 1e-9)
    let isLogarithmic = least >= 0 && most > 1_000 && values.sorted()[values.count / 2] < most / 10
    return .number(
      from: least >= 0 ? max(0, least - margin) : least - margin, to: most + margin, isLogarithmic: isLogarithmic)
  }
}
