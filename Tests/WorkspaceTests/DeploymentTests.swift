import Foundation
import PolicyEngine
import PortModel
import SourceText
import Testing
import Workspace

/// Which manifests meet: by folder, by the policy's deployments, or all together.
@Suite struct DeploymentTests {
  @Test(
    arguments: [
      ("/work/shop", "/work/shop", "compose.yaml", "compose.yaml"),
      ("/work/shop", "/work/shop", "/work/shop/deep/compose.yaml", "deep/compose.yaml"),
      ("/work/shop", "/work/shop", "../blog/compose.yaml", "../blog/compose.yaml"),
      ("/work/shop", "/work/shop/deep", "compose.yaml", "deep/compose.yaml"),
      ("/work/shop", "/work/shop/deep", "../compose.yaml", "compose.yaml"),
      ("/work/shop", "/work/shop/deep", "../../blog/compose.yaml", "../blog/compose.yaml"),
      ("/work/shop", "/work", "shopping/compose.yaml", "../shopping/compose.yaml"),
      ("/work/shop/deep", "/", "work/compose.yaml", "../../compose.yaml"),
    ])
  func aPathIsHeldAgainstGlobsFromThePolicysFolder(_ policy: String, _ current: String, _ path: String, _ seen: String)
  {
    #expect(PolicyFolder(policy, current: current).relativePath(of: path) == seen)
  }

  private static let compose = "services: {NAME: {image: nginx, ports: [\"8080:80\"]}}\n"
  private static let pod = """
    apiVersion: apps/v1
    kind: DaemonSet
    metadata: {name: NAME}
    spec: {template: {spec: {containers: [{name: app, image: nginx, ports: [{containerPort: 80, hostPort: 8080}]}]}}}

    """

  private func report(
    on files: [String: String], only named: [String]? = nil, together: Bool = false
  ) throws -> Report {
    let written = WrittenFiles(files.mapValues { Array($0.utf8) })
    var workspace = Workspace(try PolicyLoader.load(PolicyRequest(), files: written), files: written, workers: 1)
    workspace.isTogether = together
    let paths = named ?? files.keys.filter { !$0.hasPrefix(".") }.sorted()
    return workspace.lint(paths.map { Candidate($0, named == nil ? .found : .named) })
  }

  private func findings(
    _ files: [String: String], only named: [String]? = nil, together: Bool = false
  ) throws -> [String] {
    let report = try report(on: files, only: named, together: together)
    return report.diagnostics.map { diagnostic in
      let others = diagnostic.related.map { report.files[$0.place.file]?.path ?? "?" }
      return
        "\(report.files[diagnostic.place.file]?.path ?? "?"): \(diagnostic.rule) with \(others.joined(separator: ", "))"
    }
  }

  private static let two = [
    "edge/a/compose.yaml": compose.replacing("NAME", with: "a"),
    "edge/b/compose.yaml": compose.replacing("NAME", with: "b"),
    "other/compose.yaml": compose.replacing("NAME", with: "c"),
  ]

  @Test(arguments: [
    ("**", "a", true), ("**", "a/b", true), ("a/**", "a", false), ("a/**", "a/b/c", true), ("a/**/**", "a/b", true),
    ("a/**/b", "a/b", true), ("a/**/b", "a/x/b", true), ("a/**/b", "a/x/b/y", false), ("**/a/**/b", "x/a/y/a/b", true),
    ("**/a/b", "a/a/b", true), ("**/a/b", "a/b/a", false), ("*.yaml", "a/b.yaml", true),
    ("./*.yaml", "a/b.yaml", false),
    ("a/*/b", "a/b", false), ("a/", "a/b", true), ("**/*/**", "a", false), ("**/*/**", "a/b", true),
  ])
  func starsOfFoldersStandForAnyNumber(_ glob: String, _ path: String, _ isMatch: Bool) {
    #expect(PathGlob(glob).matches(path) == isMatch)
  }

  @Test func aGlobIsNotSearchedForWithoutEnd() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in ["a.yaml", "b.yaml", "c.txt"] {
      try Data("services: {a: {image: b}}\n".utf8).write(to: folder.appending(path: name))
    }
    var files = DiskFiles(in: Tree.holding([folder.path]).naming(folder.path + "/policy"))
    files.mostSearched = 3
    let glob = folder.path + "/**"
    #expect(try files.paths(matching: glob, from: "").count == 2)
    files.mostSearched = 2
    let reason = "more than 2 files and folders would have to be searched"
    #expect(throws: ReadFailure.unreadable(reason: reason)) { try files.paths(matching: glob, from: "") }
    // A deployment and a list of rule files say so.
    for (policy, message) in [
      ("deployments: [{files: [a.yaml, '\(glob)']}]", "cannot be read: \(reason)"),
      ("rule-files: ['\(glob)']", "'\(glob)': \(reason)"),
    ] {
      try Data(policy.utf8).write(to: folder.appending(path: "policy"))
      var request = PolicyRequest()
      request.config = .file(folder.path + "/policy")
      let loaded = try PolicyLoader.load(request, files: files)
      let report = Workspace(loaded, files: files, workers: 1).lint([Candidate(folder.path + "/a.yaml", .named)])
      #expect(report.diagnostics.map(\.message).contains(message))
      #expect(!report.isComplete)
    }
  }

  @Test(arguments: ["**/a/", "*/**/", "**/*/"])
  func manyStarsOfFoldersAreTriedOnce(_ part: String) {
    let glob = PathGlob(String(repeating: part, count: 20) + "b")
    let path = String(repeating: "a/", count: 60) + "a"
    #expect(!glob.matches(path))
  }

  @Test func composeProjectsMeetOnlyOnAHostThatTheyShare() throws {
    #expect(try findings(Self.two) == [])
    let policy = "deployments: [{name: edge-1, files: [\"edge/**/compose.yaml\"]}]\n"
    #expect(
      try findings(Self.two.merging([".portlint.yaml": policy]) { $1 })
        == ["edge/b/compose.yaml: port-conflict with edge/a/compose.yaml"])
    #expect(
      try findings(Self.two, together: true) == [
        "edge/b/compose.yaml: port-conflict with edge/a/compose.yaml",
        "other/compose.yaml: port-conflict with edge/a/compose.yaml",
      ])
  }

  @Test func whoIsCalledTheSameIsToldByTheFile() throws {
    let web = Self.compose.replacing("NAME", with: "web")
    let same = try report(
      on: [
        "a/compose.yaml": web, "b/compose.yaml": web, "c/compose.yaml": Self.compose.replacing("NAME", with: "api"),
      ],
      together: true)
    #expect(
      same.diagnostics.map(\.message) == [
        "'web' publishes 8080/tcp on every address, and so does 'web' of a/compose.yaml",
        "'api' publishes 8080/tcp on every address, and so does 'web' (and 1 more)",
      ])
    let include = "include: [../common.yaml]\n"
    #expect(
      try report(on: ["common.yaml": web, "a/compose.yaml": include, "b/compose.yaml": include], together: true)
        .diagnostics.map(\.message) == [
          "'web' publishes 8080/tcp on every address, and so does 'web' of a/compose.yaml"
        ])
    let plain = "portlint: 1\nservices: [{name: web, port: 80}]\n"
    #expect(
      try report(on: ["a/host.yaml": plain, "b/host.yaml": plain], together: true).diagnostics.map(\.message) == [
        "'web' binds 80/tcp on every address, and so does 'web' of a/host.yaml"
      ])
  }

  @Test func aFileOfSeveralDeploymentsMeetsTheOthersInEach() throws {
    func policy(_ groups: String...) -> [String: String] {
      [".portlint.yaml": "deployments: [\(groups.map { "{files: [\($0)]}" }.joined(separator: ", "))]\n"]
    }
    let (a, b, c) = ("edge/a/compose.yaml", "edge/b/compose.yaml", "other/compose.yaml")
    // `c` runs on both hosts, `a` and `b` on one each.
    #expect(
      try findings(Self.two.merging(policy("\(c), \(a)", "\(b), \(c)")) { $1 }) == [
        "\(c): port-conflict with \(a)", "\(c): port-conflict with \(b)",
      ])
    #expect(
      try findings(Self.two.merging(policy("\(a), \(b)", "\(b), \(a)", "\(b), \(c)")) { $1 }) == [
        "\(b): port-conflict with \(a)", "\(c): port-conflict with \(b)",
      ])
    #expect(
      try findings(Self.two.merging(policy(a, "\(a), \(b)")) { $1 }, only: [b]) == ["\(b): port-conflict with \(a)"])
    #expect(try findings(Self.two.merging(policy(a, "'edge/**'", "other/*")) { $1 }).count == 1)
    // What one cluster lacks is not missed in another that shares some of its files.
    let service = """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {selector: {app: web}, ports: [{port: 80, targetPort: web}]}

      """
    func pod(_ name: String, _ port: String) -> String {
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: \(name), labels: {app: web}}
      spec: {containers: [{name: app, image: nginx, ports: [{containerPort: 80, name: \(port)}]}]}

      """
    }
    let clusters = [
      "common/pod.yaml": pod("shared", "web"), "one/all.yaml": service + "---\n" + pod("one", "http"),
      "two/all.yaml": service + "---\n" + pod("two", "http"),
    ]
    let both = policy("'common/*', 'one/*'", "'common/*', 'two/*'")
    #expect(try findings(clusters.merging(both) { $1 }) == [])
    let lacking = clusters.merging(["common/pod.yaml": pod("shared", "other")]) { $1 }.merging(both) { $1 }
    #expect(try findings(lacking).map { $0.prefix { $0 != " " } } == ["one/all.yaml:", "two/all.yaml:"])
  }

  @Test func aNamedFileIsJudgedAmongItsDeployment() throws {
    let policy = "deployments: [{files: [\"edge/**/compose.yaml\"]}]\n"
    let files = Self.two.merging([".portlint.yaml": policy]) { $1 }
    #expect(
      try findings(files, only: ["edge/b/compose.yaml"])
        == ["edge/b/compose.yaml: port-conflict with edge/a/compose.yaml"])
    #expect(
      try findings(files, only: ["edge/a/compose.yaml"])
        == ["edge/b/compose.yaml: port-conflict with edge/a/compose.yaml"])
    #expect(try findings(files, only: ["other/compose.yaml"]) == [])
  }

  @Test func kubernetesFoldersOfOneClusterMeet() throws {
    let files = [
      "a/pod.yaml": Self.pod.replacing("NAME", with: "a"), "b/pod.yaml": Self.pod.replacing("NAME", with: "b"),
    ]
    #expect(try findings(files) == [])
    let policy = "deployments: [{name: prod, files: [\"*/pod.yaml\"]}]\n"
    #expect(
      try findings(files.merging([".portlint.yaml": policy]) { $1 }) == ["b/pod.yaml: port-conflict with a/pod.yaml"])
  }

  @Test func onAHostOfSeveralRuntimesEachKeepsItsOwnRules() throws {
    func service(_ name: String, _ port: Int, _ transport: String) -> String {
      """
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: \(name)}
      spec: {type: NodePort, ports: [{port: 80, nodePort: \(port), protocol: \(transport)}]}

      """
    }
    let files = [
      // Docker tells the protocols apart, and so does `bind` between the runtimes.
      "a.yaml": """
      services:
        dns: {image: dns, ports: ["53:53/udp"]}
        dot: {image: dns, ports: ["53:53/tcp"]}
        web: {image: nginx, ports: ["30081:80/udp", "30082:80"]}

      """,
      // The API does not.
      "b.yaml": service("a", 30080, "TCP") + service("b", 30080, "UDP"),
      "c.yaml": service("c", 30081, "TCP"),
      "d.yaml": service("d", 30082, "TCP"),
    ]
    #expect(
      try findings(files, together: true).filter { $0.contains("conflict") } == [
        "b.yaml: port-conflict with b.yaml", "d.yaml: port-conflict with a.yaml",
      ])
    // What the other does is said in the words of its own runtime.
    let conflicts = try report(on: files, together: true).diagnostics.filter { $0.rule == "port-conflict" }
    #expect(
      conflicts.flatMap(\.related).map(\.message) == [
        "Service 'a' takes node port 30080/tcp here", "'web' publishes 30082/tcp here",
      ])
  }

  @Test func aNamedManifestMeetsTheOthersOfItsFolder() throws {
    let files = [
      "compose.yaml": "services: {web: {image: nginx, ports: [\"8080:80\"]}}\n",
      "pod.yaml": Self.pod.replacing("NAME", with: "a"), "other.yaml": Self.pod.replacing("NAME", with: "b"),
      // Such a one need not say what it is.
      "kustomization.yaml": "patches: [{path: other.yaml}]\n",
    ]
    func conflicts(together: Bool, without left: String = "") throws -> [String] {
      let written = WrittenFiles(files.filter { $0.key != left }.mapValues { Array($0.utf8) })
      var workspace = Workspace(policy: try BuiltIn.policy(rules: BuiltIn.rules()), files: written, workers: 1)
      workspace.isTogether = together
      let paths = files.keys.filter { $0 != left }.sorted()
      return workspace.lint(paths.map { Candidate($0, $0 == "pod.yaml" ? .named : .context) }).diagnostics
        .filter { $0.rule.hasSuffix("-conflict") }.map(\.message)
    }
    #expect(try conflicts(together: false) == [])
    #expect(try conflicts(together: false, without: "kustomization.yaml").count == 1)
    #expect(try conflicts(together: true).count == 1)
  }

  @Test func aReferenceIsLookedUpInTheWholeCluster() throws {
    let files = [
      "a/service.yaml": """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}

      """,
      "b/pod.yaml": """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, labels: {app: web}}
      spec: {containers: [{name: app, image: nginx, ports: [{name: web, containerPort: 80}]}]}

      """,
    ]
    #expect(try findings(files) == [])
    #expect(try findings(files, together: true) == ["a/service.yaml: dangling-port-reference with b/pod.yaml"])
  }

  @Test func aProjectIsMergedInTheOrderThatThePolicyGives() throws {
    let files = [
      ".portlint.yaml": "projects: [{files: [app.yaml, app.prod.yaml]}]\n",
      "app.prod.yaml": "services: {web: {image: nginx, ports: [\"8080:80\"]}}\n",
      "app.yaml": "services: {web: {image: nginx, ports: [\"8081:81\"]}, db: {image: db, ports: [\"8080:1\"]}}\n",
    ]
    let expected = ["app.prod.yaml: port-conflict with app.yaml"]
    #expect(try findings(files) == expected)
    #expect(try findings(files, only: ["app.prod.yaml"]) == expected)
    #expect(try findings(files.filter { $0.key != ".portlint.yaml" }) == [])
  }

  @Test func aProjectIsOfOneFolder() throws {
    func main(_ name: String) -> String { "services: {\(name): {image: a, ports: ['8080:80']}}\n" }
    let more = "services: {more: {image: a, ports: ['8080:81']}}\n"
    let bare = [".portlint.yaml": "projects: [{files: [compose.yaml, compose.prod.yaml]}]\n"]
    let files = ["x/compose.yaml": main("x"), "y/compose.yaml": main("y"), "z/compose.prod.yaml": more].merging(bare) {
      $1
    }
    // Where the first lies, the second is nowhere beside it.
    #expect(try findings(files) == [".portlint.yaml: unused-suppression with "])
    let two = files.merging(["y/compose.prod.yaml": more]) { $1 }
    let conflict = ["y/compose.prod.yaml: port-conflict with y/compose.yaml"]
    #expect(try findings(two) == conflict)
    // What is named brings its own project, and no other.
    #expect(try findings(two, only: ["y/compose.yaml"]) == conflict)
    #expect(try findings(two, only: ["y/compose.prod.yaml"]) == conflict)
    #expect(try findings(two, only: ["x/compose.yaml"]) == [])
    #expect(try findings(two, only: ["z/compose.prod.yaml"]) == [])
    #expect(try report(on: two, only: ["x/compose.yaml"]).inventory.owners.compactMap(\.name) == ["x"])
  }

  @Test func aPatternWithAFolderMeansThatFolder() throws {
    func policy(_ files: String) -> [String: String] { [".portlint.yaml": "projects: [{files: [\(files)]}]\n"] }
    let files = [
      "base/c.yaml": "services: {base: {image: a, ports: ['8080:80']}}\n",
      "x/c.yaml": "services: {x: {image: a, ports: ['8080:81']}}\n",
      "y/c.yaml": "services: {y: {image: a, ports: ['8080:82']}}\n",
    ]
    // One project of two folders.
    #expect(
      try findings(files.merging(policy("base/c.yaml, x/c.yaml")) { $1 }) == [
        "x/c.yaml: port-conflict with base/c.yaml"
      ])
    // One file that is laid over each.
    let over = try findings(files.merging(policy("'[xy]/c.yaml', base/c.yaml")) { $1 })
    #expect(over == ["base/c.yaml: port-conflict with x/c.yaml", "base/c.yaml: port-conflict with y/c.yaml"])
    #expect(
      try findings(files.merging(policy("'[xy]/c.yaml', base/c.yaml")) { $1 }, only: ["base/c.yaml"]) == over)
    // Where the folders are several, the same one is meant.
    let prod = ["x/p.yaml": "services: {p: {image: a, ports: ['8080:83']}}\n"]
    #expect(
      try findings(files.merging(prod) { $1 }.merging(policy("'**/c.yaml', '**/p.yaml'")) { $1 })
        == ["x/p.yaml: port-conflict with x/c.yaml"])
  }
}
