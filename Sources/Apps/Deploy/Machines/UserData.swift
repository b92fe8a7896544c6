internal import FoundationEssentials

/// The instructions of a machine's first boot, for cloud-init.
///
/// They hold no secret but the host's own key. Any process of that host can read it at the cloud's metadata address, and
/// nobody elsewhere.
package struct UserData {
  package let role: DeployConfiguration.Role
  let configuration: DeployConfiguration
  let publicKey: String
  let hostKey: String
  let hostPublicKey: String

  package init(_ role: DeployConfiguration.Role, _ configuration: DeployConfiguration, _ keys: KeyFolder)
    throws(DeployError)
  {
    self.role = role
    self.configuration = configuration
    publicKey = try keys.publicKey
    hostKey = try keys.hostPrivateKey(role)
    hostPublicKey = try keys.hostPublicKey(role)
  }

  /// Nova takes so many bytes, encoded.
  static let mostBytes = 65_535

  /// The first line is what cloud-init knows it by.
  package var text: String {
    """
    #cloud-config
    hostname: \(role.rawValue)
    preserve_hostname: false
    manage_etc_hosts: true
    ssh_pwauth: false
    disable_root: true
    ssh_deletekeys: true
    ssh_genkeytypes: []
    ssh_keys:
      ed25519_private: |
    \(indented(hostKey, by: 4))
      ed25519_public: \(hostPublicKey)
    users:
      - name: \(configuration.user)
        gecos: learners deploy
        shell: /bin/bash
        lock_passwd: true
        groups: [adm, systemd-journal]
        sudo: "ALL=(ALL) NOPASSWD:ALL"
        ssh_authorized_keys:
          - \(publicKey)

    """
  }

  package var encoded: String {
    get throws(DeployError) {
      let encoded = Data(text.utf8).base64EncodedString()
      guard encoded.utf8.count <= Self.mostBytes else {
        throw DeployError(
          .badData, "the first boot's instructions of \(role.rawValue) have \(encoded.utf8.count) bytes",
          advice: "clouds take \(Self.mostBytes): use shorter keys")
      }
      return encoded
    }
  }

  private func indented(_ text: String, by spaces: Int) -> String {
    let margin = String(repeating: " ", count: spaces)
    return text.split(whereSeparator: \.isNewline).map { margin + $0 }.joined(separator: "\n")
  }
}
