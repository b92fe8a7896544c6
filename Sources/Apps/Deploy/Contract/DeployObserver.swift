/// Is told what a deployment does. Calls come from the thread that deploys.
public protocol DeployObserver: AnyObject {
  /// A line that stays: something was made, changed, removed or found.
  func notes(_ text: String)
  /// What is being waited for; shown until the next call.
  func waits(for text: String)
}
