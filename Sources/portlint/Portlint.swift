import ArgumentParser

/// The command line. Each subcommand is a file of its own.
struct Portlint: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "portlint",
    abstract: "Checks the ports that manifests claim, before anything is started.",
    usage: """
      portlint [lint] [<options>] [<path> ...]
      portlint <subcommand> ...
      """,
    discussion: """
        portlint                        lint the current folder
        portlint deploy.yaml            lint a file, together with what it belongs to
        kustomize build . | portlint -  lint standard input
        portlint ports deploy/          who claims what, where
        portlint explain port-conflict  what a rule checks, why, and how to mend it
        portlint help lint              the options for linting

      Exit status: 0 nothing at or above the threshold; 1 findings; 2 portlint could not do its whole job.
      """,
    version: portlintVersion,
    subcommands: [
      LintCommand.self, PortsCommand.self, FreeCommand.self, ExplainCommand.self, RulesCommand.self,
      FormatsCommand.self, ServiceCommand.self, InitCommand.self, TestRulesCommand.self, SchemaCommand.self,
      CompletionsCommand.self,
    ],
    defaultSubcommand: LintCommand.self)

  @Flag(name: .customShort("v"), help: "Show the version.")
  var showsVersion = false

  func validate() throws {
    if showsVersion { throw CleanExit.message(portlintVersion) }
  }
}
