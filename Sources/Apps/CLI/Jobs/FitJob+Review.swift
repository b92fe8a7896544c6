import Learners

extension FitJob {
  /// Tells what makes the scores look better than they are.
  func review(_ progress: Progress) {
    let review = DatasetReview(experiment.dataset, allowed: allowedLeaks)
    for warning in review.warnings + experiment.dataset.kinWarnings { warn(warning, progress) }
    let known = experiment.folds.countOfKnownRows(review.duplicates)
    guard known > 0 else { return }
    warn(
      "\(known) of \(counted(experiment.dataset.rowCount, "row")) "
        + "\(known == 1 ? "is an exact duplicate" : "are exact duplicates") of a row in another fold (\(review.duplicates.copyCount) "
        + "could go): what is held out is known from training, so that scores are too good: remove the duplicates, or keep "
        + "them together with --groups or --folds", progress)
  }
}
