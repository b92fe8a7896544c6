public import CLearners
internal import Learners
internal import ONNX

@c @implementation
public func learners_model_export_onnx(
  _ model: OpaquePointer?, _ type: learners_type, _ columns: Int64, _ places: UnsafePointer<Int64>?,
  _ bytes: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?, _ count: UnsafeMutablePointer<Int64>?
) -> learners_status {
  answering {
    let model = unsafe try Handle.object(model, ModelHandle.self, named: "model")
    let place = unsafe try Argument.place(bytes, named: "bytes")
    let countPlace = unsafe try Argument.place(count, named: "count")
    var options = ExportOptions()
    options.precision = try ExportOptions.Precision(type)
    options.programVersion = LEARNERS_VERSION
    if let places = unsafe places {
      guard let width = Int(exactly: columns), width >= 0 else {
        throw Refusal(LEARNERS_BAD_ARGUMENT, "there cannot be \(columns) columns")
      }
      let values = (0..<model.featureCount).map { unsafe Int(clamping: places[$0]) }
      options.matrix = ExportOptions.MatrixColumns(count: width, places: values)
    }
    unsafe try Argument.give(try model.model.onnx(options), at: place, count: countPlace)
  }
}

extension ExportOptions.Precision {
  fileprivate init(_ type: learners_type) throws {
    switch Int(type) {
    case LEARNERS_FLOAT32: self = .single
    case LEARNERS_FLOAT64: self = .double
    default: throw Refusal(LEARNERS_BAD_ARGUMENT, "type \(type): use LEARNERS_FLOAT64 or LEARNERS_FLOAT32")
    }
  }
}
