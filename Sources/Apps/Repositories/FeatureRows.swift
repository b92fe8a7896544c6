internal import Learners

/// The features of repositories, gathered row by row.
internal struct FeatureRows {
  private let features: [RepositoryFeature]
  private let collectedAt: Timestamp?
  /// By feature; a feature fills one of the two.
  private var numbers: [[Double]]
  private var texts: [[String?]]

  internal init(of features: [RepositoryFeature], collectedAt: Timestamp?) {
    self.features = features
    self.collectedAt = collectedAt
    numbers = features.map { _ in [] }
    texts = features.map { _ in [] }
  }

  internal mutating func append(_ repository: Repository) {
    for index in features.indices {
      switch features[index].value {
      case .numeric(let compute): numbers[index].append(compute(repository, collectedAt) ?? .nan)
      case .categorical(let compute): texts[index].append(compute(repository))
      }
    }
  }

  internal var columns: [Column] {
    features.indices.map { index in
      switch features[index].value {
      case .numeric: Column(name: features[index].name, values: .numeric(numbers[index]))
      case .categorical: Column(name: features[index].name, texts: texts[index])
      }
    }
  }
}
