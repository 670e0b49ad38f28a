import Foundation
import Testing

/// The policy, the baseline and the register of ports, as the command line has them.
@Suite struct PolicyRunTests {
  private static let clash = """
    services:
      web: {image: web, ports: ["8080:80"]}
      api: {image: api, ports: ["8080:80"]}

    """

  private static let strict = "extends: strict\nrules: {every-address: error}\n"

  @Test func thePolicyIsFoundUpwards() throws {
    let files = ["deep/er/compose.yaml": "services: {web: {image: web, ports: [\"8080:80\"]}}\n"]
    let run = { (arguments: [String], policy: String?) in
      try Run(
        ["--format", "compact", "--quiet"] + arguments,
        files: files.merging(policy.map { [".portlint.yaml": $0] } ?? [:]) { $1 })
    }
    #expect(try run(["deep"], nil).output == "")
    let found = try run(["deep"], Self.strict)
    #expect(found.status == 1)
    #expect(
      found.output
        == "deep/er/compose.yaml:1:39: error: 'web' publishes 8080/tcp without a host address, so on every one "
        + "[every-address]\n")
    // What the command line says wins over the file.
    #expect(try run(["deep", "--preset", "recommended"], Self.strict).output == "")
    #expect(try run(["deep", "--rule", "every-address=off"], Self.strict).output == "")
    #expect(try run(["deep", "--rule", "every-address=warning"], Self.strict).status == 0)
  }

  @Test func aPolicyOfAnotherNameIsNoted() throws {
    let files = [".portlint.yml": "extends: strict\n", "compose.yaml": "services: {web: {image: web}}\n"]
    let run = try Run(["--quiet"], files: files)
    #expect(run.errors == "portlint: .portlint.yml is not read: a policy is called .portlint.yaml\n")
    #expect(run.status == 0)
    #expect(try Run(["--quiet", "--config", ".portlint.yml"], files: files).errors == "")
    #expect(try Run(["--quiet"], files: files.merging([".portlint.yaml": ""]) { $1 }).errors == "")
    // It is looked for where a policy is.
    let deeper = Dictionary(uniqueKeysWithValues: files.map { ("team/\($0)", $1) })
    let note = "portlint: team/.portlint.yml is not read: a policy is called .portlint.yaml\n"
    #expect(try Run(["--quiet", "team"], files: deeper).errors == note)
    #expect(try Run(["--quiet"], files: deeper).errors == "")
  }

  @Test func aPolicyElsewhereIsNamed() throws {
    let files = ["team/policy.yaml": Self.strict, "compose.yaml": "services: {web: {image: w, ports: [\"80:80\"]}}\n"]
    #expect(try Run(["--config", "team/policy.yaml"], files: files).status == 1)
    let missing = try Run(["--config", "team/none.yaml"], files: files)
    #expect(missing.status == 2)
    #expect(missing.errors == "portlint: team/none.yaml: there is no such file\n")
    #expect(try Run(["--config", "team"], files: files).status == 2)
    #expect(try Run(["--preset", "strickt"], files: files).errors.contains("did you mean 'strict'?"))
    #expect(
      try Run(["--rule", "policy=off"], files: files).errors == "portlint: --rule: 'policy' cannot be turned off\n")
  }

  @Test func aPatternOfNoFileIsAFindingInThePolicy() throws {
    let files = [
      ".portlint.yaml": """
      deployments: [{files: ["edge/**", "edge.yaml"]}, {files: ["no/**", "none.yaml"]}]
      projects: [{files: [compose.yaml, compose.prod.yaml]}, {files: [none.yaml, compose.yaml]}]
      exclude: ["vendor/**", "old/*.yaml", ".cache/**", "web/node_modules/**"]

      """,
      "edge/compose.yaml": "services: {web: {image: web}}\n", "compose.yaml": "services: {web: {image: web}}\n",
      "vendor/compose.yaml": "services: {web: {image: web}}\n",
    ]
    let run = try Run(["--quiet", "--format", "compact", "--fail-on", "warning"], files: files)
    #expect(run.status == 1)
    #expect(run.errors == "")
    #expect(
      run.output == """
        .portlint.yaml:1:60: warning: no file matches 'no/**' or 'none.yaml': nothing meets in this deployment [unused-suppression]
        .portlint.yaml:2:35: warning: no project has a file that matches 'compose.prod.yaml' [unused-suppression]
        .portlint.yaml:2:65: warning: no project has a file that matches 'none.yaml' [unused-suppression]
        .portlint.yaml:3:25: warning: no file matches 'old/*.yaml': nothing is left out by it [unused-suppression]

        """)
    // Of what is not in view, nothing is known.
    for path in ["edge", "edge/compose.yaml"] {
      #expect(try Run(["--quiet", path], files: files).output == "", "\(path)")
    }
  }

  @Test func portsOfTwoOwnersAreAMistake() throws {
    let files = [
      ".portlint.yaml": """
      allocations:
        - {ports: 7000-7099, owner: "payments-*"}
        - {ports: [6990-7001, 7098], owner: web}

      """
    ]
    let run = try Run([], files: files)
    #expect(run.status == 2)
    #expect(
      run.output.hasPrefix(
        ".portlint.yaml:3:13: error: 7000-7001 are allocated to 'payments-*' too, and not only to 'web' [policy]\n"))
    #expect(run.output.contains("  .portlint.yaml:2:13: note: allocated to 'payments-*' here\n"))
    #expect(run.output.contains("  help: as in: {ports: 7000-7001, owner: [\"payments-*\", \"web\"]}\n"))
  }

  @Test func aBrokenBaselineIsNoBrokenPolicy() throws {
    let run = try Run(["--baseline", "base.json"], files: ["base.json": "{\"findings\": 1}"])
    #expect(run.status == 2)
    #expect(run.output.contains("help: write the baseline anew with --write-baseline"))
    #expect(!run.output.contains("'portlint explain policy'"))
    let two = "{\"version\": 1, \"findings\": []}\n---\n{\"version\": 1, \"findings\": []}\n"
    let pair = try Run(["--baseline", "base.json", "--format", "compact"], files: ["base.json": two])
    #expect(pair.status == 2)
    #expect(pair.output.hasPrefix("base.json:1:1: error: expected one document [policy]\n"))
  }

  @Test func whatIsPipedInAndNotReadIsSaid() throws {
    let hint =
      "portlint: standard input is a pipe, and the current folder was read instead; 'portlint -' reads the pipe\n"
    for command in [["--quiet"], ["ports"], ["free"]] {
      #expect(try Run(command, files: ["compose.yaml": Self.clash], input: Self.clash).errors == hint, "\(command)")
    }
    #expect(try Run(["--quiet"], files: ["compose.yaml": Self.clash]).errors == "")
    #expect(try Run(["--quiet", "compose.yaml"], files: ["compose.yaml": Self.clash], input: Self.clash).errors == "")
    #expect(try Run(["--quiet", "-"], input: Self.clash).errors == "")
    // As CI systems have it: nothing is written, and nothing will be.
    let closed = try Run(
      ["--quiet"], files: ["compose.yaml": Self.clash], shell: "{ : | { cat; \"$0\" \"$@\"; }; exit $?; }")
    #expect(closed.status == 1)
    #expect(closed.errors == "")
  }

  @Test func whatMakesARunFailIsShown() throws {
    let files = ["compose.yaml": "services: {web: {image: web, ports: [\"${PORT}:80\"]}}\n"]
    let run = try Run(["--fail-on", "info"], files: files)
    #expect(run.status == 1)
    #expect(run.output.contains(" info: "))
    #expect(!run.output.contains("--show-info"))
    #expect(try Run([], files: files).output.hasSuffix("1 info (see --show-info), 1 port not resolved\n"))
  }

  @Test func whereAVariableIsSetIsSaid() throws {
    let files = [
      "compose.yaml": """
      services:
        web: {image: web, ports: ["${WEB_PORT}:${INNER}"]}
        api: {image: api, ports: ["${API_PORT:-8090}:80"]}
        old: {image: old, ports: [{target: 80, published: "${OLD_PORT}", host_ip: "${ADDRESS}"}]}

      """,
      ".env": "# Ports\nINNER=80 # inside\nWEB_PORT=8090 # and a password\nADDRESS='0.0.0.0'\nOLD_PORT=80${INNER}x\n",
    ]
    let run = try Run(["--quiet"], files: files)
    #expect(
      run.output.hasPrefix(
        """
        compose.yaml:3:42: error: 'api' publishes 8090/tcp on every address, and so does 'web' [port-conflict]
          3 |   api: {image: api, ports: ["${API_PORT:-8090}:80"]}
            |                                          ^^^^
          compose.yaml:2:30: note: 'web' publishes 8090/tcp here
          2 |   web: {image: web, ports: ["${WEB_PORT}:${INNER}"]}
            |                              ^^^^^^^^^^^
          .env:3:1: note: WEB_PORT=8090
          help: give one of them another host port, or bind each to its own address

        """))
    // A value that is no port, address or protocol is not shown.
    #expect(run.output.contains("\n  .env:5:1: note: 'OLD_PORT' is set here\n"))
    #expect(!run.output.contains("password"))
    let json = try Run(["--format", "json"], files: files)
    #expect(
      json.output.contains(
        "{\"location\":{\"end\":{\"column\":14,\"line\":3},\"file\":\".env\",\"start\":{\"column\":1,\"line\":3}},"
          + "\"message\":\"WEB_PORT=8090\"}"))
  }

  @Test func aFileOfVariablesThatIsSharedBringsNobodyIn() throws {
    let files = [
      ".portlint.yaml": "deployments: [{files: ['[abc].yaml']}]\n",
      "a.yaml": "services: {a: {image: a, ports: [\"81:80\"]}}\n",
      "b.yaml": "services: {b: {image: b, ports: [\"$P:80\"]}}\n",
      "c.yaml": "services: {c: {image: c, ports: [\"$P:80\"]}}\n", ".env": "P=80\n",
    ]
    #expect(try Run(["--quiet", "a.yaml"], files: files).output == "")
    let run = try Run(["--quiet", "--format", "compact", "b.yaml"], files: files)
    #expect(run.output.split(separator: "\n").count == 1)
    #expect(try Run(["--quiet", "c.yaml"], files: files).output.components(separatedBy: "note: P=80").count == 2)
  }

  @Test func anEmptyFolderThatIsNamedIsSaid() throws {
    let files = ["full/compose.yaml": Self.clash, "none/values.yaml": "a: 1\n", "none/notes.txt": ""]
    let run = try Run(["--quiet", "--fail-on", "never", "full", "./none/"], files: files)
    #expect(run.errors == "portlint: none: no manifest found\n")
    #expect(run.status == 0)
    #expect(
      try Run(["--quiet", "none", "full/compose.yaml"], files: files).errors == "portlint: none: no manifest found\n")
    #expect(try Run(["--quiet"], files: ["a.txt": ""]).errors == "portlint: no manifest found\n")
  }

  @Test func linksAreNoNamesOfTheirOwn() throws {
    let link = { (from: String, to: String) in
      { (folder: URL) throws in
        try FileManager.default.createSymbolicLink(atPath: folder.appending(path: from).path, withDestinationPath: to)
      }
    }
    let files = ["real/compose.yaml": Self.clash]
    for arguments in [[], ["a.yaml", "real"], ["real/compose.yaml", "a.yaml"]] {
      let run = try Run(
        ["--format", "compact"] + arguments, files: files, prepare: link("a.yaml", "real/compose.yaml"))
      #expect(run.output.hasPrefix("real/compose.yaml:3:"), "\(arguments)")
      #expect(run.output.hasSuffix("\n1 file, 2 ports: 1 error, 0 warnings\n"))
    }
    // A link to nothing is said, and all others are judged.
    let broken = try Run(["--format", "compact"], files: files, prepare: link("a.yaml", "gone.yaml"))
    #expect(broken.status == 1)
    #expect(
      broken.output.hasPrefix(
        "a.yaml:1:1: error: the link leads to no file [broken-include]\nreal/compose.yaml:3:"))
    // Named, it is what was to be read.
    let named = try Run(["--format", "compact", "a.yaml"], files: files, prepare: link("a.yaml", "gone.yaml"))
    #expect(named.status == 2)
    #expect(
      named.output.hasPrefix(
        "a.yaml:1:1: error: cannot be read: it is a link, and there is no file where it leads [unreadable-file]\n"))
    // What git ignores, something else brings; and editors lock what they edit.
    let ignored = files.merging([".git/HEAD": "", ".gitignore": "gone.yaml\n"]) { $1 }
    #expect(
      try Run([], files: ignored, prepare: link("a.yaml", "gone.yaml")).output.contains("broken-include") == false)
    #expect(
      try Run([], files: files, prepare: link(".#a.yaml", "me@here.1")).output.contains("broken-include") == false)
  }

  @Test func aBrokenPolicyEndsEveryCommand() throws {
    let files = [".portlint.yaml": "extend: strict\n", "compose.yaml": Self.clash]
    let run = try Run(["--format", "json"], files: files)
    #expect(run.status == 2)
    #expect(run.output.contains("\"complete\":false"))
    #expect(run.output.contains("unknown key 'extend', did you mean 'extends'?"))
    #expect(!run.output.contains("port-conflict"))
    for command in [["ports"], ["free"]] {
      let run = try Run(command, files: files)
      #expect(run.status == 2)
      #expect(run.output == "")
      #expect(run.errors.hasPrefix(".portlint.yaml:1:1: error: unknown key 'extend'"))
    }
  }

  @Test func aBaselineCountsOnlyWhatIsNew() throws {
    let run = try Run(["--write-baseline", "base.json"], files: ["compose.yaml": Self.clash]) { _ in
    } inspect: { folder in
      let text = try String(contentsOf: folder.appending(path: "base.json"), encoding: .utf8)
      let moved = "# Moved down.\n" + Self.clash
      let later = try Run(["--baseline", "base.json"], files: ["compose.yaml": moved, "base.json": text])
      #expect(later.status == 0)
      #expect(later.output == "1 file, 2 ports: 0 errors, 0 warnings, 1 suppressed\n")
      // What is gone is said without any policy, where all is in view.
      let clean = ["compose.yaml": "services: {web: {image: web}}\n", "base.json": text]
      #expect(try Run(["--baseline", "base.json", "--quiet"], files: clean).output.contains("that is gone"))
      #expect(try Run(["--baseline", "base.json", "--quiet", "compose.yaml"], files: clean).output == "")
      let worse = moved + "  db: {image: db, ports: [\"8080:1\"]}\n"
      #expect(try Run(["--baseline", "base.json"], files: ["compose.yaml": worse, "base.json": text]).status == 1)
    }
    #expect(run.status == 0)
    #expect(run.output == "")
    #expect(run.errors == "portlint: base.json: 1 finding\n")
    let broken = try Run(["--write-baseline", "base.json"], files: ["compose.yaml": "services: ["])
    #expect(broken.status == 1)
    #expect(broken.errors.contains("[yaml-syntax]") && broken.errors.hasSuffix("no baseline lets this pass\n"))
    let missing = try Run(["--write-baseline", "base.json", "none.yaml"], files: [:])
    #expect(missing.status == 2)
    #expect(missing.errors.contains("base.json is not written"))
    #expect(try Run(["--baseline", "none.json"], files: ["compose.yaml": Self.clash]).status == 2)
  }

  @Test func aPolicyNamesABaseline() throws {
    let policy = ["team/.portlint.yaml": "baseline: known/base.json\n"]
    let files = policy.merging(["team/app/compose.yaml": Self.clash]) { $1 }
    let missing = try Run(["--quiet"], files: files, shell: "cd team/app")
    #expect(missing.status == 2)
    #expect(
      missing.output.hasPrefix(
        "../.portlint.yaml:1:11: error: ../known/base.json: there is no such file [policy]\n"))
    #expect(missing.output.contains("  help: write the baseline anew with --write-baseline"))
    let write = "mkdir team/known && cd team/app"
    _ = try Run(["--write-baseline", "../known/base.json"], files: files, shell: write) { _ in
    } inspect: { folder in
      let text = try String(contentsOf: folder.appending(path: "team/known/base.json"), encoding: .utf8)
      let known = files.merging(["team/known/base.json": text, "none.json": #"{"version": 1, "findings": []}"#]) { $1 }
      for (folder, options, status) in [
        ("team/app", [String](), 0), ("team", [], 0), ("team/app", ["--baseline", "none"], 1),
        ("team/app", ["--baseline", "../../none.json"], 1), ("team/app", ["--config", "none"], 1),
        ("team/app", ["--no-suppressions"], 0),
      ] {
        #expect(try Run(options, files: known, shell: "cd \(folder)").status == status, "\(folder) \(options)")
      }
      // No other command asks for findings.
      #expect(try Run(["ports"], files: files, shell: "cd team/app").status == 0)
    }
  }

  @Test(arguments: ReportTests.formats) func aStaleEntryOfABaselineIsSaidInEachFormat(_ format: String) throws {
    let files = [
      ".portlint.yaml": "baseline: base.json\n", "compose.yaml": "services: {a: {image: a}}\n",
      "base.json": """
      {"version": 1, "findings": [
        {"fingerprint": "0123456789abcdef", "rule": "port-conflict", "file": "compose.yaml", "message": "it was there"}]}

      """,
    ]
    let run = try Run(["--format", format, "--fail-on", "warning"], files: files)
    #expect(run.status == 1)
    for text in ["it was there", "that is gone", "unused-suppression", "base.json"] {
      #expect(run.output.contains(text), "\(format): \(run.output)")
    }
  }

  @Test func aPolicyNamesNoBaselineBeyondTheTree() throws {
    let files = [
      "repo/.git/HEAD": "", "repo/.portlint.yaml": "baseline: ../base.json\n", "repo/compose.yaml": Self.clash,
      "base.json": #"{"version": 1, "findings": []}"#, "repo/.env": "SECRET=1\n",
    ]
    let run = try Run(["--format", "compact"], files: files, shell: "cd repo")
    #expect(run.status == 2)
    #expect(
      run.output.hasPrefix(".portlint.yaml:1:11: error: leads out of the tree")
        || run.output.contains("leads out of the tree"))
    let secret = try Run(
      ["--format", "compact"], files: files.merging(["repo/.portlint.yaml": "baseline: .env\n"]) { $1 },
      shell: "cd repo")
    #expect(secret.status == 2)
    #expect(secret.output.hasPrefix(".portlint.yaml:1:11: error: .env: is an environment file [policy]\n"))
    #expect(!secret.output.contains("SECRET"))
  }

  @Test(arguments: [
    ("fail-on: warning\n", [String](), 1), ("fail-on: never\n", [], 0), ("fail-on: never\n", ["--fail-on", "info"], 1),
    ("fail-on: info\n", ["--fail-on", "error"], 0), ("extends: base.yaml\nfail-on: never\n", [], 0),
    ("extends: ./base.yaml\n", [], 1), ("fail-on: warning\n", ["--config", "none"], 0),
  ])
  func aPolicySaysWhatMakesARunFail(_ policy: String, _ options: [String], _ status: Int32) throws {
    let files = [
      ".portlint.yaml": policy.replacing(" base", with: " ./base"), "base.yaml": "fail-on: warning\n",
      "compose.yaml": "services: {a: {image: a, ports: ['80:80', '80:80']}}\n",
    ]
    #expect(try Run(options, files: files).status == status)
  }

  @Test func whatAPolicySaysMakesARunFailIsShown() throws {
    let files = [
      ".portlint.yaml": "fail-on: info\n", "compose.yaml": "services: {web: {image: web, ports: [\"${PORT}:80\"]}}\n",
    ]
    let run = try Run([], files: files)
    #expect(run.status == 1)
    #expect(run.output.contains(" info: "))
  }

  @Test func aPolicyNamesTheEnvironmentFile() throws {
    let files = [
      "team/.portlint.yaml": "env-file: deploy/prod.env\n", "team/deploy/prod.env": "P=80\n", "other.env": "P=82\n",
      "team/app/.env": "P=81\n", "team/app/compose.yaml": "services: {a: {image: a, ports: ['$P:80', '80:81']}}\n",
    ]
    let run = try Run(["--format", "compact", "--quiet"], files: files, shell: "cd team/app")
    #expect(
      run.output
        == "compose.yaml:1:44: error: 'a' publishes 80/tcp twice (compose.yaml:1, ../deploy/prod.env:1) [port-conflict]\n"
    )
    #expect(try Run(["--env-file", "../../other.env"], files: files, shell: "cd team/app").status == 0)
    #expect(try Run(["ports", "--format", "csv"], files: files, shell: "cd team/app").output.contains(",80,"))
    for (text, words) in [
      ("env-file: none.env\n", ":1:11: error: none.env: there is no such file [policy]\n"),
      ("env-file: [a, b]\n", ":1:11: error: expected the path of an environment file [policy]\n"),
      ("env-file: ../x.env\n", "leads out of the tree"),
      ("fail-on: fatal\n", ":1:10: error: 'fatal' is no threshold: error, warning, info or never [policy]"),
      ("baseline: [a, b]\n", ":1:11: error: expected the path of a baseline [policy]\n"),
    ] {
      let files = ["r/.git/HEAD": "", "r/.portlint.yaml": text, "x.env": "", "r/compose.yaml": Self.clash]
      let run = try Run(["--format", "compact"], files: files, shell: "cd r")
      #expect(run.status == 2)
      #expect(run.output.contains(words), "\(run.output)")
    }
  }

  @Test(arguments: [["--format", "json"], ["--format", "json=r.json"], ["--baseline", "old.json"]])
  func aBaselineIsWrittenAlone(_ options: [String]) throws {
    let old = #"{"version": 1, "findings": []}"#
    let run = try Run(
      ["--write-baseline", "base.json"] + options, files: ["compose.yaml": Self.clash, "old.json": old]
    ) { _ in
    } inspect: { folder in
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "base.json").path))
    }
    #expect(run.status == 2)
    #expect(run.errors.hasPrefix("portlint: --write-baseline ") && run.errors.contains(options[0]))
  }

  @Test func freeSaysWhatWasNotRead() throws {
    let files = ["t.yaml": Manifests.template, "notes.yaml": "a: 1\n"]
    let run = try Run(["free", "t.yaml", "notes.yaml"], files: files)
    #expect(run.output == "5014\n")
    #expect(
      run.errors == """
        portlint: notes.yaml: not a manifest that portlint knows
        t.yaml:1:1: info: a template that was not rendered, of which nothing was checked [template-not-rendered]

        """)
    #expect(try Run(["free"], files: [:]).errors == "portlint: no manifest found\n")
    #expect(
      try Run(["free", "--in", "nowhere"], files: [:]).errors
        == "portlint: --in: 'nowhere' is neither a range such as 7000-7099 nor a named range\n")
  }

  @Test(arguments: [("ü b", "'ü b'"), ("-x", "./-x"), ("it's", #"'it'\''s'"#), ("web", "web")])
  func theHelpOfAChartCanBeCopied(_ folder: String, _ word: String) throws {
    let files = [
      "\(folder)/Chart.yaml": "{apiVersion: v2, name: a}\n", "\(folder)/templates/a.yaml": Manifests.template,
    ]
    let run = try Run(["--show-info"], files: files)
    #expect(run.output.contains("info: the Helm chart '\(folder)' was not rendered, and"))
    #expect(run.output.contains("\n  help: helm template \(word) | portlint -\n"))
  }

  @Test func whatIsSuppressedIsShownWhenAskedFor() throws {
    let text = Self.clash.replacingOccurrences(
      of: "api: {", with: "# portlint: ignore port-conflict -- by hand\n  api: {")
    #expect(
      try Run([], files: ["compose.yaml": text]).output == "1 file, 2 ports: 0 errors, 0 warnings, 1 suppressed\n")
    let shown = try Run(["--report-suppressed", "--format", "compact"], files: ["compose.yaml": text])
    #expect(
      shown.output.hasPrefix(
        "compose.yaml:4:30: suppressed: 'api' publishes 8080/tcp on every address, and so does 'web' [port-conflict] "
          + "by a comment at compose.yaml:3: by hand\n"))
    let json = try Run(["--report-suppressed", "--format", "json"], files: ["compose.yaml": text])
    #expect(json.output.contains("\"by\":\"comment\""))
  }

  @Test func portsThatAreFree() throws {
    let files = [
      ".portlint.yaml": "ranges: {team: 5014-5019}\nallocations: [{ports: 5016, owner: web}]\n",
      "compose.yaml": "services: {web: {image: web, ports: [\"5014:80\"]}}\n",
    ]
    let run = try Run(["free", "--in", "team", "--count", "2"], files: files)
    #expect(run.output == "5017\n5018\n")
    #expect(run.status == 0)
    let few = try Run(["free", "--in", "team", "--count", "9"], files: files)
    #expect(few.output == "5017\n5018\n5019\n")
    #expect(few.status == 1)
    #expect(
      few.errors
        == "portlint: only 3 ports are free there, allocated to 'web': pass --owner to have what is the owner's\n")
    let none = try Run(["free", "--in", "5016"], files: files)
    #expect(
      none.errors == "portlint: no port is free there, allocated to 'web': pass --owner to have what is the owner's\n")
    #expect(
      try Run(["free", "--in", "5016", "--owner", "api"], files: files).errors
        == "portlint: no port is free there, allocated to 'web'\n")
    #expect(try Run(["free", "--in", "5016", "--owner", "web"], files: files).output == "5016\n")
    #expect(
      try Run(["free", "--in", "7000-7001"], files: ["compose.yaml": "services: {}\n"]).errors
        == "portlint: no port is free there; 2 are registered for services, such as 7000\n")
    #expect(try Run(["free", "--in", "teem"], files: files).errors.contains("did you mean 'team'?"))
    #expect(try Run(["free", "--in", "9-1"], files: files).status == 2)
    #expect(try Run(["free", "--protocol", "icmp"], files: files).status == 2)
    let table = try Run(["ports", "--allocations"], files: files)
    #expect(table.output.contains("5016    'web'  allocated"))
    #expect(try Run(["ports", "--allocations", "--format", "csv"], files: files).status == 2)
    let csv = try Run(["ports", "--format", "csv"], files: files)
    #expect(
      csv.output == """
        location,kind,owner,container,role,address,port,protocol,target,name,scope
        compose.yaml:1:39,service,web,,publish,*,5014,tcp,80,,project compose.yaml

        """)
  }
}
