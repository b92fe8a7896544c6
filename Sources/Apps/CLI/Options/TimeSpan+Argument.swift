import ArgumentParser

extension TimeSpan: ExpressibleByArgument {
  init?(argument: String) { self.init(parsing: argument) }
}
