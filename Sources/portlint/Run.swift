import ArgumentParser

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

/// A subcommand that ends with an exit status.
protocol StatusCommand: ParsableCommand {
  func status() throws -> ExitStatus
}

/// Runs portlint with the arguments behind its name.
func runPortlint(_ arguments: [String]) -> ExitStatus {
  do {
    var command = try Portlint.parseAsRoot(arguments)
    if let command = command as? any StatusCommand { return try command.status() }
    try command.run()
    return .clean
  } catch let failure as RunFailure {
    Console.standardError.write("portlint: \(failure.message)\n")
    return .incomplete
  } catch {
    // Help and the version are what was asked for; anything else is bad usage.
    let message = Portlint.fullMessage(for: error)
    if Portlint.exitCode(for: error) == .success {
      Console.standardOutput.write(message + "\n")
      return .clean
    }
    Console.standardError.write(message + "\n")
    return .incomplete
  }
}
