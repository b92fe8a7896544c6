internal import Glibc
package import Learners
internal import NIOCore

/// A model as it is served: read, checked, and ready to predict. It never changes; another file is another value.
package final class ServedModel: Sendable {
  /// The name in requests.
  package let name: String
  package let path: String
  package let file: ModelFile
  /// Of the file's bytes.
  package let sha256: String
  /// Which content of the file this is: the first digits of its hash, the same in every process that serves it.
  package let version: String
  package let byteCount: Int

  /// Counts the rows that it predicts; nil where nobody asks.
  let drift: DriftCounts?
  /// From where on numbers are told to be far out; nil for a model that does not know.
  private let limits: StrayLimits?
  let reader: InstanceReader
  let predictor: RowPredictor
  /// `{"TARGET":`, as it stands before each prediction.
  let predictionPrefix: ByteBuffer
  /// `],"model":{…}`, as it stands behind the predictions.
  let predictionsEnd: ByteBuffer

  package var model: Model { file.model }
  var metricsLabel: Metrics.ModelLabel {
    .init(name: name, version: version, learner: model.name, drift: drift?.reports(of: features) ?? [])
  }
  package var features: [Feature] { file.model.pipeline.features }

  /// Reads and verifies a file: its golden rows must be predicted as they were when it was written.
  /// - Parameter region: where the rows that it predicts are counted; nil for nowhere.
  package init(name: String, path: String, countingIn region: DriftRegion? = nil) throws(ModelRefusal) {
    let bytes: [UInt8]
    do throws(DataError) { bytes = try InputFile(reading: path).bytes } catch {
      throw ModelRefusal(
        name: name, path: path, reason: "\(error.what): \(error.advice)", isMissing: error.code == .noInput)
    }
    do throws(ModelFileError) { file = try ModelFile(bytes: bytes) } catch {
      throw ModelRefusal(name: name, path: path, reason: "it is no model to be trusted: \(error)")
    }
    // An object of JSON with two members of one name is read by each client as it likes.
    guard file.model.target != "quantiles" || file.model.quantileLevels.isEmpty else {
      throw ModelRefusal(
        name: name, path: path,
        reason: "it predicts several quantiles of a column that is called “quantiles”, as they are in answers: "
          + "rename the column in the table and fit again")
    }
    self.name = name
    self.path = path
    byteCount = bytes.count
    sha256 = ContentHash.sha256(of: bytes)
    version = String(sha256.prefix(12))
    drift = region.flatMap { [file, version] in DriftCounts($0, of: file.model, version: version) }
    limits = file.model.trainingRanges.map(StrayLimits.init)
    reader = InstanceReader(file.model.pipeline.features)
    predictor = RowPredictor(file.model)
    var prefix = ByteBuffer()
    prefix.writeStaticString("{")
    prefix.writeJSON(file.model.target)
    prefix.writeStaticString(":")
    predictionPrefix = prefix
    var end = ByteBuffer()
    end.writeStaticString("],\"model\":{\"name\":")
    end.writeJSON(name)
    end.writeStaticString(",\"version\":")
    end.writeJSON(version)
    end.writeStaticString(",\"sha256\":")
    end.writeJSON(sha256)
    end.writeStaticString("}")
    predictionsEnd = end
  }

  /// What somebody may not have meant.
  func warnings(of instances: Instances) -> [RowWarning] {
    (instances.isRemarkable ? RowWarning.all(of: instances, features) : [])
      + warningsOfStrays(instances.values)
  }

  /// Numbers that are far beyond those of all training rows.
  /// - Parameter values: rows x features.
  func warningsOfStrays(_ values: some RandomAccessCollection<Double>) -> [RowWarning] {
    guard let limits, let ranges = model.trainingRanges else { return [] }
    let count = features.count
    var rows: [Int: Int] = [:]
    var feature = 0
    for value in values {
      if limits.isStray(value, feature: feature) { rows[feature, default: 0] += 1 }
      feature = feature + 1 == count ? 0 : feature + 1
    }
    guard !rows.isEmpty else { return [] }
    return rows.sorted { $0.key < $1.key }.compactMap { feature, rows in
      ranges.features[feature].map { RowWarning(beyond: $0, features[feature].name, rows: rows) }
    }
  }
}

/// Why a file is not served.
package struct ModelRefusal: Error, CustomStringConvertible {
  package let name: String
  package let path: String
  package let reason: String
  /// There is no such file.
  package var isMissing = false

  package var description: String { "\(path): \(reason)" }
}
