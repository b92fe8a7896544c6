internal import FoundationEssentials
internal import Glibc

extension Deployment {
  /// Files that the last steps need, before the first one is done.
  internal func checkFiles() throws(DeployError) {
    guard let release = configuration.release else { return }
    for (key, path) in [
      ("release", release), ("playbook", configuration.playbook), ("held-out", configuration.heldOut),
      ("package", configuration.package), ("wheels", configuration.wheels),
    ] {
      guard let path, unsafe access(path, R_OK) != 0 else { continue }
      throw DeployError(
        .noInput, "\(key): \(shown(path)) cannot be read", advice: "correct deploy.yml, or run it where the file is")
    }
    let result = try? ChildProcess("ansible-playbook", "--version").run()
    guard result?.status == 0 else {
      throw DeployError(
        .unavailable, "ansible-playbook: it cannot be run", advice: "install it: apt-get install ansible-core")
    }
  }

  /// Writes the inventory and runs the playbook, which shows what it does.
  internal func configure() throws(DeployError) {
    let inventory = "\(keys.path)/inventory.yml"
    try writeText(self.inventory(try Survey(session, configuration)), to: inventory)
    var child = ChildProcess("ansible-playbook", "--inventory", inventory, configuration.playbook)
    child.isShown = true
    child.environment["ANSIBLE_CONFIG"] = absolute(folder(of: configuration.playbook) + "ansible.cfg")
    let result = try child.run()
    guard result.status == 0 else {
      throw DeployError(
        .unavailable, "ansible-playbook: it ends with status \(result.status)",
        advice: "its last lines say why; run learners deploy apply again when that is mended")
    }
  }

  /// JSON, which is YAML: names from outside need no care.
  package func inventory(_ production: String, productionKey: String) -> String {
    let hosts = { (role: Role) -> JSONValue in ["hosts": .object([role.rawValue: .object([:])])] }
    var variables: [String: JSONValue] = [
      "ansible_ssh_common_args": .text("-F \(ssh.path)"), "learners_user": .text(configuration.user),
      "learners_archive": .text(absolute(configuration.release ?? "")),
      "learners_production_address": .text(production),
      "learners_production_alias": .text(keys.alias(.production)),
      "learners_production_host_key": .text(productionKey),
      "learners_allowed_loss": .double(configuration.allowedLoss),
      "learners_workbench": configuration.hasWorkbench ? true : false,
    ]
    let files = [
      "learners_held_out": configuration.heldOut, "learners_package": configuration.package,
      "learners_wheels": configuration.wheels,
    ]
    for (name, file) in files { if let file { variables[name] = .text(absolute(file)) } }
    let all: JSONValue = [
      "children": ["production": hosts(.production), "development": hosts(.development)], "vars": .object(variables),
    ]
    return "# Written by learners deploy: changes are lost.\n"
      + String(decoding: JSONValue.object(["all": all]).bytes, as: UTF8.self) + "\n"
  }

  private func inventory(_ found: Survey) throws(DeployError) -> String {
    // dev reaches prod within the cloud's network.
    let inner = found.port(named: configuration.name(of: .production))?.address ?? ""
    let keys = try keys.knownKeys(.production, of: servers(found)[.production])
    return inventory(inner, productionKey: keys.last ?? "")
  }

  private func folder(of path: String) -> String { path.lastIndex(of: "/").map { String(path[...$0]) } ?? "" }

  private func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
  }
}
