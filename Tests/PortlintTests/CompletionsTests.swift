import Testing

@testable import portlint

/// What a shell is told to offer behind what was typed.
@Suite struct CompletionsTests {
  private static func completions(_ typed: [String]) throws -> Completions {
    Completions(of: typed, in: try .root())
  }

  @Test(arguments: [
    (["exp"], ["explain"], "files", ""),
    (["lint", "exp"], [], "files", ""),
    // A subcommand stands before all else.
    (["a.yaml", "exp"], [], "files", ""),
    (["--quiet", "exp"], [], "files", ""),
    (["--fail-on", "w"], ["warning"], "none", ""),
    (["--fail-on=w"], ["warning"], "none", "--fail-on="),
    (["lint", "-f", "sar"], ["sarif"], "none", ""),
    (["ports", "--format", ""], ["text", "json", "csv", "markdown"], "none", ""),
    (["--format", "sarif=a"], [], "files", "sarif="),
    (["--format=sarif=a"], [], "files", "--format=sarif="),
    (["--preset", "g"], ["glibc"], "none", ""),
    (["--rule", "port-conf"], ["port-conflict="], "none", ""),
    (["--rule", "port-conflict=w"], ["port-conflict=warning"], "none", ""),
    (["--config", ""], [], "files", ""),
    (["--tree", ""], [], "folders", ""),
    (["explain", "user-res"], ["user-reserved-port"], "none", ""),
    (["explain", "user-reserved-port", ""], [], "none", ""),
    (["completions", ""], ["bash", "zsh", "fish"], "none", ""),
    (["--sta"], ["--statistics"], "none", ""),
    // What was given once and means nothing twice is not offered again.
    (["--statistics", "--sta"], [], "none", ""),
    (["--format", "text", "--forma"], ["--format"], "none", ""),
    (["--", "--sta"], [], "files", ""),
    (["schema", ""], ["policy", "rule", "report"], "none", ""),
    (["ports", "--read-as", "kube"], ["kubernetes"], "none", ""),
    (["help", "po"], ["ports"], "none", ""),
    (["help", "ports", ""], [], "none", ""),
  ])
  func areWhatMayStandThere(typed: [String], words: [String], paths: String, prefix: String) throws {
    let completions = try Self.completions(typed)
    #expect(completions.words.map(\.text) == words)
    #expect(completions.paths.rawValue == paths)
    #expect(completions.prefix == prefix)
  }

  @Test func optionsAndCommandsAreDescribed() throws {
    #expect(try Self.completions(["--qui"]).words.first?.description == "Leave the summary out of text.")
    #expect(try Self.completions(["serv"]).words.first?.description.isEmpty == false)
  }

  @Test(arguments: Shell.allCases) func theScriptIsWhatTheShellReads(shell: Shell) throws {
    let run = try Run(["completions", shell.rawValue])
    #expect(run.status == 0)
    #expect(run.output == shell.script)
  }

  @Test func anAnswerNamesPathsThenThePrefixThenTheWords() throws {
    #expect(try Run(["completions", "bash", "--", "--fail-on=w"]).output == "none\n--fail-on=\nwarning\n")
  }
}

@Suite struct ShortOptionTests {
  private static let files = [
    "a.yaml": "portlint: 1\nservices: {web: {listen: [18080/tcp]}}\n", "p.yaml": "extends: none\n",
  ]

  @Test(arguments: [
    ["-q", "--quiet"], ["-f json", "--format json"], ["-c p.yaml", "--config p.yaml"], ["-v", "--version"],
    ["ports -f csv", "ports --format csv"], ["rules -c p.yaml -f json", "rules --config p.yaml --format json"],
  ])
  func meanWhatTheLongOnesMean(pair: [String]) throws {
    let runs = try pair.map { try Run($0.split(separator: " ").map(String.init), files: Self.files) }
    #expect(runs[0].output == runs[1].output)
    #expect(runs[0].status == runs[1].status)
    #expect(runs[0].errors == runs[1].errors)
  }

  @Test func helpFitsAScreenAndBeginsWithExamples() throws {
    let lines = try Run(["--help"]).output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count <= 36)
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines[2].hasPrefix("  portlint "))
  }
}
