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
      Reads Compose files, Kubernetes manifests, plain service manifests and what else 'portlint formats' lists, builds one \
      inventory of the sockets they claim, and holds it against a policy.

      'portlint' alone lints the current folder; 'portlint help lint' lists the options for it.

      Exit status: 0 nothing at or above the threshold; 1 findings; 2 portlint could not do its whole job.
      """,
    version: portlintVersion,
    subcommands: [
      LintCommand.self, PortsCommand.self, FreeCommand.self, ExplainCommand.self, RulesCommand.self,
      FormatsCommand.self, ServiceCommand.self, InitCommand.self, TestRulesCommand.self, SchemaCommand.self,
    ],
    defaultSubcommand: LintCommand.self)
}
