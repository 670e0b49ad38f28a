import Foundation
import Testing

/// Which files are looked at, under which policy, and what is said of the others.
@Suite struct FileListTests {
  private static let manifest = "services: {web: {image: web, ports: ['8080:80']}}\n"

  private static let files = [
    ".portlint.yaml": "exclude: ['vendor/**']\n", ".git/HEAD": "", ".gitignore": "# made\nbuild/\n",
    "a/compose.yaml": "services: {web: {image: web, ports: ['${P}:80']}}\n", "a/.env": "P=80\n",
    "a/values.yaml": "x: 1\n",
    "build/compose.yaml": manifest, "vendor/compose.yaml": manifest, "node_modules/m/compose.yaml": manifest,
    ".templates/compose.yaml": manifest, ".github/other.yml": "a: b\n", ".devcontainer/compose.yaml": manifest,
    "b/broken.yaml": "services: [", "out/compose.yaml": manifest,
  ]

  @Test func listsEachFileWithItsFate() throws {
    let run = try Run(["--list-files", "--exclude", "out"], files: Self.files)
    #expect(run.status == 0)
    let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines.prefix(3) == ["policy: .portlint.yaml", "preset: recommended", ""])
    let rows = lines.dropFirst(4).filter { !$0.isEmpty }.map { line in
      line.split(separator: "  ").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    #expect(
      rows == [
        [".devcontainer/compose.yaml", "read", "compose"],
        [".github/", "passed over", "-", "hidden: it is walked where it is named"],
        [".portlint.yaml", "passed over", "-", "a policy, and no manifest"],
        [".templates/", "passed over", "-", "hidden: it is walked where it is named"],
        ["a/.env", "read", "-", "for a/compose.yaml"],
        ["a/compose.yaml", "read", "compose"],
        ["a/values.yaml", "passed over", "-", "no manifest that portlint knows"],
        ["b/broken.yaml", "not read", "-", "see the finding of yaml-syntax"],
        ["build/", "passed over", "-", "ignored by .gitignore:2"],
        ["node_modules/", "passed over", "-", "packages of Node"],
        ["out/compose.yaml", "passed over", "-", "--exclude out"],
        ["vendor/compose.yaml", "passed over", "-", "excluded by .portlint.yaml:1"],
      ])
    #expect(try Run(["--list-files", "--format", "json"], files: Self.files).status == 2)
  }

  @Test func hiddenFoldersWithManifestsAreNamed() throws {
    let run = try Run(["ports"], files: Self.files)
    #expect(
      run.errors.contains(
        "portlint: a hidden folder with manifests was left out: .templates/; name it to have it read\n"))
    #expect(!run.errors.contains(".github"))
    #expect(try Run(["ports", ".templates"], files: Self.files).output.contains(".templates/compose.yaml"))
    let ignored = Self.files.merging([".gitignore": ".templates\n"]) { $1 }
    #expect(try Run(["ports"], files: ignored).errors.contains("hidden") == false)
  }

  @Test func aRunWithoutManifestsMayFail() throws {
    let files = ["a/compose.yaml": Self.manifest, "b/notes.txt": "", "c.yaml": "a: 1\n"]
    #expect(try Run(["--fail-if-no-manifest"], files: files).status == 0)
    for paths in [["b"], ["a", "b"], ["c.yaml"]] {
      #expect(try Run(paths, files: files).status == 0)
      let run = try Run(["--fail-if-no-manifest", "--format", "json"] + paths, files: files)
      #expect(run.status == 2, "\(paths)")
      #expect(run.output.contains("\"complete\":false"))
    }
  }

  @Test func excludedFilesAreLeftOutWhereverTheRunBegins() throws {
    let files = ["a/compose.yaml": Self.manifest, "a/b/compose.yaml": Self.manifest]
    for (arguments, count) in [
      (["--exclude", "b"], 1), (["--exclude", "a/b"], 1), (["--exclude", "a/b/*"], 1), (["--exclude", "a/**"], 0),
      (["--exclude", "b", "a/b/compose.yaml"], 0), (["--exclude", "x", "--exclude", "compose.yaml"], 0),
    ] {
      let run = try Run(["ports", "--format", "csv"] + arguments, files: files)
      #expect(run.output.split(separator: "\n").count == count + 1, "\(arguments)")
    }
    #expect(try Run(["--exclude", ""], files: files).status == 2)
  }

  @Test func patternsBringInNothingThatIsIgnored() throws {
    func conflicts(_ patterns: String, _ arguments: [String] = []) throws -> Bool {
      let files = [
        ".git/HEAD": "", ".gitignore": "build/\n", "a/compose.yaml": Self.manifest, "build/compose.yaml": Self.manifest,
        ".portlint.yaml": "deployments: [{files: [\(patterns)]}]\n",
      ]
      return try Run(arguments, files: files).output.contains("[port-conflict]")
    }
    #expect(try conflicts("'**/compose.yaml'") == false)
    #expect(try conflicts("'**/compose.yaml'", ["--no-ignore"]))
    #expect(try conflicts("'**/compose.yaml'", ["--no-suppressions"]))
    #expect(try conflicts("'**/compose.yaml'", ["a/compose.yaml"]) == false)
    // What is named is meant.
    #expect(try conflicts("a/compose.yaml, build/compose.yaml"))
  }

  // MARK: - The policy

  @Test func thePolicyIsThatOfWhatIsLinted() throws {
    let files = [
      ".portlint.yaml": "rules: {exposed-service: off}\n", "edge/.portlint.yaml": "extends: none\n",
      "edge/a/compose.yaml": Self.manifest, "other/compose.yaml": Self.manifest,
    ]
    func policy(_ paths: [String], from folder: String = ".") throws -> String {
      let run = try Run(["--list-files"] + paths, files: files, shell: "cd \(folder)")
      return String(run.output.prefix { $0 != "\n" })
    }
    #expect(try policy([]) == "policy: .portlint.yaml")
    #expect(try policy(["edge"]) == "policy: edge/.portlint.yaml")
    #expect(try policy(["edge/a/compose.yaml"]) == "policy: edge/.portlint.yaml")
    #expect(try policy(["edge", "other"]) == "policy: .portlint.yaml")
    #expect(try policy(["../edge"], from: "other").hasSuffix("/edge/.portlint.yaml"))
    #expect(try policy([], from: "edge/a") == "policy: ../.portlint.yaml")
    #expect(try policy(["../.."], from: "edge/a") == "policy: ../../.portlint.yaml")
    #expect(try policy(["none.yaml"]) == "policy: .portlint.yaml")
  }

  @Test func aPolicyBelowThatIsNotHeededIsTold() throws {
    let files = [
      ".portlint.yaml": "extends: shared/.portlint.yaml\n", "shared/.portlint.yaml": "rules: {exposed-service: off}\n",
      "edge/.portlint.yaml": "extends: none\n", "edge/compose.yaml": Self.manifest,
    ]
    let rule = "a run has one policy, found from the folder of all that is linted upwards"
    let note = "portlint: edge/.portlint.yaml is not heeded: \(rule); lint its folder by itself\n"
    #expect(try Run(["ports"], files: files).errors == note)
    #expect(try Run(["ports", "edge"], files: files).errors == "")
    #expect(try Run(["ports", "--config", ".portlint.yaml"], files: files).errors == "")
    let more = files.merging(["core/.portlint.yaml": "extends: none\n"]) { $1 }
    let run = try Run(["ports"], files: more)
    #expect(run.errors.hasPrefix("portlint: core/.portlint.yaml and 1 more are not heeded:"))
  }

  // MARK: - Who uses a port

  private static let claims = [
    "compose.yaml":
      "services: {web: {image: a, ports: ['8080:80', '9000-9010:90-100/udp', '${X}:1']}, api: {image: a, expose: [8080]}}\n",
    ".portlint.yaml": "allocations: [{ports: 7001, owner: ledger}]\n",
  ]

  @Test func claimsAreChosenAndSorted() throws {
    func ports(_ arguments: [String]) throws -> [String] {
      let run = try Run(["ports", "--format", "csv"] + arguments, files: Self.claims)
      return run.output.split(separator: "\n").dropFirst().map {
        $0.split(separator: ",", omittingEmptySubsequences: false).dropFirst().dropLast().joined(separator: " ")
      }
    }
    let (web, range) = ("service web  publish * 8080 tcp 80 ", "service web  publish * 9000-9010 udp 90-100 ")
    let api = "service api  listen * 8080 tcp  "
    let open = "service web  publish * ${X} tcp 1 "
    #expect(try ports(["--port", "8080"]) == [web, api])
    #expect(try ports(["--port", "9005-9100"]) == [range])
    #expect(try ports(["--owner", "a*"]) == [api])
    #expect(try ports(["--role", "listen"]) == [api])
    #expect(try ports(["--protocol", "UDP"]) == [range])
    #expect(try ports(["--sort", "port"]) == [web, api, range, open])
    #expect(try ports(["--sort", "owner"]) == [api, web, range, open])
    #expect(try ports(["--read-as", "compose"]).count == 4)
    #expect(try ports(["--read-as", "kubernetes"]) == [])
    for wrong in [
      ["--read-as", "composer"], ["--allocations", "--scope", "x"], ["--port", "x"], ["--port", "9-8"],
      ["--protocol", "tpc"], ["--allocations", "--port", "1"],
    ] {
      #expect(try Run(["ports"] + wrong, files: Self.claims).status == 2)
    }
  }

  @Test func claimsAreChosenByTheirHostOrCluster() throws {
    func service(_ name: String, _ port: Int) -> String { "services: {\(name): {image: a, ports: ['\(port):80']}}\n" }
    let files = [
      "a/compose.yaml": service("web", 5014), "b/compose.yaml": service("api", 5016),
      "c/compose.yaml": service("own", 5017),
      ".portlint.yaml": "deployments: [{name: edge, files: ['[ab]/compose.yaml']}]\n",
    ]
    func claims(_ scope: String) throws -> [String] {
      let run = try Run(["ports", "--format", "csv", "--scope", scope], files: files)
      return run.output.split(separator: "\n").dropFirst().map {
        $0.split(separator: ",").suffix(1).joined() + " " + $0.split(separator: ",")[2]
      }
    }
    #expect(try claims("edge") == ["deployment edge web", "deployment edge api"])
    #expect(try claims("c/*") == ["project c/compose.yaml own"])
    #expect(try claims("c") == ["project c/compose.yaml own"])
    #expect(try claims("x") == [])
  }

  @Test func aPortThatNobodyClaimsIsSomebodys() throws {
    func said(_ port: String) throws -> String { try Run(["ports", "--port", port], files: Self.claims).errors }
    let unknown = "portlint: 1 other claim is not known by number: the system or a variable says it\n"
    #expect(
      try said("7001") == "portlint: nobody here claims port 7001; the policy gives it to 'ledger'\n" + unknown)
    #expect(
      try said("5432")
        == "portlint: nobody here claims port 5432; by the services database it is postgresql's\n" + unknown)
    #expect(try said("7001-7010") == "portlint: nobody here claims a port of 7001-7010\n" + unknown)
    // Somebody claims it, whom the other choices leave out.
    let others = try Run(["ports", "--port", "8080", "--owner", "x"], files: Self.claims).errors
    #expect(others == "portlint: no claim of port 8080 is what was asked for\n" + unknown)
    #expect(try said("8080") == unknown)
  }
}
