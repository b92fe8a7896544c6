import ArgumentParser
import Learners

/// `--numbers`: a form, or the choice among them.
enum NumbersOption: String, ExpressibleByArgument, CaseIterable {
  case auto, raw, log, clipped, both

  /// Nil for the choice.
  var form: NumberForm? { NumberForm(rawValue: rawValue) }
}
