import Foundation
import Testing

private let clash = """
  services:
    web: {image: web, ports: ["8080:80"]}
    api: {image: api, ports: ["8080:80"]}

  """

/// Standard input is what `-` means, and is there for the whole run.
@Suite struct StandardInputTests {
  struct Case: CustomTestStringConvertible {
    var arguments: [String]
    var files: [String: String] = [:]
    var input = clash

    var testDescription: String { arguments.joined(separator: " ") + " " + files.keys.sorted().joined(separator: " ") }
  }

  static let cases = [
    Case(arguments: ["-"]),
    Case(arguments: ["-"], files: [".env": "A=1\n"]),
    Case(arguments: ["--env-file", "vars", "-"], files: ["vars": "A=1\n"]),
    Case(arguments: ["-"], files: ["b.yaml": "services: {b: {image: b}}\n"], input: "include: [b.yaml]\n" + clash),
    Case(
      arguments: ["-"], files: ["b.yaml": "services: {b: {image: b}}\n"],
      input: clash + "  c: {extends: {file: b.yaml, service: b}}\n"),
    Case(arguments: ["-"], files: [".env": "A=1\n"], input: "apiVersion: v1\nkind: List\n---\n" + clash),
    Case(arguments: ["-", "-"], files: [".env": "A=1\n"]),
    Case(arguments: ["-", "."], files: [".env": "A=1\n", "compose.yaml": "services: {b: {image: b}}\n"]),
    Case(arguments: ["--stdin-filename", "compose.yaml", "-"], files: [".env": "A=1\n"]),
    // It stands for the file that it is named after.
    Case(
      arguments: ["--stdin-filename", "compose.yaml", "-", "."],
      files: [".env": "A=1\n", "compose.yaml": "services: {b: {image: b}}\n"]),
    Case(
      arguments: ["--stdin-filename", "compose.yaml", "-"],
      files: [".env": "COMPOSE_FILE=compose.yaml:b.yaml\n", "b.yaml": "services: {b: {image: b}}\n"]),
    // A file that is called as it is in reports is another one.
    Case(
      arguments: ["-", "compose.yaml"],
      files: ["compose.yaml": "include: ['<stdin>']\n", "<stdin>": "services: {b: {image: b}}\n"]),
  ]

  @Test(arguments: cases) func itIsReadOnceWhateverElseTheRunNeeds(_ test: Case) throws {
    let run = try Run(["--format", "compact"] + test.arguments, files: test.files, input: test.input)
    #expect(run.status == 1, "\(run.output)\(run.errors)")
    #expect(run.output.contains("and so does 'web'"))
  }

  @Test func portsAndFreePortsSeeItToo() throws {
    let files = [".env": "A=1\n"]
    let ports = try Run(["ports", "--format", "csv", "-"], files: files, input: clash)
    #expect(ports.output.split(separator: "\n").count == 3)
    let free = try Run(["free", "--in", "8080-8090", "-"], files: files, input: clash)
    #expect(free.output == "8085\n")
  }

  @Test func aPathOfItsNameIsAPath() throws {
    let manifest = try Run(
      ["--format", "compact", "--quiet", "compose.yaml"], files: ["compose.yaml": "include: ['<stdin>']\n"],
      input: clash)
    let missing = "error: the file '<stdin>' that is brought in here is not there [broken-include]\n"
    #expect(manifest.output == "compose.yaml:1:12: \(missing)")
    #expect(manifest.status == 1)
    let own = try Run(
      ["--format", "compact", "--quiet", "-"], input: "include: ['<stdin>']\nservices: {a: {image: a}}\n")
    #expect(own.output == "<stdin>:1:12: \(missing)")
    let file = try Run(["--format", "compact", "--quiet", "<stdin>"], files: ["<stdin>": clash])
    #expect(file.output.hasPrefix("<stdin>:3:30: error: 'api' publishes 8080/tcp"))
    let policy = try Run(
      ["compose.yaml"], files: [".portlint.yaml": "extends: './<stdin>'\n", "compose.yaml": clash],
      input: "rules: {port-conflict: off}\n")
    #expect(policy.status == 2)
    #expect(policy.output.contains("<stdin>: there is no such file"))
  }

  /// What feeds a script is not swallowed by what the script runs.
  @Test func itIsLeftAloneWithoutTheDash() throws {
    let run = try Run(
      ["compose.yaml"], files: ["compose.yaml": "include: ['<stdin>', '-']\n"], input: "exit 7\n",
      shell: "\"$0\" compose.yaml > out; cat > left",
      inspect: { (folder: URL) throws in
        #expect(try String(contentsOf: folder.appending(path: "left"), encoding: .utf8) == "exit 7\n")
      })
    #expect(run.status == 1)
  }
}

/// What lies beyond the tree is not opened.
@Suite struct TreeTests {
  private static let secret = "wJalrXUtnFEMI"
  /// What lies around the tree, which is the folder `repo`.
  private static let outside = [
    "secret.yaml": "key: [\(secret)\n- \(secret)\n", "outer.yaml": "services: {o: {image: o, ports: ['1:1']}}\n",
    "creds": "aws_secret_access_key=\(secret)\n", "team/policy.yaml": "extends: strict\n", "repo/.git/HEAD": "",
  ]

  struct Case: CustomTestStringConvertible {
    var arguments = ["."]
    var files: [String: String] = [:]
    /// What links lead to.
    var links: [String: String] = [:]
    /// What is said, without the reason.
    var place: String
    var tree = "."

    var testDescription: String { place + " " + files.keys.sorted().joined(separator: " ") }
  }

  static let cases = [
    Case(files: ["compose.yaml": "include: [../outer.yaml]\n"], place: "compose.yaml:1:11"),
    Case(
      files: ["compose.yaml": "include:\n- path: [b.yaml, ../none.yaml]\n", "b.yaml": ""], place: "compose.yaml:2:18"),
    Case(
      files: ["compose.yaml": "services: {a: {extends: {file: ../outer.yaml, service: o}}}\n"],
      place: "compose.yaml:1:32"),
    Case(files: ["compose.yaml": "include: [/etc/passwd]\n"], place: "compose.yaml:1:11"),
    Case(files: ["compose.yaml": "include: [/proc/self/environ]\n"], place: "compose.yaml:1:11"),
    Case(
      files: [
        "compose.yaml": "include: [{path: b.yaml, env_file: ../creds}]\n",
        "b.yaml": "services: {x: {image: a, ports: [\"$aws_secret_access_key\"]}}\n",
      ], place: "compose.yaml:1:36"),
    Case(
      files: [".env": "A=1\nCOMPOSE_FILE=compose.yaml:../outer.yaml\n", "compose.yaml": "services: {a: {image: a}}\n"],
      place: ".env:2:27"),
    Case(
      files: [".env": "COMPOSE_FILE=../outer.yaml:compose.yaml\n", "compose.yaml": "services: {a: {image: a}}\n"],
      place: ".env:1:14"),
    Case(
      files: ["compose.yaml": "include: [in/compose.yaml]\n"], links: ["in": ".."], place: "compose.yaml:1:11"),
    // To Swift, a mark and the slash before it are one character.
    Case(
      files: ["compose.yaml": "include: [\"in/\u{301}d/c.yaml\"]\n", "../beyond/\u{301}d/c.yaml": clash],
      links: ["in": "../beyond"], place: "compose.yaml:1:12"),
    Case(
      files: ["compose.yaml": "include: [in.yaml]\n"], links: ["in.yaml": "../secret.yaml"],
      place: "compose.yaml:1:11"),
    Case(links: ["x.yaml": "../secret.yaml"], place: "x.yaml:1:1"),
    Case(links: ["x.yaml": "/proc/self/environ"], place: "x.yaml:1:1"),
    Case(links: ["x": ".."], place: "x:1:1"),
    Case(files: ["x/.gitkeep": ""], links: ["x/y": "/"], place: "x/y:1:1"),
    // A policy above a git work tree widens it no more than any other file.
    Case(
      files: ["../.portlint.yaml": "extends: recommended\n"], links: ["x.yaml": "../secret.yaml"], place: "x.yaml:1:1"),
    Case(links: ["x.yaml": "y.yaml", "y.yaml": "../secret.yaml"], place: "x.yaml:1:1"),
    Case(files: ["compose.yaml": clash], links: [".env": "../creds"], place: ".env:1:1"),
    Case(files: [".portlint.yaml": "extends: ../secret.yaml\n"], place: ".portlint.yaml:1:10"),
    Case(files: [".portlint.yaml": "extends: /etc/shadow\n"], place: ".portlint.yaml:1:10"),
    Case(files: [".portlint.yaml": "services: {database: /etc/services}\n"], place: ".portlint.yaml:1:22"),
    Case(files: [".portlint.yaml": "rule-files: [../*.yaml]\n"], place: ".portlint.yaml:1:14"),
    Case(
      files: [".portlint.yaml": "rule-files: ['*.yaml']\n"], links: ["r.yaml": "../secret.yaml"],
      place: ".portlint.yaml:1:15"),
    Case(
      files: [".portlint.yaml": "deployments: [{files: [a.yaml, '../**']}]\n", "a.yaml": "services: {}\n"],
      place: ".portlint.yaml:1:33"),
    Case(
      arguments: ["--tree", "sub", "sub"], files: ["sub/compose.yaml": "include: [../b.yaml]\n", "b.yaml": ""],
      place: "sub/compose.yaml:1:11", tree: "sub"),
    Case(
      arguments: ["sub/compose.yaml"], files: ["sub/compose.yaml": "include: [../../outer.yaml]\n"],
      place: "sub/compose.yaml:1:11"),
    Case(files: ["kustomization.yaml": "resources: [../secret.yaml]\n"], place: "kustomization.yaml:1:13"),
    Case(files: ["kustomization.yaml": "resources: [..]\n"], place: "kustomization.yaml:1:13"),
    Case(
      files: ["kustomization.yaml": "components: [part]\n", ".ignore": "part\n"], links: ["part": ".."],
      place: "kustomization.yaml:1:14"),
    Case(files: ["kustomization.yaml": "patches: [{path: ../secret.yaml}]\n"], place: "kustomization.yaml:1:18"),
    Case(files: ["kustomization.yaml": "transformers: [../secret.yaml]\n"], place: "kustomization.yaml:1:16"),
    Case(files: ["kustomization.yaml": "replacements: [{path: /etc/shadow}]\n"], place: "kustomization.yaml:1:23"),
    Case(
      files: ["kustomization.yaml": "patchesStrategicMerge: [p]\n"], links: ["p": "../secret.yaml"],
      place: "kustomization.yaml:1:25"),
  ]

  @Test(arguments: cases) func whatLeadsOutIsRefusedWhereItIsNamed(_ test: Case) throws {
    let files = Self.outside.merging(test.files.map { ("repo/" + $0, $1) }) { $1 }
    for format in ["text", "compact", "json"] {
      let run = try Run(
        ["--format", format] + test.arguments, files: files, environment: ["TOKEN": Self.secret], shell: "cd repo"
      ) { folder in
        for (link, target) in test.links {
          try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/repo/" + link, withDestinationPath: target)
        }
      }
      #expect(run.status == 2, "\(run.output)")
      #expect(!(run.output + run.errors).contains(Self.secret))
      guard format == "compact" else { continue }
      let reason = "leads out of the tree \(test.tree); name it on the command line, or give --tree"
      #expect(
        run.output.hasPrefix("\(test.place): error: cannot be read: \(reason) [unreadable-file]\n"), "\(run.output)")
    }
  }

  struct Whole: CustomTestStringConvertible {
    var arguments: [String]
    var files: [String: String] = [:]
    var links: [String: String] = [:]
    var folder = "."
    var testDescription: String { arguments.joined(separator: " ") + " " + files.keys.sorted().joined(separator: " ") }
  }

  static let whole = [
    // A part of a work tree may use the others.
    Whole(arguments: ["."], files: ["repo/app/compose.yaml": "include: [../common/c.yaml]\n"], folder: "repo/app"),
    Whole(arguments: ["repo/app"], files: ["repo/app/compose.yaml": "include: [../common/c.yaml]\n"]),
    Whole(arguments: ["repo/app/compose.yaml"], files: ["repo/app/compose.yaml": "include: [../common/c.yaml]\n"]),
    // So may one that is linked to another, and a module within a tree that is linted as a whole.
    Whole(
      arguments: ["work/app"],
      files: [
        "work/.git": "gitdir: /elsewhere\n", "work/app/compose.yaml": "include: [../c.yaml]\n",
        "work/c.yaml": "services: {c: {image: c}}\n",
      ]),
    Whole(
      arguments: ["repo"],
      files: [
        "repo/app/.git": "gitdir: ../.git/modules/app\n", "repo/app/compose.yaml": "include: [../common/c.yaml]\n",
      ]),
    // Links within the tree, one by its absolute path, and a tree that is named by a link.
    Whole(
      arguments: ["repo"], files: ["repo/app/compose.yaml": "include: [c.yaml, in/c.yaml]\n"],
      links: ["repo/app/c.yaml": "../common/c.yaml", "repo/app/in": "../common"]),
    Whole(
      arguments: ["way/app"], files: ["repo/app/compose.yaml": "include: [../common/c.yaml]\n"], links: ["way": "repo"]),
    // Without git the tree is the folder that all have in common.
    Whole(
      arguments: ["a/compose.yaml", "b"],
      files: [
        "a/compose.yaml": "include: [../c.yaml]\n", "b/compose.yaml": "", "c.yaml": "services: {c: {image: c}}\n",
      ]),
    // What the command line names is read wherever it lies.
    Whole(arguments: ["repo/x.yaml"], links: ["repo/x.yaml": "../outer.yaml"]),
    Whole(arguments: ["--tree", "repo", "repo", "outer.yaml"]),
    Whole(
      arguments: ["--env-file", "creds", "--config", "team/policy.yaml", "--preset", "none", "repo"],
      files: ["repo/compose.yaml": "services: {a: {image: a, ports: ['${aws_secret_access_key:+80}:80']}}\n"]),
    Whole(
      arguments: ["--tree", ".", "repo/app"], files: ["repo/app/compose.yaml": "include: [../../outer.yaml]\n"]),
    // A policy that is named may name what lies around it.
    Whole(
      arguments: ["--config", "team/own.yaml", "--preset", "none", "repo"],
      files: ["team/own.yaml": "extends: ./policy.yaml\n", "repo/compose.yaml": "services: {a: {image: a}}\n"]),
  ]

  @Test(arguments: whole) func whatStaysWithinNoticesNothing(_ test: Whole) throws {
    let common = ["repo/common/c.yaml": "services: {c: {image: c}}\n"]
    let run = try Run(
      ["--format", "compact", "--quiet"] + test.arguments,
      files: Self.outside.filter { $0.key != "secret.yaml" }.merging(common) { $1 }.merging(test.files) { $1 },
      shell: "cd \(test.folder)"
    ) { folder in
      for (link, target) in test.links {
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/" + link, withDestinationPath: target)
      }
    }
    #expect(run.output == "")
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test func aTreeThatIsNoneIsSaid() throws {
    #expect(try Run(["--tree", "none", "."]).errors == "portlint: --tree: none: there is no such file\n")
    #expect(try Run(["--tree", "f", "."], files: ["f": ""]).errors == "portlint: --tree: f: is no folder\n")
  }

  @Test func aPolicyThatIsFoundIsNotALinkOutOfItsFolder() throws {
    let run = try Run(["."], files: Self.outside, shell: "ln -s ../creds repo/.portlint.yaml && cd repo")
    #expect(run.status == 2)
    #expect(!(run.output + run.errors).contains(Self.secret))
    #expect(
      run.errors
        == "portlint: .portlint.yaml: leads out of the tree .; name it on the command line, or give --tree\n")
  }

  @Test func devicesAndTheLikeAreNotOpened() throws {
    let run = try Run(
      ["--format", "compact", "--quiet", "."], files: ["compose.yaml": "include: [p.yaml, d.yaml]\n"],
      shell: "mkfifo p.yaml && ln -s /dev/zero d.yaml && exec 3>&1")
    #expect(run.status == 2)
    #expect(run.output.contains("compose.yaml:1:11: error: cannot be read: is a pipe"))
    let named = try Run(["--format", "compact", "--quiet", "/proc/self/environ"], environment: ["T": Self.secret])
    #expect(named.status == 2)
    #expect(named.output == "/proc/self/environ:1:1: error: cannot be read: is no regular file [unreadable-file]\n")
  }
}

/// A policy that the command line pins.
@Suite struct PinnedPolicyTests {
  private static let files = [
    "gate/p.yaml": """
    exclude: ["old/**"]
    rules: {port-conflict: {severity: error, except: [{file: "let/compose.yaml", reason: known}]}}

    """,
    "repo/.git/HEAD": "", "repo/.portlint.yaml": "rules: {port-conflict: off}\n", "repo/old/compose.yaml": clash,
    "repo/let/compose.yaml": clash, "repo/app/compose.yaml": clash,
  ]

  @Test(arguments: [
    ("repo", ["--config", "../gate/p.yaml", "."], ""), (".", ["--config", "gate/p.yaml", "repo"], "repo/"),
    ("repo/app", ["--config", "../../gate/p.yaml", "..", "."], "../"),
  ])
  func itsGlobsCountFromTheTree(_ folder: String, _ arguments: [String], _ prefix: String) throws {
    let run = try Run(
      ["--format", "compact", "--quiet"] + arguments, files: Self.files, shell: "cd \(folder)")
    #expect(run.status == 1)
    #expect(run.output.hasPrefix("\(prefix)app/compose.yaml:3:30: error:"), "\(run.output)\(run.errors)")
    #expect(run.output.split(separator: "\n").count == 1)
  }

  /// What is let pass stays so wherever the checkout lies, and wherever the policy's file does.
  @Test func aBaselineHoldsElsewhere() throws {
    for config in ["none", "../gate/p.yaml", "../../../gate/p.yaml"] {
      let moved = config.hasPrefix("../../../") ? "a/b/repo" : "repo"
      let run = try Run(
        ["--config", config, "--baseline", "base.json", "app"], files: Self.files,
        shell: """
          cd repo && "$0" --config ../gate/p.yaml --write-baseline base.json app && cd .. && mkdir -p a/b
          [ \(moved) = repo ] || mv repo \(moved)
          cd \(moved)
          """)
      #expect(run.status == 0, "\(config) \(run.output)\(run.errors)")
    }
  }

  @Test func noneIsNoPolicyAtAll() throws {
    let run = try Run(["--config", "none", "--quiet", "repo"], files: Self.files)
    #expect(run.status == 1)
    #expect(run.output.contains("repo/app/compose.yaml:3:30"))
    #expect(run.output.contains("repo/old/compose.yaml:3:30"))
    let own = try Run(["--quiet", "."], files: Self.files, shell: "cd repo")
    #expect(own.status == 0)
    let broken = try Run(
      ["--config", "none", "."],
      files: [".portlint.yaml": "nonsense: 1\n", "compose.yaml": "services: {a: {image: a}}"])
    #expect(broken.status == 0)
  }
}
