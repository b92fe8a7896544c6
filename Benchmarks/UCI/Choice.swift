import ArgumentParser
import Foundation
import Learners

/// What the options choose.
enum Choice {
  /// - Parameter names: comma-separated names of learners, or "all".
  /// - Parameter assignments: "MODEL.PARAMETER=VALUE"; of two for one parameter the last counts.
  static func candidates(_ names: String, assignments: [String]) throws -> [Candidate] {
    let learners = names == "all" ? Registry.learners : try list(names).map { try learner($0) }
    var settings: [String: [String: ParameterValue]] = [:]
    for text in assignments {
      let (model, parameter, value) = try parts(text)
      guard learners.contains(where: { $0.name == model }) else {
        throw ValidationError("--set \(text): \(model) is not measured: add it to --model, or correct the name")
      }
      settings[model, default: [:]][parameter] = ParameterValue(parsing: value)
    }
    return try learners.map { learner in
      do throws(ParameterError) {
        return try Candidate(learner, settings: settings[learner.name] ?? [:])
      } catch {
        throw ValidationError("--set \(learner.name): \(error): see docs/learners/\(learner.name).md")
      }
    }
  }

  /// - Parameter names: comma-separated names of tables, or "all": those in the folder that have splits.
  static func tables(_ names: String, folder: String) throws -> [String] {
    guard let files = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw ValidationError("\(folder): is no folder that can be read: name the one with the tables")
    }
    let known = files.filter { $0.hasSuffix(".csv") }.map { String($0.dropLast(4)) }.sorted()
      .filter { files.contains(Problem.splitsFile(of: $0)) }
    guard !known.isEmpty else {
      throw ValidationError("\(folder): has no table: a table is NAME.csv and NAME-test-rows.json")
    }
    guard names != "all" else { return known }
    let chosen = try list(names)
    if let unknown = chosen.first(where: { !known.contains($0) }) {
      throw ValidationError(
        "--table \(unknown): no such table: choose among \(known.joined(separator: ", ")), or all")
    }
    return chosen
  }

  private static func list(_ names: String) throws -> [String] {
    let list = names.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard Set(list).count == list.count else { throw ValidationError("\(names): a name is given twice") }
    return list
  }

  private static func learner(_ name: String) throws -> any Regressor.Type {
    guard let learner = Registry.learner(named: name) else {
      let known = Registry.learners.map { $0.name }.joined(separator: ", ")
      throw ValidationError("--model \(name): no learner has this name: choose among \(known), or all")
    }
    return learner
  }

  private static func parts(_ text: String) throws -> (model: String, parameter: String, value: String) {
    guard let equals = text.firstIndex(of: "="), let dot = text[..<equals].firstIndex(of: ".") else {
      throw ValidationError("--set \(text): must look like boosting.learningRate=0.05: correct it")
    }
    let value = String(text[text.index(after: equals)...])
    return (String(text[..<dot]), String(text[text.index(after: dot)..<equals]), value)
  }
}
