import ArgumentParser
import Reporters

/// What portlint's exit status says.
enum ExitStatus: Int32 {
  /// Nothing at or above the threshold.
  case clean = 0
  /// Findings at or above the threshold.
  case findings = 1
  /// portlint could not do its whole job.
  case incomplete = 2
}

/// Why a run ended before it could report.
struct RunFailure: Error {
  var message: String
}

/// What is added to a message of a word that is none, where another was likely meant.
func hint(_ nearest: String?) -> String? {
  nearest.map { ", did you mean '\($0)'?" }
}

/// A subcommand that ends with an exit status.
protocol StatusCommand: ParsableCommand {
  func status() throws -> ExitStatus
}

/// Runs portlint with the arguments behind its name.
func runPortlint(_ arguments: [String]) -> ExitStatus {
  do {
    if let settings = LintSettings(plainArguments: arguments) { return try settings.status() }
    var command = try parsedCommand(arguments)
    if let command = command as? any StatusCommand { return try command.status() }
    try command.run()
    return .clean
  } catch let failure as RunFailure {
    writeNote(failure.message)
    return .incomplete
  } catch {
    // Help and the version are what was asked for; anything else is bad usage.
    let message = Portlint.fullMessage(for: error)
    if Portlint.exitCode(for: error) == .success {
      return Console.standardOutput.write(message + "\n") ? .clean : .incomplete
    }
    Console.standardError.write(usageMessage(for: arguments, or: message) + "\n")
    return .incomplete
  }
}

/// A command whose arguments are paths of manifests.
protocol PathCommand {
  var common: CommonOptions { get set }
}

/// The command that arguments ask for.
///
/// ArgumentParser takes time that grows with the square of their number, so of very many it sees no more than it must:
/// what stands behind the last option and its value can only be paths.
private func parsedCommand(_ arguments: [String]) throws -> any ParsableCommand {
  let lastOption = arguments.lastIndex { $0.utf8.first == UInt8(ascii: "-") } ?? -1
  let paths = arguments.dropFirst(lastOption + 2)
  let few = 100
  if paths.count > few,
    var command = try Portlint.parseAsRoot(Array(arguments.dropLast(paths.count))) as? any PathCommand & ParsableCommand
  {
    command.common.paths += paths
    return command
  }
  return try Portlint.parseAsRoot(arguments)
}

/// What is wrong with arguments that cannot be parsed: ArgumentParser quotes them as they are, and a file's name, which a
/// shell may have put there, must not steer a terminal.
private func usageMessage(for arguments: [String], or message: String) -> String {
  do {
    _ = try parsedCommand(arguments.map { escapedForTerminal($0) })
    return escapedForTerminal(message)
  } catch {
    return Portlint.fullMessage(for: error)
  }
}

extension LintSettings {
  /// What arguments ask for that are nothing but paths; nothing for any others.
  ///
  /// ArgumentParser, which would say the same, costs more than the linting of a small file.
  init?(plainArguments arguments: [String]) {
    // `-` is standard input, but there may be options around it.
    guard !arguments.contains(where: { $0.utf8.first == UInt8(ascii: "-") }) else { return nil }
    let commands = Portlint.configuration.subcommands.map { $0._commandName } + ["help"]
    if let first = arguments.first, commands.contains(first) { return nil }
    common.paths = arguments
  }
}
