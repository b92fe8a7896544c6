/// Where cells of a table are in the files that it was read from.
struct CSVPlaces {
  let plans: [CSVPlan]

  struct Request: Hashable {
    /// Of the table, from 0.
    let row: Int
    let column: Int
  }

  /// File, line, field and column of each cell. Files are read again, as far as that needs.
  func locations(of requests: Set<Request>) throws(DataError) -> [Request: DataError.Location] {
    var places: [Request: DataError.Location] = [:]
    var firstRow = 0
    let sorted = requests.sorted { ($0.row, $0.column) < ($1.row, $1.column) }
    var next = 0
    for plan in plans {
      for part in plan.parts.indices {
        let end = firstRow + plan.parts[part].firstRow + plan.parts[part].rowCount
        let start = next
        while next < sorted.count && sorted[next].row < end { next += 1 }
        if start < next { try locate(sorted[start..<next], plan, part, firstRow, &places) }
      }
      firstRow += plan.rowCount
    }
    return places
  }

  private func locate(
    _ requests: ArraySlice<Request>, _ plan: CSVPlan, _ part: Int, _ fileRow: Int,
    _ places: inout [Request: DataError.Location]
  ) throws(DataError) {
    let place = plan.parts[part]
    var found: [Request: DataError.Location] = [:]
    try CSVPart.withWindow(plan, part) { bytes, start throws(DataError) in
      var scanner = CSVScanner(position: start, end: bytes.count, delimiter: plan.header.delimiter)
      var (row, field) = (fileRow + place.firstRow, 0)
      var (line, counted) = (place.linesBefore + 1, 0)
      for request in requests {
        let wanted = plan.header.columnOfField.firstIndex(of: request.column) ?? 0
        while row < request.row || field < wanted {
          guard (try? scanner.cell(bytes)) != nil else { return }
          if scanner.step(bytes) == .nextRow { (row, field) = (row + 1, 0) } else { field += 1 }
          if row > request.row { return }
        }
        let position = min(scanner.position, bytes.count)
        let following = position < bytes.count ? bytes[position] : nil
        line += CSVLines(bytes.extracting(counted..<position), following: following).all
        counted = position
        found[request] = DataError.Location(
          file: plan.header.file.name, line: line, field: wanted + 1, column: plan.header.names[wanted])
      }
    }
    places.merge(found) { $1 }
  }

  /// The text of a cell.
  func text(_ row: Int, _ column: Int) -> String? {
    var firstRow = 0
    for plan in plans {
      defer { firstRow += plan.rowCount }
      guard let part = plan.parts.lastIndex(where: { firstRow + $0.firstRow <= row && $0.rowCount > 0 }),
        row < firstRow + plan.rowCount, let field = plan.header.columnOfField.firstIndex(of: column)
      else { continue }
      var found: String?
      try? CSVPart.withWindow(plan, part) { bytes, start throws(DataError) in
        var scanner = CSVScanner(position: start, end: bytes.count, delimiter: plan.header.delimiter)
        var (at, cells) = (firstRow + plan.parts[part].firstRow, 0)
        while let cell = try? scanner.cell(bytes) {
          if at == row && cells == field {
            found = cell.text(bytes)
            return
          }
          if scanner.step(bytes) == .nextRow { (at, cells) = (at + 1, 0) } else { cells += 1 }
          if at > row { return }
        }
      }
      return found
    }
    return nil
  }
}
