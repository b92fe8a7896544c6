extension Ridge {
  /// Products of all pairs of columns, or of rows where these are fewer, and an eigendecomposition of what they make.
  public static func workload(of parameters: Parameters, rows: Int, columns: Int) -> Workload {
    let (least, most) = (Double(min(rows, columns)), Double(max(rows, columns)))
    let passes = parameters.alpha == nil ? 3.0 : 1
    return Workload(
      nanoseconds: 1e5 + passes * (20 * least * most + 0.03 * least * least * most) + 1.5 * least * least * least)
  }
}
