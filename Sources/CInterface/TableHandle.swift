public import CLearners
internal import Glibc
internal import Learners

/// A table that a caller adds columns to.
internal final class TableHandle {
  let rowCount: Int
  private(set) var columns: [Column] = []
  private var names: Set<String> = []

  init(rowCount: Int) { self.rowCount = rowCount }

  func add(_ added: [Column]) throws {
    var names = names
    for column in added where !names.insert(column.name).inserted {
      throw Refusal(LEARNERS_BAD_ARGUMENT, "two columns are called \(column.name): names must differ")
    }
    self.names = names
    columns += added
  }

  var table: Table { Table(columns: columns) }
}

@c @implementation
public func learners_table_create(_ rows: Int64, _ table: UnsafeMutablePointer<OpaquePointer?>?) -> learners_status {
  answering {
    let place = unsafe try Argument.place(table, named: "table")
    guard (0...Int64(Int32.max)).contains(rows) else {
      throw Refusal(LEARNERS_BAD_ARGUMENT, "\(rows) rows: there can be 0 to \(Int32.max)")
    }
    unsafe place.pointee = Handle.retained(TableHandle(rowCount: Int(rows)))
  }
}

@c @implementation
public func learners_table_add_numbers(
  _ table: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ type: learners_type, _ values: UnsafeRawPointer?,
  _ stride: Int64
) -> learners_status {
  answering {
    let table = unsafe try Handle.object(table, TableHandle.self, named: "table")
    let name = unsafe try Argument.text(name, named: "name")
    let numbers = unsafe try Numbers(type, values, rows: table.rowCount, rowStride: stride)
    try table.add([Column(name: name, values: .numeric(try numbers.columnArrays()[0]))])
  }
}

@c @implementation
public func learners_table_add_matrix(
  _ table: OpaquePointer?, _ names: UnsafePointer<UnsafePointer<CChar>?>?, _ type: learners_type,
  _ values: UnsafeRawPointer?, _ columns: Int64, _ rowStride: Int64, _ columnStride: Int64
) -> learners_status {
  answering {
    let table = unsafe try Handle.object(table, TableHandle.self, named: "table")
    let numbers = unsafe try Numbers(
      type, values, rows: table.rowCount, columns: columns, rowStride: rowStride, columnStride: columnStride)
    let names =
      unsafe names == nil
      ? (0..<numbers.columns).map { "x\(table.columns.count + $0)" }
      : unsafe try Argument.texts(names, count: columns, named: "names")
    try table.add(zip(names, try numbers.columnArrays()).map { Column(name: $0, values: .numeric($1)) })
  }
}

@c @implementation
public func learners_table_add_categories(
  _ table: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ codes: UnsafePointer<Int32>?,
  _ levels: UnsafePointer<UnsafePointer<CChar>?>?, _ levelCount: Int64, _ asked: Int32
) -> learners_status {
  answering {
    let table = unsafe try Handle.object(table, TableHandle.self, named: "table")
    let name = unsafe try Argument.text(name, named: "name")
    let levels = unsafe try Argument.texts(levels, count: levelCount, named: "levels")
    guard Set(levels).count == levels.count else {
      throw Refusal(LEARNERS_BAD_ARGUMENT, "column \(name): two levels are the same text")
    }
    guard unsafe codes != nil || table.rowCount == 0 else { throw Refusal(LEARNERS_BAD_ARGUMENT, "codes is NULL") }
    let codes = unsafe Array(UnsafeBufferPointer(start: codes, count: codes == nil ? 0 : table.rowCount))
    if let row = codes.firstIndex(where: { $0 < -1 || Int($0) >= levels.count }) {
      throw Refusal(
        LEARNERS_BAD_DATA,
        "row \(row), column \(name): there is no level \(codes[row]): codes are -1 to \(levels.count - 1)")
    }
    let reading = ColumnReading(asked: asked != 0 ? .category : nil)
    try table.add([Column(name: name, values: .categorical(codes: codes, levels: levels), reading: reading)])
  }
}

@c @implementation
public func learners_table_free(_ table: OpaquePointer?) { unsafe Handle.release(table, TableHandle.self) }

@c @implementation
public func learners_text_free(_ text: UnsafeMutablePointer<CChar>?) { unsafe free(text) }
