/// What a service that says no says about it, each in its own form.
internal enum CloudFault {
  /// Nova: `{"forbidden": {"message", "code"}}`. Neutron: `{"NeutronError": {"message", "type", "detail"}}`. Keystone:
  /// `{"error": {"message", "title"}}`. Glance: a page of HTML.
  static func message(of json: JSONValue?) -> String? {
    guard let json else { return nil }
    for value in json.members.sorted(by: { $0.key < $1.key }).map(\.value) {
      if let message = value["message"]?.text, !message.isEmpty { return shown(message) }
      if let message = value.text, !message.isEmpty { return shown(message) }
    }
    return json["message"]?.text.map(shown)
  }

  /// An answer that no waiting changes, in the words of the person who deploys.
  static func error(_ call: CloudCall, status: Int, message: String?) -> DeployError {
    let reason = message ?? "the cloud answers \(status)"
    let what = "\(call.purpose): \(reason)"
    switch status {
    case 401:
      return DeployError(
        .noPermission, what, advice: "the cloud does not know these credentials: source the RC file again")
    case 403 where isQuota(message), 413:
      return DeployError(
        .unavailable, what,
        advice: "the project's quota is used up: remove what is not needed, choose smaller flavors, or ask for more")
    case 403:
      return DeployError(.noPermission, what, advice: "this user may not: ask the cloud's support for the role")
    case 404: return DeployError(.noInput, what, advice: "it is gone: run learners deploy plan again")
    case 406:
      return DeployError(
        .unavailable, what, advice: "the cloud is older than OpenStack Stein (2019), which is needed")
    case 409 where isQuota(message):
      return DeployError(
        .unavailable, what, advice: "the project's quota is used up: remove what is not needed, or ask for more")
    case 409: return DeployError(.unavailable, what, advice: "something is in its way: run learners deploy plan")
    case 400..<500: return DeployError(.badData, what, advice: "correct deploy.yml and run it again")
    default: return DeployError(.unavailable, what, advice: "run the same command again later: it goes on")
    }
  }

  private static func isQuota(_ message: String?) -> Bool { message?.lowercased().contains("quota") ?? false }
}
