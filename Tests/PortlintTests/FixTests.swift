import Foundation
import Testing

/// `--fix`, `--diff` and `--unsafe-fixes`, as whoever runs them meets them.
@Suite struct FixTests {
  private static let compose = """
    services:
      web:
        image: nginx
        ports:
          - "8080:80"
          - "8080:80"
          - 22:22
      api:
        image: api
        ports: ["8080:3000"]
      cache:
        image: redis
        ports: ["6379:6379"]

    """

  private static let safe = """
    --- a/compose.yaml
    +++ b/compose.yaml
    @@ -3,8 +3,7 @@
         image: nginx
         ports:
           - "8080:80"
    -      - "8080:80"
    -      - 22:22
    +      - "22:22"
       api:
         image: api
         ports: ["8080:3000"]

    """

  @Test func showsWhatItWouldChangeAndChangesNothing() throws {
    let run = try Run(
      ["--diff", "."], files: ["compose.yaml": Self.compose],
      inspect: { folder in
        let text = try Self.text(folder, "compose.yaml")
        #expect(text == Self.compose)
      })
    #expect(run.output == Self.safe)
    #expect(run.status == 1)
    #expect(run.errors == "")
  }

  @Test func showsNothingWhereNothingIsMended() throws {
    let run = try Run(["--diff", "."], files: ["compose.yaml": "services: {a: {image: a, ports: ['80:80']}}\n"])
    #expect(run.output == "")
    #expect(run.status == 0)
  }

  private static let service = "{apiVersion: v1, kind: Service, metadata: {name: w}, spec: {ports: [{port: '80'}]}}\n"
  private static let secret = "{apiVersion: v1, kind: Secret, stringData: {password: hunter2}}\n"

  /// Beside what is changed a password may stand.
  @Test(arguments: [
    ("# a\n# b\n\(service)# c\n---\n\(secret)", "@@ -1,5 +1,5 @@", ""),
    ("\u{FEFF}# a\n# b\n\(service)# c\n---\n\(secret)", "@@ -1,5 +1,5 @@", ""),
    ("apiVersion: v1\nkind: Secret\nstringData: {password: hunter2}\n---\n\(service)", "@@ -4,2 +4,2 @@", ""),
    ("apiVersion: v1\nkind: List\nitems:\n- \(secret)- \(service)", "", "5"),
    ("apiVersion: v1\nkind: List\nitems: [\(secret.dropLast()), \(service.dropLast())]\n", "", "3"),
  ])
  func secretsAreNotShownBesideAChange(_ text: String, _ hunk: String, _ leftOut: String) throws {
    let run = try Run(["--diff", "."], files: ["k.yaml": text])
    #expect(!run.output.contains("hunter2"))
    #expect(run.output.split(separator: "\n").filter { $0.hasPrefix("@@") } == (hunk.isEmpty ? [] : [Substring(hunk)]))
    let note = "a change that is not shown, for what stands beside it is not to be seen"
    #expect(run.errors == (leftOut.isEmpty ? "" : "portlint: k.yaml:\(leftOut): \(note)\n"))
    #expect(run.status == 1)
  }

  /// A diff is what it is byte for byte: what steers a terminal, or an agent that reads along, is left out of it.
  @Test(arguments: [
    ("  ::error::x\n", ""), ("# ##vso[task.complete]\n", "@@ -2,2 +2,2 @@"), ("# ##[error]\n", "@@ -2,2 +2,2 @@"),
    ("# a\r# b\n", "@@ -2,2 +2,2 @@"), ("# :: ##\t\r\n", "@@ -1,3 +1,3 @@"), ("# é\u{A0}\n", "@@ -1,3 +1,3 @@"),
  ])
  func whatSteersItsReaderIsNotShownBesideAChange(_ line: String, _ hunk: String) throws {
    let text = line + "# b\nservices: {a: {image: a, ports: [22:22]}}\n"
    let isWritten = line.hasPrefix("#")
    // Where no comment can say it, a text of several lines does.
    let manifest = isWritten ? text : "x-a: |\n\(line)services: {a: {image: a, ports: [22:22]}}\n"
    let run = try Run(["--diff", "."], files: ["compose.yaml": manifest])
    #expect(run.status == 1)
    let hunks = run.output.split(separator: "\n").filter { $0.hasPrefix("@@") }
    #expect(hunks == (isWritten ? [Substring(hunk)] : []))
    #expect(isWritten == run.errors.isEmpty)
  }

  /// What stands on one line, or in one scalar, is looked at once, however many findings point into it.
  @Test func thousandsOfFindingsOfOneLineAreMended() throws {
    let entries = [String](repeating: "\"80:80\"", count: 500).joined(separator: ",")
    let run = try Run(
      ["--fix", "."],
      files: [
        "compose.yaml": "{\"services\":{\"a\":{\"image\":\"a\",\"ports\":[\(entries)]}}}\n",
        "k.yaml": """
        # portlint: ignore \([String](repeating: "port-conflict", count: 3000).joined(separator: ", ")) -- known
        apiVersion: v1
        kind: Service
        metadata:
          name: s
          annotations: {portlint/ignore: "\([String](repeating: "a-b", count: 3000).joined(separator: ", "))"}
        spec: {ports: [{port: 80}]}

        """,
      ],
      inspect: { folder in
        let text = try Self.text(folder, "compose.yaml")
        #expect(text == "{\"services\":{\"a\":{\"image\":\"a\",\"ports\":[\"80:80\"]}}}\n")
      })
    #expect(run.errors == "portlint: 499 findings mended in 1 file\n")
    #expect(run.status == 0)
  }

  @Test func mendsWhatIsSafeAndReportsTheRest() throws {
    let run = try Run(
      ["--fix", "--format", "compact", "--quiet", "."], files: ["compose.yaml": Self.compose],
      inspect: { folder in
        let text = try Self.text(folder, "compose.yaml")
        #expect(text == Self.compose.replacing("\n      - \"8080:80\"\n      - 22:22", with: "\n      - \"22:22\""))
      })
    #expect(
      run.output == """
        compose.yaml:9:14: error: 'api' publishes 8080/tcp on every address, and so does 'web' (compose.yaml:5) [port-conflict]
        compose.yaml:12:14: warning: 'cache' publishes Redis on every address, and nothing shows that it asks for a password [exposed-service]

        """)
    #expect(run.errors == "portlint: 2 findings mended in 1 file\n")
    #expect(run.status == 1)
  }

  @Test func unsafeOnesAreAskedFor() throws {
    let run = try Run(
      ["--fix", "--unsafe-fixes", "--quiet", "."], files: ["compose.yaml": Self.compose],
      inspect: { folder in
        let text = try Self.text(folder, "compose.yaml")
        #expect(text.contains("ports: [\"127.0.0.1:6379:6379\"]"))
        #expect(text.contains("ports: [\"8085:3000\"]"))
      })
    #expect(run.output == "")
    #expect(run.status == 0)
  }

  /// Each entry is bound to the loopback address, however it is written.
  @Test(
    arguments: [
      (
        "- target: 6379\n        published: 6379", "- target: 6379\n        host_ip: 127.0.0.1\n        published: 6379"
      ),
      (
        "- published: '6379' # a\n        target: 6379",
        "- host_ip: 127.0.0.1\n        published: '6379' # a\n        target: 6379"
      ),
      ("- {target: 6379, published: 6379}", "- {target: 6379, host_ip: 127.0.0.1, published: 6379}"),
      (#"- {"published": 6379, "target": 6379}"#, #"- {"host_ip": "127.0.0.1", "published": 6379, "target": 6379}"#),
      (
        "- {published: 6379, target: 6379, host_ip: '0.0.0.0'}",
        "- {published: 6379, target: 6379, host_ip: '127.0.0.1'}"
      ),
      ("- \"0.0.0.0:6379:6379\"", "- \"127.0.0.1:6379:6379\""), ("- '[::]:6379:6379'", "- '127.0.0.1:6379:6379'"),
      // Nobody knows what else uses them, or what stands around them would be lost.
      ("- {&a published: 6379, target: 6379}", nil), ("- &a {published: 6379, target: 6379}\n      - *a", nil),
      ("- ? published\n        : 6379\n        target: 6379", nil), ("- 6379:6379/tcp", "- 127.0.0.1:6379:6379/tcp"),
    ] as [(String, String?)])
  func entriesAreBoundToTheLoopbackAddress(_ entry: String, _ expected: String?) throws {
    for end in ["\n", "\r\n"] {
      let manifest = { (entry: String) -> String in
        "services:\n  a:\n    image: redis\n    ports:\n      \(entry)\n".replacing("\n", with: end)
      }
      _ = try Run(
        ["--fix", "--unsafe-fixes", "--quiet", "."], files: ["compose.yaml": manifest(entry)],
        inspect: { folder in
          let text = try Self.text(folder, "compose.yaml")
          #expect(text == manifest(expected ?? entry))
        })
    }
  }

  /// What a text in quotes holds is no comment and no entry of the file that holds the text.
  @Test(arguments: [
    "\"entryPoints: {web: {address: ':80'}} # portlint: ignore yaml-syntax -- as here\"",
    "\"entryPoints:\\n  web: {address: ':80'} # portlint: ignore\\n\"",
    "'[{docker_container: {name: a, image: a, ports: [\"8080:80\", \"8080:80\"]}}]'",
  ])
  func whatATextHoldsIsLeft(_ text: String) throws {
    let map = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {a.yml: \(text)}}"
    let manifest = "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Namespace}, \(map)]\n"
    _ = try Run(
      ["--fix", "--unsafe-fixes", "--quiet", "."], files: ["a.yaml": manifest],
      inspect: { folder in
        let after = try Self.text(folder, "a.yaml")
        #expect(after == manifest)
      })
  }

  /// What is read as another number, or cannot be read, is written as it is meant.
  @Test(
    arguments: [
      ("0x1F90", "8080"), ("0o120", "80"), ("1_000", "1000"), ("0100", "\"0100\""), ("53/udp:53/udp", "53:53/udp"),
      ("'10.0.0.1:54/udp:54'", "'10.0.0.1:54:54/udp'"), ("54:54/udp/udp", "54:54/udp"), ("54:54/UDP/udp", "54:54/UDP"),
      // Which of them is meant is not known.
      ("54/tcp:54/udp", nil), ("54:54/tcp/udp", nil), ("0_100", nil), ("'${A}/udp:54/udp'", nil), ("54/udp:x/udp", nil),
    ] as [(String, String?)])
  func entriesAreWrittenAsTheyAreMeant(_ entry: String, _ expected: String?) throws {
    let manifest = { (entry: String) -> String in "services:\n  a:\n    image: a\n    ports: [\(entry)]\n" }
    _ = try Run(
      ["--fix", "--quiet", "."], files: ["compose.yaml": manifest(entry)],
      inspect: { folder in
        let text = try Self.text(folder, "compose.yaml")
        #expect(text == manifest(expected ?? entry))
      })
  }

  /// What `git apply` makes of the diff is what `--fix` writes.
  @Test(arguments: [
    ("compose.yaml", compose), ("a b/compose.yaml", compose.replacing("\n", with: "\r\n")),
    ("é\"q/compose.yaml", String(compose.dropLast())),
    ("compose.yaml", "services: {a: {image: a, ports: [\"80:80\", \"80:80\"]}}"),
    ("compose.yaml", "services:\n  a:\n    image: a\n    ports:\n      - \"80:80\"\n      - \"80:80\""),
  ])
  func theDiffIsWhatIsWritten(_ path: String, _ text: String) throws {
    var written = ""
    _ = try Run(["--fix", "."], files: [path: text], inspect: { written = try Self.text($0, path) })
    #expect(written != text)
    let diff = try Run(["--diff", "."], files: [path: text])
    #expect(diff.status == 1)
    let apply = { (folder: URL) throws in
      let git = Process()
      git.executableURL = URL(filePath: "/usr/bin/env")
      git.arguments = ["git", "-c", "core.autocrlf=false", "apply", "--whitespace=nowarn", "change.diff"]
      git.currentDirectoryURL = folder
      git.environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "GIT_CEILING_DIRECTORIES": "/"]
      try git.run()
      git.waitUntilExit()
      #expect(git.terminationStatus == 0)
      let applied = try Self.text(folder, path)
      #expect(applied == written)
    }
    _ = try Run(["--version"], files: [path: text, "change.diff": diff.output], inspect: apply)
  }

  @Test func onlyWhatWasAskedForIsChanged() throws {
    let override = "services: {web: {ports: [\"8080:80\"]}}\n"
    let base = "services: {web: {image: a, ports: [\"8080:80\", \"8081:80\", \"8081:80\"]}}\n"
    _ = try Run(
      ["--fix", "compose.override.yaml"], files: ["compose.yaml": base, "compose.override.yaml": override],
      inspect: { folder in
        let text = try Self.text(folder, "compose.yaml")
        #expect(text == base)
      })
    let input = try Run(["--fix", "-"], input: base)
    #expect(input.status == 0)
    #expect(input.output.contains("duplicate-port"))
  }

  @Test func aNameCannotSteerTheTerminal() throws {
    let run = try Run(["--diff", "."], files: ["a\u{202E}\u{9B}.yaml": Self.compose])
    #expect(run.output.hasPrefix(#"--- "a/a\342\200\256\302\233.yaml""# + "\n+++ \"b/"))
  }

  @Test func aFileThatMayNotBeWrittenIsSaid() throws {
    let link = try Run(
      ["--fix", "compose.yaml"], files: ["real.yaml": Self.compose],
      prepare: { folder in
        try FileManager.default.createSymbolicLink(
          atPath: folder.appending(path: "compose.yaml").path, withDestinationPath: "real.yaml")
      },
      inspect: { folder in
        let text = try Self.text(folder, "real.yaml")
        #expect(text == Self.compose)
      })
    #expect(link.status == 2)
    #expect(
      link.errors
        == "portlint: not changed: compose.yaml: a link is not written through; name the file that it leads to\n")
    // The findings are still those of the file as it is.
    #expect(link.output.contains("[duplicate-port]"))
  }

  #if os(Linux)
    @Test func onAFullDiskTheFileStays() throws {
      let run = try Run(
        ["--fix", "compose.yaml"], files: ["compose.yaml": Self.compose], shell: "ulimit -f 0",
        inspect: { folder in
          let text = try Self.text(folder, "compose.yaml")
          let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
          #expect(text == Self.compose)
          #expect(names == ["compose.yaml"])
        })
      #expect(run.status == 2)
      #expect(run.errors == "portlint: not changed: compose.yaml: File too large\n")
      #expect(run.output.contains("[duplicate-port]"))
    }
  #endif

  /// A comment begins at its own sign, whatever stands before it on its line.
  @Test(arguments: [
    ("command: \"# portlint: ignore x\"} # portlint: ignore port-conflict", "command: \"# portlint: ignore x\"}"),
    ("command: b} #portlint: ignore port-conflict -- # 5", "command: b}"),
    ("command: b} # portlint: ignore port-conflict, x", nil),
    ("command: b} # see # portlint: ignore port-conflict", nil),
  ])
  func onlyTheCommentIsTakenAway(_ line: String, _ expected: String?) throws {
    _ = try Run(
      ["--fix", "."], files: ["compose.yaml": "services:\n  a: {image: a, \(line)\n"],
      inspect: { folder in
        let text = try Self.text(folder, "compose.yaml")
        #expect(text == "services:\n  a: {image: a, \(expected ?? line)\n")
      })
  }

  /// What was read of standard input is judged again where a file could not be changed.
  @Test func standardInputIsReadOnce() throws {
    let run = try Run(
      ["--fix", "--format", "compact", "--quiet", "-", "compose.yaml"], files: ["real.yaml": Self.compose],
      input: "services: {a: {image: a, ports: [\"70000:80\"]}}\n",
      prepare: { folder in
        try FileManager.default.createSymbolicLink(
          atPath: folder.appending(path: "compose.yaml").path, withDestinationPath: "real.yaml")
      })
    #expect(run.status == 2)
    #expect(run.output.contains("<stdin>:1:35: error: 'a' has the port '70000'"))
    #expect(run.output.contains("[duplicate-port]"))
  }

  @Test func keepsAccessAndMarks() throws {
    let text = "\u{FEFF}services: {a: {image: a, ports: [\"80:80\", \"80:80\"]}} # é\r\n"
    _ = try Run(
      ["--fix", "."], files: ["compose.yaml": text],
      prepare: { folder in
        try FileManager.default.setAttributes(
          [.posixPermissions: 0o640], ofItemAtPath: folder.appending(path: "compose.yaml").path)
      },
      inspect: { folder in
        let path = folder.appending(path: "compose.yaml").path
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o640)
        let written = try Data(contentsOf: folder.appending(path: "compose.yaml"))
        #expect(written == Data(text.replacing(", \"80:80\"", with: "").utf8))
      })
  }

  @Test(arguments: [
    (["--fix", "--diff"], "--diff changes nothing, and --fix does: leave one of them out"),
    (["--unsafe-fixes"], "--unsafe-fixes goes with --fix or --diff"),
    (
      ["--diff", "--format", "json"],
      "--diff writes no report: leave --format out, or run portlint once more for it"
    ),
    (
      ["--fix", "--write-baseline", "b.json"],
      "--write-baseline takes the findings as they are: leave --fix and --diff out"
    ),
  ])
  func optionsThatDoNotGoTogether(_ arguments: [String], _ said: String) throws {
    let run = try Run(arguments, files: ["compose.yaml": Self.compose])
    #expect(run.errors == "portlint: \(said)\n")
    #expect(run.status == 2)
  }

  private static func text(_ folder: URL, _ path: String) throws -> String {
    String(decoding: try Data(contentsOf: folder.appending(path: path)), as: UTF8.self)
  }
}
