import Foundation
import Testing

/// A run of `portlint`, in a folder of its own.
struct Run {
  let status: Int32
  let output: String
  let errors: String

  /// The executable that the environment names, else the one that is built beside the tests.
  static let executable: URL = {
    if let named = ProcessInfo.processInfo.environment["PORTLINT_PROGRAM"] { return URL(filePath: named) }
    let beside = [Bundle.main.executableURL, Bundle.main.bundleURL].compactMap { $0?.deletingLastPathComponent() }
    let built = beside.map { $0.appending(path: "portlint") }
    return built.first { FileManager.default.isExecutableFile(atPath: $0.path) } ?? built[0]
  }()

  init(
    _ arguments: [String], files: [String: String] = [:], input: String = "", environment: [String: String] = [:],
    outputPath: String? = nil, shell: String? = nil, prepare: (URL) throws -> Void = { _ in },
    inspect: (URL) throws -> Void = { _ in }
  ) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (path, text) in files {
      let file = folder.appending(path: path)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    try prepare(folder)
    let process = Process()
    process.executableURL = shell == nil ? Self.executable : URL(filePath: "/bin/sh")
    // A shell sets its own limits, or does what else is to be done, and then becomes the program.
    process.arguments =
      shell.map { ["-c", "\($0) && exec \"$0\" \"$@\"", Self.executable.path] + arguments } ?? arguments
    process.currentDirectoryURL = folder
    // Those of a sanitizer hold for the program as they do for its tests.
    let sanitizers = ProcessInfo.processInfo.environment.filter { $0.key.hasSuffix("SAN_OPTIONS") }
    process.environment = environment.merging(sanitizers) { own, _ in own }
    let (standardInput, standardOutput, standardError) = (Pipe(), Pipe(), Pipe())
    process.standardInput = input.isEmpty ? FileHandle.nullDevice : standardInput
    process.standardOutput = outputPath.flatMap { FileHandle(forWritingAtPath: $0) } ?? standardOutput
    process.standardError = standardError
    // What a pipe holds is written before: a program that reads none of it may be gone afterwards, and SIGPIPE ends tests.
    precondition(input.utf8.count <= 1 << 16)
    try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try standardInput.fileHandleForWriting.close()
    try process.run()
    if outputPath != nil { try standardOutput.fileHandleForWriting.close() }
    output = String(decoding: standardOutput.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    errors = String(decoding: standardError.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    status = process.terminationStatus
    try inspect(folder)
  }
}

private let clash = """
  services:
    web: {image: web, ports: ["8080:80"]}
    api: {image: api, ports: ["8080:80"]}
  """
private let clean = """
  services:
    web: {image: web, ports: ["8080:80"]}
  """
/// Takes several parts to report.
private let crowd = "services:\n" + (1...2000).map { "  s\($0): {image: a, ports: ['80:80']}\n" }.joined()
private let badService = """
  apiVersion: v1
  kind: Service
  metadata: {name: web}
  spec: {type: NodePort, ports: [{port: 80, nodePort: 99}]}

  """
private let template = "{{- if .Values.web }}\napiVersion: v1\nkind: Service\n{{- end }}\n"
/// A pod template deep in an object of an unknown kind, behind much else.
private let embedded = """
  apiVersion: example.com/v1
  kind: Farm
  spec:
    pad: [\(String(repeating: "[],", count: 10_001))]
    a: {b: {c: {d: {e: {f: {g: {h: {i: {j: {k: {l: {m: {template: {spec: {containers: [
      {name: a, image: a, ports: [{containerPort: 80, hostPort: 99999}]}]}}}}}}}}}}}}}}}}
  """
private let escaped =
  #"{"api\u0056ersion": "v1", "k\u0069nd": "Service", "metadata": {"name": "web"}, "#
  + #""spec": {"type": "NodePort", "ports": [{"port": 80, "nodePort": 99}]}}"#
private let silenced = [
  "comment.yaml": "# portlint: ignore-file port-conflict\n" + clash,
  "key.yaml": clash + "\nx-portlint-ignore: port-conflict\n",
  "annotation.yaml": badService.replacing(
    "name: web", with: "name: web, annotations: {portlint/ignore: node-port-range}"),
]
private let info = """
  services:
    web: {image: web, ports: ["${PORT}:80"]}
  """

@Suite struct ExitStatusTests {
  struct Case: CustomTestStringConvertible {
    var arguments: [String]
    var files: [String: String] = ["compose.yaml": clash]
    var status: Int32

    var testDescription: String { arguments.joined(separator: " ") }
  }

  static let cases = [
    Case(arguments: ["compose.yaml"], status: 1),
    Case(arguments: ["lint", "compose.yaml"], status: 1),
    Case(arguments: [], status: 1),
    Case(arguments: ["compose.yaml"], files: ["compose.yaml": clean], status: 0),
    Case(arguments: ["--fail-on", "never", "compose.yaml"], status: 0),
    Case(arguments: ["compose.yaml"], files: ["compose.yaml": info], status: 0),
    Case(arguments: ["--fail-on", "info", "compose.yaml"], files: ["compose.yaml": info], status: 1),
    Case(arguments: ["--rule", "port-conflict=off", "compose.yaml"], status: 0),
    Case(arguments: ["--rule", "port-conflict=warning", "compose.yaml"], status: 0),
    Case(arguments: ["--rule", "port-conflict=warning", "--fail-on", "warning", "compose.yaml"], status: 1),
    Case(arguments: ["--format", "json", "compose.yaml"], status: 1),
    Case(arguments: ["--format", "compact", "compose.yaml"], status: 1),
    Case(arguments: ["ports", "compose.yaml"], status: 0),
    Case(arguments: ["missing.yaml"], status: 2),
    Case(arguments: [""], status: 2),
    Case(arguments: ["missing.yaml", "compose.yaml"], status: 2),
    Case(arguments: ["--fail-on", "never", "missing.yaml"], status: 2),
    Case(arguments: ["ports", "missing.yaml"], status: 2),
    Case(arguments: ["--no-such-option"], status: 2),
    Case(arguments: ["--format", "nonsense"], status: 2),
    Case(arguments: ["--rule", "no-such-rule=off", "compose.yaml"], status: 2),
    Case(arguments: ["--version"], status: 0),
    Case(arguments: ["--help"], status: 0),
    Case(arguments: ["empty.yaml"], files: ["empty.yaml": ""], status: 0),
    Case(arguments: ["broken.yaml"], files: ["broken.yaml": "services: [1"], status: 1),
    Case(arguments: ["ports", "broken.yaml"], files: ["broken.yaml": "services: [1"], status: 2),
    Case(arguments: ["free", "broken.yaml"], files: ["broken.yaml": "services: [1"], status: 2),
    Case(arguments: ["ports", "t.yaml"], files: ["t.yaml": template], status: 0),
    Case(arguments: ["free", "t.yaml"], files: ["t.yaml": template], status: 0),
    Case(arguments: ["t.yaml"], files: ["t.yaml": badService + "---\n" + template], status: 1),
    Case(arguments: ["k.yaml"], files: ["k.yaml": embedded], status: 1),
    Case(arguments: ["."], files: ["k.json": escaped], status: 1),
    Case(arguments: ["--rule", "yaml-syntax=info", "broken.yaml"], files: ["broken.yaml": "services: [1"], status: 2),
    Case(arguments: ["--rule", "*=info", "broken.yaml"], files: ["broken.yaml": "services: [1"], status: 1),
    Case(arguments: ["--rule", "yaml-syntax=error", "broken.yaml"], files: ["broken.yaml": "services: [1"], status: 1),
    Case(arguments: ["--write-baseline", "b.json", "broken.yaml"], files: ["broken.yaml": "services: [1"], status: 1),
    Case(arguments: silenced.keys.sorted(), files: silenced, status: 0),
    Case(arguments: ["--no-suppressions", "comment.yaml"], files: silenced, status: 1),
    Case(arguments: ["--no-suppressions", "key.yaml"], files: silenced, status: 1),
    Case(arguments: ["--no-suppressions", "annotation.yaml"], files: silenced, status: 1),
    Case(
      arguments: ["deep.yaml"], files: ["deep.yaml": "services: " + String(repeating: "[", count: 100_000)], status: 2),
  ]

  @Test(arguments: [("explian", "explain"), ("port", "ports"), ("rule", "rules")])
  func aWordThatIsNearlyACommandIsTold(_ word: String, _ command: String) throws {
    let run = try Run([word, "--quiet"], files: [:])
    #expect(run.status == 2)
    #expect(run.output.contains("there is no such file"))
    #expect(run.errors == "portlint: there is no file '\(word)'; is '\(command)' meant?\n")
    #expect(try Run(["deploy", "--quiet"], files: [:]).errors == "")
    #expect(
      try Run(["--quiet", command], files: [:]).errors
        == "portlint: there is no file '\(command)'; the command stands before all options\n")
    #expect(try Run([word, "--quiet"], files: [word: "services: {}"]).errors.contains("meant") == false)
  }

  @Test(arguments: cases)
  func statusSaysWhatHappened(_ test: Case) throws {
    #expect(try Run(test.arguments, files: test.files).status == test.status)
  }
}

@Suite struct CommandLineTests {
  @Test(arguments: [["ports"], ["free"]])
  func whatAnInventoryLacksIsSaid(_ command: [String]) throws {
    let shown = try Run(command + ["t.yaml"], files: ["t.yaml": template])
    #expect(shown.errors.contains("t.yaml:1:1: info: a template that was not rendered"))
    let off = try Run(
      command + ["t.yaml"],
      files: ["t.yaml": template, ".portlint.yaml": "rules: {template-not-rendered: off}"])
    #expect(off.errors == "portlint: 1 template was not rendered\n")
    let broken = try Run(command + ["b.yaml"], files: ["b.yaml": "services: {a: {image: a, ports: ['80:80']}, b: ["])
    #expect(broken.errors.contains("[yaml-syntax]"))
    #expect(broken.status == 2)
    let json = try Run(["ports", "--format", "json", "b.yaml"], files: ["b.yaml": "services: ["])
    #expect(json.output.contains("\"complete\":false"))
  }

  #if os(Linux)
    @Test func aFullDiskIsSaid() throws {
      let run = try Run(["compose.yaml"], files: ["compose.yaml": clean], outputPath: "/dev/full")
      #expect(run.status == 2)
      #expect(run.errors == "portlint: standard output: No space left on device\n")
      let file = try Run(["--format", "json=/dev/full", "compose.yaml"], files: ["compose.yaml": clean])
      #expect(file.status == 2)
      #expect(file.errors == "portlint: /dev/full: No space left on device\n")
    }

    @Test func namesThatAreNoTextAreSaid() throws {
      let run = try Run([".", "a\u{FFFD}.yaml"], files: ["compose.yaml": clean]) { folder in
        for name in [[0xFF], [0xFE], [0x61, 0xFF]] as [[UInt8]] {
          let path = Array(folder.path.utf8) + [UInt8(ascii: "/")] + name + Array(".yaml".utf8)
          let file = fopen(path.map { CChar(bitPattern: $0) } + [0], "w")
          #expect(file.map(fclose) == 0)
        }
      }
      #expect(run.status == 2)
      let said = run.output.split(separator: "\n").filter { $0.contains("[unreadable-file]") }
      #expect(
        said
          == ["a", "a", "", ""].map {
            "\($0)\u{FFFD}.yaml:1:1: error: cannot be read: its name is not UTF-8 [unreadable-file]"
          })
    }

    /// A report that is written in several parts fails at the first of them, or at a later one.
    @Test(arguments: [(clash, "-f 0"), (crowd, "-f 0"), (crowd, "-f 200")])
    func aFileThatMayNotGrowIsWrittenWholeOrNotAtAll(_ manifest: String, _ limits: String) throws {
      let files = ["compose.yaml": manifest, "out.json": "before"]
      let run = try Run(
        ["--format", "json=out.json", "--format", "compact"], files: files, shell: "ulimit \(limits)",
        inspect: { folder in
          let kept = try String(contentsOf: folder.appending(path: "out.json"), encoding: .utf8)
          let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
          #expect(kept == "before")
          #expect(names.sorted() == ["compose.yaml", "out.json"])
        })
      #expect(run.status == 2)
      #expect(run.errors == "portlint: out.json: File too large\n")
      // What goes elsewhere is still said.
      #expect(run.output.contains("[port-conflict]"))
    }

    @Test(arguments: ["text", "json"])
    func anOutputThatEndsInTheMiddleIsSaid(_ format: String) throws {
      let output = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
      try Data().write(to: output)
      defer { try? FileManager.default.removeItem(at: output) }
      let run = try Run(
        ["--format", format], files: ["compose.yaml": crowd], outputPath: output.path, shell: "ulimit -f 200")
      #expect(run.status == 2)
      #expect(run.errors == "portlint: standard output: File too large\n")
      #expect(try Data(contentsOf: output).count > 100_000)
    }
  #endif

  @Test func aFolderThatIsGoneIsSaid() throws {
    let run = try Run([], shell: "mkdir gone && cd gone && rmdir ../gone")
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
    #expect(run.errors == "portlint: the current folder: No such file or directory\n")
  }

  @Test func aLongReportIsWhole() throws {
    var written = ""
    let run = try Run(["--format", "text", "--format", "text=out.txt"], files: ["compose.yaml": crowd]) { _ in
    } inspect: { folder in
      written = try String(contentsOf: folder.appending(path: "out.txt"), encoding: .utf8)
    }
    #expect(run.status == 1)
    #expect(run.output.utf8.count > 500_000)
    #expect(run.output.split(separator: "\n").count { $0.hasSuffix("[port-conflict]") } == 1999)
    #expect(run.output.hasSuffix("\n1 file, 2000 ports: 1999 errors, 0 warnings\n"))
    #expect(run.output == written)
  }

  @Test func aFileIsWrittenInThePlaceOfTheOldOne() throws {
    let files = ["compose.yaml": clash, "old.json": "before"]
    let run = try Run(
      ["--format", "json=old.json", "--format", "json=new.json"], files: files,
      prepare: { folder in
        let permissions = [FileAttributeKey.posixPermissions: 0o640]
        try FileManager.default.setAttributes(permissions, ofItemAtPath: folder.appending(path: "old.json").path)
      },
      inspect: { folder in
        let old = try Data(contentsOf: folder.appending(path: "old.json"))
        let new = try Data(contentsOf: folder.appending(path: "new.json"))
        #expect(old.starts(with: Data("{".utf8)))
        #expect(old == new)
        let path = folder.appending(path: "old.json").path
        let permissions = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(permissions as? Int == 0o640)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names.count == 3)
      })
    #expect(run.status == 1)
    #expect(run.output.isEmpty)
  }

  @Test func whatAProjectAsksForAndCannotBeReadIsSaid() throws {
    let files = ["compose.yaml": "include: [db.yaml]\n" + info]
    let run = try Run(["compose.yaml"], files: files) { folder in
      for name in [".env", "db.yaml"] {
        try FileManager.default.createSymbolicLink(
          atPath: folder.appending(path: name).path, withDestinationPath: name)
      }
    }
    #expect(run.status == 2)
    #expect(
      run.output.hasPrefix(".env:1:1: error: cannot be read: Too many levels of symbolic links [unreadable-file]\n"))
    #expect(run.output.contains("\ncompose.yaml:1:11: error: cannot be read: Too many levels of symbolic links "))
    #expect(!run.output.contains("broken-include"))
    // What the one would have set is not known.
    #expect(!run.output.contains("missing-variable"))
  }

  @Test func aFolderIsNoEnvironmentFile() throws {
    let run = try Run(["compose.yaml"], files: ["compose.yaml": info, ".env/lib/a.py": ""])
    #expect(run.status == 0)
    #expect(run.output.hasPrefix("1 file, 1 port: 0 errors, 0 warnings"))
  }

  @Test func standardInputIsRead() throws {
    let run = try Run(["-"], input: clash)
    #expect(run.status == 1)
    #expect(run.output.hasPrefix("<stdin>:3:30: error: 'api' publishes 8080/tcp on every address, and so does 'web'"))
  }

  @Test func standardInputHasTheNameItIsGiven() throws {
    let run = try Run(["--stdin-filename", "deploy/compose.yaml", "-"], input: clash)
    #expect(run.output.hasPrefix("deploy/compose.yaml:3:30: error: "))
  }

  @Test func aFolderWithoutManifestsIsANote() throws {
    let run = try Run(["."], files: ["readme.txt": "x", "values.yaml": "a: 1"])
    #expect(run.status == 0)
    #expect(run.errors == "portlint: no manifest found\n")
  }

  @Test func aNamedFileThatIsNoManifestIsANote() throws {
    let run = try Run(["values.yaml"], files: ["values.yaml": "a: 1"])
    #expect(run.status == 0)
    #expect(run.errors == "portlint: values.yaml: not a manifest that portlint knows\n")
  }

  @Test func aFileThatCannotBeReadKeepsNobodyElseFromBeingLinted() throws {
    let run = try Run(["missing.yaml", "compose.yaml"], files: ["compose.yaml": clash])
    #expect(run.output.contains("compose.yaml:3:30: error: "))
    #expect(run.output.contains("missing.yaml:1:1: error: "))
    #expect(run.output.contains("there is no such file"))
  }

  @Test func aPipeIsNotWaitedFor() throws {
    let run = try Run(["pipe.yaml"]) { folder in
      #expect(mkfifo(folder.appending(path: "pipe.yaml").path, 0o600) == 0)
    }
    #expect(run.status == 2)
    #expect(run.output.contains("pipe.yaml:1:1: error: "))
  }

  @Test func aFolderIsWalkedButForWhatIsHidden() throws {
    let run = try Run(
      ["--format", "compact", "--quiet", "."],
      files: [
        "a/compose.yaml": clash, "b/c/compose.yml": clash, ".hidden/compose.yaml": clash,
        "node_modules/x/compose.yaml": clash, "d/notes.txt": clash,
      ])
    let files = run.output.split(separator: "\n").map { $0.prefix { $0 != ":" } }
    #expect(files == ["a/compose.yaml", "b/c/compose.yml"])
  }

  @Test func aFileReachedTwiceIsReadOnce() throws {
    let run = try Run(["compose.yaml", ".", "./compose.yaml", "link.yaml"], files: ["compose.yaml": clash]) { folder in
      try FileManager.default.createSymbolicLink(
        at: folder.appending(path: "link.yaml"), withDestinationURL: folder.appending(path: "compose.yaml"))
    }
    #expect(run.output.hasSuffix("1 file, 2 ports: 1 error, 0 warnings\n"))
  }

  @Test func veryManyPathsAreRead() throws {
    let paths = Array(repeating: "missing.yaml", count: 5000)
    let files = ["compose.yaml": clash]
    let start = ContinuousClock.now
    let json = try Run(["lint", "--format", "json"] + paths + ["compose.yaml"], files: files)
    #expect(json.status == 2)
    #expect(json.output.contains("\"complete\":false") && json.output.contains("port-conflict"))
    let ports = try Run(["ports"] + paths + ["compose.yaml"], files: files)
    #expect(ports.output.contains("compose.yaml:3:30"))
    #expect(ContinuousClock.now - start < .seconds(30))
    // Of what else is said, nothing changes.
    #expect(try Run(["explain"] + paths.prefix(200), files: files).errors.contains("nexpected argument"))
    #expect(try Run(["lint", "--format"] + paths.prefix(200), files: files).errors.contains("missing.yaml"))
  }

  @Test func theOrderOfThePathsDoesNotMatter() throws {
    let files = ["a.yaml": clash, "b.yaml": clash, "c.yaml": clean]
    let there = try Run(["a.yaml", "b.yaml", "c.yaml"], files: files)
    let back = try Run(["c.yaml", "b.yaml", "a.yaml"], files: files)
    #expect(there.output == back.output)
  }

  @Test func aNamedManifestIsSeenWithItsFolderAndAloneInTheReport() throws {
    let service = """
      apiVersion: v1
      kind: Service
      metadata: {name: NAME}
      spec:
        type: NodePort
        ports: [{port: 8080, nodePort: 30080}]
      """
    let files = [
      "k8s/a.yaml": service.replacingOccurrences(of: "NAME", with: "a"),
      "k8s/b.yaml": service.replacingOccurrences(of: "NAME", with: "b"),
      "k8s/broken.yaml": "a: [",
      "other/c.yaml": service.replacingOccurrences(of: "NAME", with: "c"),
    ]
    let run = try Run(["--format", "compact", "k8s/a.yaml"], files: files)
    #expect(
      run.output == """
        k8s/b.yaml:6:34: error: Service 'b' takes node port 30080, and so does Service 'a' [port-conflict]
        1 file, 2 ports: 1 error, 0 warnings

        """)
  }

  @Test(arguments: ["over/kustomization.yaml", "Kustomization"])
  func aNamedPatchIsSeenWithTheKustomizationAboveIt(_ path: String) throws {
    let patch = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {selector: {app: a}, type: NodePort}\n"
    let named = ["over/patches/a.yaml", "other/b.yaml"]
    let listed = "patches: [{path: \(path.hasPrefix("over") ? "" : "over/")patches/a.yaml}]\n"
    let run = try Run(["--format", "compact"] + named, files: [path: listed, named[0]: patch, named[1]: patch])
    #expect(
      run.output.hasPrefix("other/b.yaml:3:18: error: Service 'a' lacks the key 'ports' here [invalid-port]\n2 files"))
  }

  @Test func severalFormatsAreWrittenInOneRun() throws {
    let run = try Run(
      ["--format", "compact", "--format", "json=report.json", "compose.yaml"], files: ["compose.yaml": clash]
    ) { _ in
    } inspect: { folder in
      let data = try Data(contentsOf: folder.appending(path: "report.json"))
      let report = try JSONSerialization.jsonObject(with: data) as? [String: Any]
      #expect(report?["version"] as? Int == 1)
    }
    #expect(run.output.hasPrefix("compose.yaml:3:30: error: "))
  }

  @Test func aReportThatCannotBeWrittenIsSaid() throws {
    let run = try Run(["--format", "json=no/such/folder.json", "compose.yaml"], files: ["compose.yaml": clash])
    #expect(run.status == 2)
    #expect(run.errors.hasPrefix("portlint: no/such/folder.json: "))
  }

  @Test(arguments: [
    (["--color", "always"], [:], true), (["--color", "never"], [:], false), ([], [:], false),
    (["--color", "always"], ["NO_COLOR": "1"], true),
  ])
  func colourIsForTerminals(_ arguments: [String], _ environment: [String: String], _ isColoured: Bool) throws {
    let run = try Run(arguments + ["compose.yaml"], files: ["compose.yaml": clash], environment: environment)
    #expect(run.output.contains("\u{1B}[") == isColoured)
  }

  @Test func namesCannotSteerTheTerminal() throws {
    let file = "services: {\"a\\e[31m\\n::error::\": {image: x, ports: [\"80:80\", \"80:81\"]}}"
    let run = try Run(["compose.yaml"], files: ["compose.yaml": file])
    #expect(!run.output.contains("\u{1B}"))
    #expect(run.output.contains("'a\\u{1B}[31m\\u{A}::error::' publishes 80/tcp twice"))
  }

  @Test func neitherTextNorPathsCanForgeACommand() throws {
    // GitHub's of today at a line's start, its older ones, Azure's and TeamCity's anywhere.
    let service = "services: {\"##[error]a\": {image: x, ports: ['80:80', '80:81']}} # ##vso[task.complete]\n"
    let files = ["::error::x.yaml": service, "\u{3000}::error::y.yaml": service, "##teamcity[z].yaml": service]
    #expect(try !Run(["init", "--stdout"], files: files).output.contains("##["))
    for arguments in [[], ["--format", "compact"], ["--format", "json"]]
      + ["text", "csv", "markdown"].map({ ["ports", "--format", $0] })
    {
      let run = try Run(arguments, files: files)
      let lines = run.output.split(separator: "\n")
      #expect(lines.count > 1 || arguments.last == "json")
      #expect(!lines.contains { $0.drop(while: \.isWhitespace).hasPrefix("::") }, "\(run.output)")
      #expect(!run.output.contains("##[") && !run.output.contains("##vso[") && !run.output.contains("##teamcity["))
    }
  }

  @Test func whatIsForProgramsCannotSteerTheTerminalEither() throws {
    let name = "a\\e[31m\\u202e\\u061c\\x9b"
    let files = ["compose.yaml": "services: {\"\(name)\": {image: x, ports: ['80:80', '80:81']}}"]
    for arguments in [["--format", "json"], ["ports", "--format", "csv"], ["ports", "--format", "json"]] {
      let run = try Run(arguments, files: files)
      #expect(run.output.contains("80"))
      #expect(!run.output.unicodeScalars.contains { ["\u{1B}", "\u{202E}", "\u{61C}", "\u{9B}"].contains($0) })
    }
    let json = try Run(["ports", "--format", "json"], files: files)
    let document = try JSONDecoder().decode(Owners.self, from: Data(json.output.utf8))
    #expect(document.ports.map(\.owner.name) == Array(repeating: "a\u{1B}[31m\u{202E}\u{61C}\u{9B}", count: 2))
  }

  private struct Owners: Decodable {
    struct Port: Decodable { var owner: Owner }
    struct Owner: Decodable { var name: String }
    var ports: [Port]
  }

  @Test func aCellIsNoFormula() throws {
    let run = try Run(["ports", "--format", "csv"], files: ["=cmd().yaml": clean])
    #expect(run.output.hasSuffix("\n'=cmd().yaml:2:30,'web',publish,*,8080/tcp,80,-\n"))
  }

  @Test(arguments: [
    ["--\u{1B}[31m\n::error::"], ["-\u{1B}.yaml"], ["--format", "\u{1B}"], ["--preset", "\u{1B}"],
    ["--rule", "\u{1B}=off"], ["--env-file", "\u{1B}\n::x"], ["--config", "\u{1B}"], ["--baseline", "\u{1B}"],
    ["--format", "json=/no/\u{1B}"], ["explain", "\u{1B}"], ["service", "\u{1B}"], ["service", "\u{1B}/a/b"],
    ["free", "--in", "\u{1B}"], ["schema", "\u{1B}"], ["test-rules", "\u{1B}"],
  ])
  func whatIsWrongWithArgumentsCannotSteerTheTerminal(_ arguments: [String]) throws {
    let run = try Run(arguments, files: ["compose.yaml": clean])
    #expect(run.status == (arguments == ["service", "\u{1B}"] ? 1 : 2))
    #expect(run.errors.contains("\\u{1B}"))
    #expect(!run.errors.contains("\u{1B}") && !run.errors.contains("\n::"))
  }

  @Test func anInventoryThatLacksAFileSaysSo() throws {
    let files = [
      "compose.yaml": clean, "a.yaml": "services: [1", "b.yaml": "services: " + String(repeating: "[", count: 201),
    ]
    for (command, output) in [("ports", "LOCATION"), ("free", "5")] {
      let run = try Run([command], files: files)
      #expect(run.status == 2)
      #expect(run.output.hasPrefix(output))
      #expect(
        run.errors.split(separator: "\n").map { $0.prefix { $0 != ":" } + $0.drop { $0 != "[" }.prefix(20) }.count == 2)
      #expect(run.errors.hasPrefix("a.yaml:1:13: error: not YAML"))
      #expect(run.errors.contains("\nb.yaml:1:210: error: collections nest deeper than 200 levels [limit-exceeded]\n"))
    }
    #expect(try Run(["ports", "a.yaml"], files: files).status == 2)
  }

  @Test func anOverrideIsSeenWithItsProject() throws {
    let files = [
      "compose.yaml": "services: {a: {image: a, ports: ['8080:80', '9090:90']}, c: {image: c, ports: ['9090:90']}}",
      "compose.override.yaml": "services: {b: {image: b, ports: ['8080:80']}}",
    ]
    let run = try Run(["--format", "compact", "--quiet", "compose.override.yaml"], files: files)
    #expect(
      run.output == """
        compose.yaml:1:35: error: 'a' publishes 8080/tcp on every address, and so does 'b' [port-conflict]

        """)
  }

  @Test func anEnvironmentFileStandsForTheProjects() throws {
    let files = ["compose.yaml": info, ".env": "PORT=1", "other": "PORT=99999"]
    #expect(try Run(["--env-file", "other", "compose.yaml"], files: files).output.contains("'${PORT}'"))
    #expect(try Run(["--env-file", "missing", "compose.yaml"], files: files).status == 2)
  }

  /// Chains within the limits need no larger stack than the smallest that systems give.
  @Test(arguments: ["extends", "include", "policy"])
  func chainsWithinTheLimitsFitASmallStack(_ kind: String) throws {
    var files = ["compose.yaml": clean]
    switch kind {
    case "extends":
      let services = (0..<99).map { "  s\($0): {extends: s\($0 + 1)}\n" }.joined()
      files["compose.yaml"] = "services:\n\(services)  s99: {image: a}\n"
    case "include":
      for number in 0..<98 { files["c\(number).yaml"] = "include: [c\(number + 1).yaml]\n" }
      files["c98.yaml"] = "services: {a: {image: a}}\n"
      files["compose.yaml"] = "include: [c0.yaml]\n"
    default:
      for number in 0..<98 { files["p\(number).yaml"] = "extends: ./p\(number + 1).yaml\n" }
      files["p98.yaml"] = "rules: {}\n"
      files[".portlint.yaml"] = "extends: ./p0.yaml\n"
    }
    let run = try Run(["--quiet"], files: files, shell: "ulimit -s 256")
    #expect(run.status == 0)
    #expect(run.output.isEmpty)
  }

  /// As deep as is read, for each format.
  @Test(arguments: [
    "services: ", "services: {a: ", "x-a: ", "portlint: ", "portlint: 1, services: ",
    "apiVersion: v1, kind: List, items: ",
    "apiVersion: v1, kind: Pod, spec: ", "apiVersion: a/v1, kind: Foo, spec: ",
  ])
  func deepCollectionsFitASmallStack(_ start: String) throws {
    for (open, close) in [("{a: ", "}"), ("[", "]"), ("{<<: ", "}"), ("{items: [", "]}"), ("{spec: ", "}")] {
      let depth = (200 - start.filter { $0 == "{" }.count - 1) / open.filter { "[{".contains($0) }.count
      let nested = String(repeating: open, count: depth) + String(repeating: close, count: depth)
      let ends = String(repeating: "}", count: start.filter { $0 == "{" }.count + 1)
      let text = "{\(start)\(nested)\(ends)"
      let run = try Run(["--quiet", "a.yaml"], files: ["a.yaml": text], shell: "ulimit -s 256")
      #expect((0...2).contains(run.status), "\(open)")
      #expect(!run.output.contains("limit-exceeded"), "\(open)")
    }
  }

  @Test func whereThereAreFewDescriptorsTheRunEnds() throws {
    var files: [String: String] = [:]
    for number in 0..<100 { files["p\(number)/compose.yaml"] = clean }
    let run = try Run(["--quiet"], files: files, shell: "ulimit -n 4")
    #expect(run.status == 0 || run.status == 2 && (run.output + run.errors).contains("oo many open files"))
  }

  @Test func infosAreShownWhenAskedFor() throws {
    let silent = try Run(["compose.yaml"], files: ["compose.yaml": info])
    let told = try Run(["--show-info", "compose.yaml"], files: ["compose.yaml": info])
    #expect(!silent.output.contains("[unset-variable]"))
    #expect(silent.output.contains("1 info (see --show-info)"))
    #expect(told.output.contains("compose.yaml:2:30: info: "))
  }
}
