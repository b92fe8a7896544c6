extension Boosting {
  public static func fittedLoss(of parameters: Parameters) -> FittedLoss {
    switch parameters.loss {
    case .squared: .squared
    case .absolute: .absolute
    case .quantile:
      if let quantiles = parameters.quantiles {
        .quantiles(quantiles.levels, predicted: quantiles.levels[quantiles.middle])
      } else {
        .quantiles([parameters.quantile], predicted: parameters.quantile)
      }
    case .poisson: .deviance(power: 1)
    case .tweedie: .deviance(power: parameters.variancePower)
    }
  }
}
