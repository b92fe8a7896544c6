public import ArgumentParser
public import Learners

extension WantedStatistic: ExpressibleByArgument {}
