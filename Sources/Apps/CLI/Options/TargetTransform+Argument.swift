public import ArgumentParser
public import Learners

extension TargetTransform.Choice: ExpressibleByArgument {}
