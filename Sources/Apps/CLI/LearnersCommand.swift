import ArgumentParser

@main
struct LearnersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "learners")
}
