public import CLearners
internal import Glibc
internal import Learners

@c @implementation
public func learners_model_save(_ model: OpaquePointer?, _ path: UnsafePointer<CChar>?) -> learners_status {
  answering {
    let model = unsafe try Handle.object(model, ModelHandle.self, named: "model")
    try FileDraft.write(model.file.bytes, to: unsafe try Argument.text(path, named: "path"))
  }
}

@c @implementation
public func learners_model_load(
  _ path: UnsafePointer<CChar>?, _ model: UnsafeMutablePointer<OpaquePointer?>?
) -> learners_status {
  answering {
    let place = unsafe try Argument.place(model, named: "model")
    let file = try ModelFile(reading: unsafe try Argument.text(path, named: "path"))
    unsafe place.pointee = Handle.retained(ModelHandle(file))
  }
}

@c @implementation
public func learners_model_encode(
  _ model: OpaquePointer?, _ bytes: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?,
  _ count: UnsafeMutablePointer<Int64>?
) -> learners_status {
  answering {
    let model = unsafe try Handle.object(model, ModelHandle.self, named: "model")
    let place = unsafe try Argument.place(bytes, named: "bytes")
    let countPlace = unsafe try Argument.place(count, named: "count")
    unsafe try Argument.give(model.file.bytes, at: place, count: countPlace)
  }
}

@c @implementation
public func learners_model_decode(
  _ bytes: UnsafePointer<UInt8>?, _ count: Int64, _ model: UnsafeMutablePointer<OpaquePointer?>?
) -> learners_status {
  answering {
    let place = unsafe try Argument.place(model, named: "model")
    guard unsafe count >= 0 && (bytes != nil || count == 0) else {
      throw Refusal(LEARNERS_BAD_ARGUMENT, "bytes is NULL or count \(count) is negative")
    }
    let file = try ModelFile(bytes: unsafe Array(UnsafeBufferPointer(start: bytes, count: Int(count))))
    unsafe place.pointee = Handle.retained(ModelHandle(file))
  }
}

@c @implementation
public func learners_bytes_free(_ bytes: UnsafeMutablePointer<UInt8>?) { unsafe free(bytes) }

@c @implementation
public func learners_model_free(_ model: OpaquePointer?) { unsafe Handle.release(model, ModelHandle.self) }
