import ArgumentParser
import Deploy

struct DeployCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deploy",
    abstract: "Make a production and a development machine in an OpenStack cloud.",
    discussion: """
      Two machines from nothing: prod answers visitors at port 5100, dev makes models and delivers them with git push. \
      Everything that is made is marked, found again by its mark, and removed by destroy; a run that was stopped anywhere \
      is run again and goes on. docs/deployment.md has the whole way.

        . openrc.sh                     the RC file of your cloud, or OS_CLOUD and clouds.yaml
        learners deploy init            writes deploy.yml and the keys: look through it
        learners deploy plan            what would be made, changed and removed; changes nothing
        learners deploy apply
        ssh prod
      """,
    subcommands: [
      DeployInitCommand.self, DeployPlanCommand.self, DeployApplyCommand.self, DeployStatusCommand.self,
      DeployDestroyCommand.self,
    ])
}

struct DeployInitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Write deploy.yml, with what the cloud offers, and the keys.")

  @OptionGroup var options: DeployOptions
  @Flag(help: "Replace deploy.yml if it is there.") var force = false

  func run() throws {
    let display = DeployDisplay()
    defer { display.end() }
    let exists = OutputFile.exists(options.config)
    guard force || !exists else {
      throw Failure(
        .usage, "\(printable(options.config)): it is there already: edit it, or replace it with --force")
    }
    try OutputFile.check(options.config)
    let credentials = try DeployOptions.credentials(cloud: options.cloud)
    let exchange = try DeployOptions.exchange(credentials)
    let session = CloudSession(credentials, exchange: exchange, clock: PassingClock(), observer: display)
    // Machines that there are stay those of this description.
    let deployment = (try? DeployFiles.configuration(options.config))?.deployment ?? DeployFiles.newName()
    let text = try DeployConfiguration.proposal(
      for: session, cloud: options.cloud, deployment: deployment,
      release: DeployFiles.latestRelease(in: "dist"))
    let configuration = try DeployConfiguration(parsing: text, file: options.config)
    let keys = KeyFolder(configuration, home: try DeployOptions.home())
    try keys.prepare()
    try OutputFile.write(Array(text.utf8), to: options.config)
    display.end()
    try Terminal.writePage(
      """
      \(options.config): written. Look through it: image, network, flavors, and who may come in.
      \(keys.path): the keys of login and of the two hosts.
      Then: learners deploy plan

      """)
  }
}

struct DeployPlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Tell what apply would do, and change nothing.")

  @OptionGroup var options: DeployOptions

  func run() throws {
    let display = DeployDisplay()
    let deployment = try options.deployment(observer: display)
    let outlook = try deployment.plan()
    display.end()
    try Terminal.writePage(outlook.text(nothing: "nothing to do: the cloud has what \(options.config) says"))
  }
}

struct DeployApplyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply", abstract: "Make the machines as deploy.yml says.",
    discussion: """
      Tells what it is going to do and asks. A second run changes nothing; one that was stopped anywhere, by kill -9 too, \
      is run again and goes on. Waits until both machines run, can be logged into and have done their first boot.
      """)

  @OptionGroup var options: DeployOptions
  @OptionGroup var consent: ConsentOption

  func run() throws {
    let display = DeployDisplay()
    defer { display.end() }
    let deployment = try options.deployment(observer: display)
    let outlook = try deployment.plan()
    display.end()
    try Terminal.writePage(outlook.text(nothing: "nothing to change in the cloud"))
    if !outlook.isEmpty { try consent.ask("Do this?") }
    try deployment.apply()
    display.end()
    try Terminal.writePage("ready: ssh prod, ssh dev\n")
  }
}

struct DeployDestroyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "destroy", abstract: "Remove what apply made, and nothing else.")

  @OptionGroup var options: DeployOptions
  @OptionGroup var consent: ConsentOption

  func run() throws {
    let display = DeployDisplay()
    defer { display.end() }
    let deployment = try options.deployment(observer: display)
    let outlook = try deployment.removal()
    display.end()
    try Terminal.writePage(outlook.text(nothing: "nothing to remove: the cloud has nothing of this deployment"))
    if !outlook.isEmpty { try consent.ask("Remove all this, with what is on the machines?") }
    try deployment.destroy()
    display.end()
    if !outlook.isEmpty { try Terminal.writePage("removed; \(options.config) and the keys are kept\n") }
  }
}

struct DeployStatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show machines, addresses, versions, models and health.",
    discussion: "Ends with status 69 where a machine does not run or the page is not well.")

  @OptionGroup var options: DeployOptions
  @Flag(help: "Print one JSON object.") var json = false

  func run() throws {
    let display = DeployDisplay()
    let deployment = try options.deployment(observer: display)
    let status = try deployment.status()
    display.end()
    try Terminal.writePage(json ? jsonText(status) + "\n" : status.text(width: Terminal.width()))
    if !status.isWell { throw ExitCode(Failure.Status.unavailable.rawValue) }
  }
}
