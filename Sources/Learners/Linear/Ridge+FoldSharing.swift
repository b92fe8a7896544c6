extension Ridge: FoldSharing {
  /// For given penalties with intercept: the shift of a column then changes nothing, and no row has to be left out.
  public static func canFitFolds(_ settings: [Parameters]) -> Bool {
    settings.allSatisfy { $0.fitsIntercept && $0.alpha != nil }
  }

  /// By `RidgeCrossValidation`.
  public static func fitFolds(_ settings: [Parameters], of data: FoldedRows) throws(FitError) -> FoldedFits {
    precondition(canFitFolds(settings), "Ridge: a penalty is not given, or there is no intercept")
    let validation = try RidgeCrossValidation(
      data.x, data.y, weights: data.weights, folds: data.folds, alphas: settings.compactMap(\.alpha),
      scaling: .factors(data.factors))
    return FoldedFits(
      predictions: validation.predictions, distinctFits: validation.distinctFits, durations: validation.durations)
  }
}
