/// What `deploy.yml` says: which machines there are to be, and who may reach them.
public struct DeployConfiguration: Sendable, Hashable {
  /// The two machines, by what they are for.
  public enum Role: String, Sendable, Hashable, CaseIterable {
    case production = "prod"
    case development = "dev"
  }

  public struct Machine: Sendable, Hashable {
    public var flavor: String
    public var hasFloatingAddress = false
  }

  /// Marks everything that is made in the cloud: two deployments in one project do not touch each other.
  public var deployment: String
  /// A cloud of clouds.yaml; nil for the variables.
  public var cloud: String?
  public var image: String
  public var network: String
  public var externalNetwork: String?
  /// Who is logged in as on both machines.
  public var user = "learners"
  /// The folder of keys, in the home folder; nil for `~/.ssh/DEPLOYMENT`.
  public var keys: String?
  /// Ranges of addresses that may see the page, and log in.
  public var webFrom = ["0.0.0.0/0"]
  public var sshFrom = ["0.0.0.0/0"]
  public var machines: [Role: Machine]
  /// The archive of a release (`make dist`) that both machines get; nil where they are not configured.
  public var release: String?
  /// The playbook and its roles.
  public var playbook = "deploy/ansible/site.yml"
  /// Whether dev gets JupyterLab, Ray and the Python package.
  public var hasWorkbench = false
  /// The wheel of the Python package (`make wheel`).
  public var package: String?
  /// An archive of wheels, where dev reaches no PyPI.
  public var wheels: String?
  /// A table that no model has seen, by which production judges what is delivered; nil where nothing is compared.
  public var heldOut: String?
  /// How much larger the mean squared error of a new model may be: 0.02 is 2 %.
  public var allowedLoss = 0.02
  /// Seconds.
  public var waitForServer = 600.0
  public var waitForLogin = 300.0
  public var waitForSetup = 1_200.0

  public static let port = 5100

  public init(deployment: String, image: String, network: String, machines: [Role: Machine]) {
    self.deployment = deployment
    self.image = image
    self.network = network
    self.machines = machines
  }

  /// What everything that is made is marked with.
  internal var mark: String { "learners-deploy=\(deployment)" }
  internal func name(of role: Role) -> String { "\(deployment)-\(role.rawValue)" }
  internal func machine(_ role: Role) -> Machine { machines[role] ?? Machine(flavor: "") }
}
