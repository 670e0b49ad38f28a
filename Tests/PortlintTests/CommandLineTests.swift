import Foundation
import Testing

/// What a run is given, and what it looks at.
@Suite struct CommandLineTests {
  @Test(arguments: [["ports"], ["free"]])
  func whatAnInventoryLacksIsSaid(_ command: [String]) throws {
    let shown = try Run(command + ["t.yaml"], files: ["t.yaml": Manifests.template])
    #expect(shown.errors.contains("t.yaml:1:1: info: a template that was not rendered"))
    let off = try Run(
      command + ["t.yaml"],
      files: ["t.yaml": Manifests.template, ".portlint.yaml": "rules: {template-not-rendered: off}"])
    #expect(off.errors == "portlint: 1 template was not rendered\n")
    let broken = try Run(command + ["b.yaml"], files: ["b.yaml": "services: {a: {image: a, ports: ['80:80']}, b: ["])
    #expect(broken.errors.contains("[yaml-syntax]"))
    #expect(broken.status == 2)
    let json = try Run(["ports", "--format", "json", "b.yaml"], files: ["b.yaml": "services: ["])
    #expect(json.output.contains("\"complete\":false"))
  }

  @Test func whatAProjectAsksForAndCannotBeReadIsSaid() throws {
    let files = ["compose.yaml": "include: [db.yaml]\n" + Manifests.info]
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
    let run = try Run(["compose.yaml"], files: ["compose.yaml": Manifests.info, ".env/lib/a.py": ""])
    #expect(run.status == 0)
    #expect(run.output.hasPrefix("1 file, 1 port: 0 errors, 0 warnings"))
  }

  @Test func standardInputIsRead() throws {
    let run = try Run(["-"], input: Manifests.clash)
    #expect(run.status == 1)
    #expect(run.output.hasPrefix("<stdin>:3:30: error: 'api' publishes 8080/tcp on every address, and so does 'web'"))
  }

  @Test func standardInputHasTheNameItIsGiven() throws {
    let run = try Run(["--stdin-filename", "deploy/compose.yaml", "-"], input: Manifests.clash)
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
    let run = try Run(["missing.yaml", "compose.yaml"], files: ["compose.yaml": Manifests.clash])
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
        "a/compose.yaml": Manifests.clash, "b/c/compose.yml": Manifests.clash, ".hidden/compose.yaml": Manifests.clash,
        "node_modules/x/compose.yaml": Manifests.clash, "d/notes.txt": Manifests.clash,
      ])
    let files = run.output.split(separator: "\n").map { $0.prefix { $0 != ":" } }
    #expect(files == ["a/compose.yaml", "b/c/compose.yml"])
  }

  @Test func aFileReachedTwiceIsReadOnce() throws {
    let run = try Run(["compose.yaml", ".", "./compose.yaml", "link.yaml"], files: ["compose.yaml": Manifests.clash]) {
      folder in
      try FileManager.default.createSymbolicLink(
        at: folder.appending(path: "link.yaml"), withDestinationURL: folder.appending(path: "compose.yaml"))
    }
    #expect(run.output.hasSuffix("1 file, 2 ports: 1 error, 0 warnings (why: portlint explain port-conflict)\n"))
  }

  @Test func veryManyPathsAreRead() throws {
    let paths = Array(repeating: "missing.yaml", count: 5000)
    let files = ["compose.yaml": Manifests.clash]
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
    let files = ["a.yaml": Manifests.clash, "b.yaml": Manifests.clash, "c.yaml": Manifests.clean]
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
        k8s/b.yaml:6:34: error: Service 'b' takes node port 30080, and so does Service 'a' (k8s/a.yaml:6) [port-conflict]
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
      ["--format", "compact", "--format", "json=report.json", "compose.yaml"], files: ["compose.yaml": Manifests.clash]
    ) { _ in
    } inspect: { folder in
      let data = try Data(contentsOf: folder.appending(path: "report.json"))
      let report = try JSONSerialization.jsonObject(with: data) as? [String: Any]
      #expect(report?["version"] as? Int == 1)
    }
    #expect(run.output.hasPrefix("compose.yaml:3:30: error: "))
  }

  @Test func anInventoryThatLacksAFileSaysSo() throws {
    let files = [
      "compose.yaml": Manifests.clean, "a.yaml": "services: [1",
      "b.yaml": "services: " + String(repeating: "[", count: 201),
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
        compose.override.yaml:1:35: error: 'b' publishes 8080/tcp on every address, and 'a' on every address (compose.yaml:1) [port-conflict]

        """)
  }

  @Test func anEnvironmentFileStandsForTheProjects() throws {
    let files = ["compose.yaml": Manifests.info, ".env": "PORT=1", "other": "PORT=99999"]
    #expect(try Run(["--env-file", "other", "compose.yaml"], files: files).output.contains("'${PORT}'"))
    #expect(try Run(["--env-file", "missing", "compose.yaml"], files: files).status == 2)
  }

  /// What lies in a folder and says nowhere what runs is a part of something; what is piped in may be all that there is.
  @Test func whatSaysNowhereWhatRunsIsAPart() throws {
    let text = "services:\n  a: {ports: ['8080:80']}\n  b: {ports: ['8080:80']}\n"
    let other = "services: {other: {image: web}}\n"
    #expect(try Run(["."], files: ["sub/ports.yml": text]).status == 0)
    #expect(try Run(["."], files: ["ports.yml": text, "compose.yaml": other]).status == 0)
    #expect(try Run(["-"], input: text).status == 1)
    #expect(try Run(["."], files: ["compose.yaml": text]).status == 1)
  }

  @Test func infosAreShownWhenAskedFor() throws {
    let silent = try Run(["compose.yaml"], files: ["compose.yaml": Manifests.info])
    let told = try Run(["--show-info", "compose.yaml"], files: ["compose.yaml": Manifests.info])
    #expect(!silent.output.contains("[unset-variable]"))
    #expect(silent.output.contains("1 info (see --show-info)"))
    #expect(told.output.contains("compose.yaml:2:30: info: "))
  }
}
