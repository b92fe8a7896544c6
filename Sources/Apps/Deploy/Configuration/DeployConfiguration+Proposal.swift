/// What a cloud offers, for a first `deploy.yml`.
internal struct CloudOffer {
  var images: [NamedThing]
  var flavors: [(thing: NamedThing, memory: Int, disk: Int)]
  var networks: [NamedThing]
  var externalNetworks: [NamedThing]

  init(_ session: CloudSession) throws(DeployError) {
    images = try session.images()
    flavors = try session.flavors()
    networks = try session.networks(external: false)
    externalNetworks = try session.networks(external: true)
  }
}

extension DeployConfiguration {
  /// A complete configuration of what the cloud has, with comments that name the other choices.
  /// - Parameters:
  ///   - deployment: a name that nobody else has.
  ///   - release: the archive of a release, where there is one.
  public static func proposal(
    for session: CloudSession, cloud: String?, deployment: String, release: String? = nil
  ) throws(DeployError) -> String {
    let offer = try CloudOffer(session)
    return template(
      deployment: deployment, cloud: cloud, image: try bestImage(offer.images),
      network: try onlyNetwork(offer.networks),
      external: offer.externalNetworks.first?.name, flavor: try smallestFlavor(offer.flavors),
      release: release, offer)
  }

  /// The latest Ubuntu, else the latest Debian: cloud-init and apt are in both.
  private static func bestImage(_ images: [NamedThing]) throws(DeployError) -> String {
    for family in ["ubuntu", "debian"] {
      let found = images.filter { $0.name.lowercased().contains(family) }
      if let best = found.max(by: { ($0.name, $0.details) < ($1.name, $1.details) }) { return best.name }
    }
    throw DeployError(
      .noInput, "the cloud has no image of Ubuntu or Debian", advice: "there are: \(listed(images.map(\.name)))")
  }

  private static func onlyNetwork(_ networks: [NamedThing]) throws(DeployError) -> String {
    guard let first = networks.sorted(by: { $0.name < $1.name }).first else {
      throw DeployError(
        .noInput, "the project has no network of its own", advice: "make one with a router, in the cloud's pages")
    }
    return first.name
  }

  /// With room for a model and for a fit: 2 GB or more, and a disk.
  private static func smallestFlavor(
    _ flavors: [(thing: NamedThing, memory: Int, disk: Int)]
  ) throws(DeployError) -> String {
    guard let flavor = flavors.first(where: { $0.memory >= 1_900 && ($0.disk >= 10 || $0.disk == 0) }) ?? flavors.last
    else { throw DeployError(.noInput, "the cloud shows no flavors", advice: "ask its support") }
    return flavor.thing.name
  }

  private static func template(
    deployment: String, cloud: String?, image: String, network: String, external: String?, flavor: String,
    release: String?, _ offer: CloudOffer
  ) -> String {
    let flavors = offer.flavors.map { "#   \($0.thing.name): \($0.thing.details)" }.joined(separator: "\n")
    return """
      # Two machines in the cloud: prod answers visitors, dev makes models. Read by learners deploy.

      # Marks everything that is made. Do not change it while there are machines: they would not be found again.
      deployment: \(deployment)

      # A cloud of clouds.yaml. Without it: OS_CLOUD, or the variables of the RC file that was sourced.
      \(cloud.map { "cloud: \(quoted($0))" } ?? "# cloud: NAME")

      # Names or ids. Images here: \(listed(offer.images.map(\.name)))
      image: \(quoted(image))
      # Networks: \(listed(offer.networks.map(\.name)))
      network: \(quoted(network))
      # Where floating addresses come from: \(listed(offer.externalNetworks.map(\.name)))
      \(external.map { "external-network: \(quoted($0))" } ?? "# external-network: NAME")

      # Who is logged in as on both machines; may do everything there with sudo.
      user: learners
      # The folder of the keys of login and of the hosts. (default: ~/.ssh/\(deployment))
      # keys: PATH

      # Who may see the page at port 5100, and who may log in by ssh. Nothing else is reached from outside.
      web-from: [0.0.0.0/0]
      ssh-from: [0.0.0.0/0]

      # Flavors here:
      \(flavors)
      machines:
        prod:
          flavor: \(quoted(flavor))
          floating-address: no
        dev:
          flavor: \(quoted(flavor))
          floating-address: no

      # The archive of a release, from make dist, that both machines get. Without it they stay bare.
      \(release.map { "release: \(quoted($0))" } ?? "# release: dist/learners-0.1.0-linux-x86_64.tar.gz")
      # The playbook that configures them.
      playbook: deploy/ansible/site.yml
      # JupyterLab and a Ray cluster on dev, from PyPI; with 2 GB of memory there is room for small fits beside them.
      workbench: no
      # The Python package for them, from make wheel; and an archive of wheels where dev reaches no PyPI.
      # package: dist/swift_learners-0.1.0-py3-none-manylinux_2_36_x86_64.whl
      # wheels: dist/wheels.tar

      # A table with the target, which no model has seen: it stays on prod, and models that are delivered are judged by it.
      # held-out: held-out.csv
      # How much larger the mean squared error of a new model may be, with 95 % certainty: 0.02 is 2 %.
      allowed-loss: 0.02

      # Seconds to wait at most: until a server runs, until it can be logged into, until cloud-init is done.
      wait:
        server: 600
        login: 300
        setup: 1200

      """
  }
}

/// A text in YAML's double quotes.
private func quoted(_ text: String) -> String {
  "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
}
