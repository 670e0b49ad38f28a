import Foundation
import PolicyEngine
import PortModel
import Reporters
import SourceText
import Synchronization
import Testing
import Workspace

/// Projects that a few lines blow up, and lines that are as long as a file: each ends soon, with something said.
@Suite struct HostileProjectTests {
  /// - Parameter isJudged: Whether all rules judge the files, or only those that say what could not be read.
  func report(
    on files: [String: String], of path: String = "compose.yaml", mostPairs: Int = 1_000_000, isJudged: Bool = true
  ) throws -> Report {
    let policy = try BuiltIn.policy(rules: BuiltIn.rules().filter { isJudged || $0.isRequired })
    let written = WrittenFiles(files.mapValues { Array($0.utf8) })
    var workspace = Workspace(policy: policy, files: written, workers: 1)
    workspace.limits.pairs = mostPairs
    return workspace.lint([Candidate(path, .named)])
  }

  func findings(_ report: Report) -> [String] {
    var options = ReportOptions(version: "0")
    options.showsSummary = false
    return write(report, as: .compact, options: options).split(separator: "\n").map(String.init)
  }

  /// A chain of services, each of which extends the next.
  private func chain(_ steps: Int) -> [String: String] {
    let services = (0..<steps).map { "  s\($0): {extends: s\($0 + 1)}\n" }.joined()
    return ["compose.yaml": "services:\n\(services)  s\(steps): {image: a, ports: ['80:80']}\n"]
  }

  @Test func aChainOfServicesHasAnEnd() throws {
    let whole = try report(on: chain(100))
    #expect(whole.isComplete)
    #expect(whole.inventory.bindings.count == 101)
    let cut = try report(on: chain(101))
    #expect(
      findings(cut).first
        == "compose.yaml:102:19: error: files and services bring one another in over more than 100 steps [limit-exceeded]"
    )
    #expect(!cut.isComplete)
  }

  @Test func aChainOfFilesHasAnEnd() throws {
    var files = Dictionary(
      uniqueKeysWithValues: (0..<200).map { ("c\($0).yaml", "include: [c\($0 + 1).yaml]\n") })
    files["compose.yaml"] = "include: [c0.yaml]\n"
    let report = try report(on: files)
    #expect(
      findings(report)
        == ["c99.yaml:1:11: error: files and services bring one another in over more than 100 steps [limit-exceeded]"])
    #expect(!report.isComplete)
  }

  @Test func filesThatDoubleHaveAnEnd() throws {
    var files = ["compose.yaml": "include: [c0.yaml]\n", "c40.yaml": "services: {a: {image: a}}\n"]
    for step in 0..<40 {
      files["c\(step).yaml"] = "include: [c\(step + 1).yaml, ./c\(step + 1).yaml]\n"
    }
    let report = try report(on: files)
    #expect(
      findings(report).contains {
        $0.hasSuffix("error: what files and services bring in comes to more than 20000 entries [limit-exceeded]")
      })
    #expect(!report.isComplete)
  }

  @Test func servicesThatMultiplyHaveAnEnd() throws {
    let ports = (1000..<2000).map { "'\($0)'" }.joined(separator: ", ")
    let services = (0..<110).map { "  s\($0): {extends: base}\n" }.joined()
    let report = try report(on: ["compose.yaml": "services:\n\(services)  base: {image: a, ports: [\(ports)]}\n"])
    #expect(report.diagnostics.filter { $0.rule == "limit-exceeded" }.map(\.variant) == ["brought-in"])
    #expect(!report.isComplete)
  }

  /// Many projects include one file of nine services with a port each and five times 64 bytes: 24 entries with the
  /// project's own.
  @Test(arguments: [1, 4]) func whatProjectsIncludeTogetherHasAnEnd(workers: Int) throws {
    let services = (1...9).map { "  b\($0): {image: a, ports: ['80\($0)0:80']}\n" }.joined()
    var files = ["common.yaml": "services:\n\(services)"]
    for number in 100..<200 {
      files["p\(number)/compose.yaml"] = "include: [../common.yaml]\nservices: {a: {image: b}}\n"
    }
    // With several workers, the last is read before anything is known of the first.
    let held = workers > 1 ? HeldFiles(files, holding: "p100/compose.yaml", until: "p199/compose.yaml") : nil
    let written: any FileSource = held ?? WrittenFiles(files.mapValues { Array($0.utf8) })
    var workspace = Workspace(policy: try BuiltIn.policy(rules: BuiltIn.rules()), files: written, workers: workers)
    workspace.mostBroughtIn = 24 * 50
    let report = workspace.lint(files.keys.sorted().map { Candidate($0, .found) })
    // The fifty-first passes the limit, and those behind it are left out.
    #expect(
      findings(report).filter { $0.hasSuffix("[limit-exceeded]") }
        == (151..<200).map {
          "p\($0)/compose.yaml:1:1: error: what the projects before this one bring in comes to more than 1200 entries; "
            + "it is not put together [limit-exceeded]"
        })
    #expect(report.rows.count == 9)
    #expect(!report.isComplete)
  }

  /// Files of which one is not handed out before another is asked for, as long as somebody may yet ask for it.
  private struct HeldFiles: FileSource {
    private let files: WrittenFiles
    private let held: String
    private let last: String
    private let isAskedFor = DispatchSemaphore(value: 0)

    init(_ files: [String: String], holding held: String, until last: String) {
      self.files = WrittenFiles(files.mapValues { Array($0.utf8) })
      self.held = held
      self.last = last
    }

    func contents(of path: String) throws(ReadFailure) -> [UInt8] {
      if path == last { isAskedFor.signal() }
      // On a single core nobody else asks.
      if path == held { _ = isAskedFor.wait(timeout: .now() + 5) }
      return try files.contents(of: path)
    }

    func isIgnored(_ path: String, onlyByGit: Bool) -> Bool {
      files.isIgnored(path, onlyByGit: onlyByGit)
    }

    func paths(matching glob: String, from folder: String) -> [String] {
      files.paths(matching: glob, from: folder)
    }
  }

  /// What many services take from one place is said in their order.
  @Test func findingsAtOnePlaceAreInOrder() throws {
    let services = (1...9).map { "  s\($0): {extends: {file: base.yaml, service: s}}\n" }.joined()
    let report = try report(on: [
      "compose.yaml": "services:\n\(services)", "base.yaml": "services: {s: {image: x, ports: ['53:53']}}\n",
    ])
    let owners = report.diagnostics.filter { $0.rule == "single-transport" }.compactMap(\.owner)
    #expect(owners.map { report.inventory[$0].name } == (1...9).map { "s\($0)" })
  }

  /// How a file was found is of no account: what lies beside it may be known before it is read, or not.
  @Test(arguments: [false, true]) func readingAnewCountsHoweverAFileWasFound(isWalked: Bool) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "portlint-anew-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let padding = String(repeating: "# " + String(repeating: "x", count: 1022) + "\n", count: 4 << 10)
    for (name, base) in [("compose", "c1"), ("c1", "c2"), ("c2", "")] {
      let extends = base.isEmpty ? "" : ", extends: {file: \(base).yaml, service: s}"
      try Data("services: {s: {image: x\(extends)}}\n\(padding)".utf8).write(to: folder.appending(path: "\(name).yaml"))
    }
    let path = isWalked ? folder.path() : folder.appending(path: "compose.yaml").path()
    let policy = try BuiltIn.policy(rules: BuiltIn.rules())
    let report = Workspace(policy: policy, files: DiskFiles(in: Tree.holding([path])), workers: 1)
      .lint(Discovery.candidates(for: [path], in: Tree.holding([path])))
    #expect(report.diagnostics.compactMap(\.variant).contains("brought-in-size"))
  }

  @Test func whatIsIncludedCountsByItsSize() throws {
    let files = [
      "compose.yaml": "include: [\(Array(repeating: "b.yaml", count: 100).joined(separator: ", "))]\n",
      "b.yaml": "services: {b: {image: a}}\n#" + String(repeating: "x", count: 75 << 10),
    ]
    let report = try report(on: files)
    #expect(
      findings(report) == [
        "compose.yaml:1:507: error: what files and services bring in comes to more than 20000 entries [limit-exceeded]"
      ])
    #expect(!report.isComplete)
  }

  /// A file is laid over the others as often as `COMPOSE_FILE` names it, and counts each time.
  @Test func aFileThatIsLaidOverAgainAndAgainHasAnEnd() throws {
    let services = (0..<1000).map { " s\($0): {image: a, ports: [\($0 + 1)]}\n" }.joined()
    let files = [
      ".env": "COMPOSE_FILE=compose.yaml" + String(repeating: ":o", count: 150),
      "compose.yaml": "services: {a: {image: a}}\n", "o": "services:\n\(services)",
    ]
    let report = try report(on: files, isJudged: false)
    let limits = report.diagnostics.filter { $0.rule == "limit-exceeded" }
    #expect(limits.map(\.variant) == ["brought-in"])
    // There stands what names them.
    #expect(limits.map { "\(report.files[$0.place.file]?.path ?? "") \($0.place.offsets)" } == [".env 13..<325"])
    #expect(!report.isComplete)
    // Of names alone, the services count.
    let names = (0..<400).map { "s\($0): {}" }.joined(separator: ", ")
    let short = try self.report(on: files.merging(["o": "services: {\(names)}\n"]) { $1 }, isJudged: false)
    #expect(short.diagnostics.compactMap(\.variant) == ["brought-in"])
    // So often as people may mean it, it says what it says once.
    let few = try self.report(
      on: files.merging([".env": "COMPOSE_FILE=compose.yaml:o:o:o"]) { $1 })
    #expect(few.isComplete)
    #expect(few.rows.count == 1000)
  }

  /// A service takes far more room than its name.
  @Test func servicesOfOneDocumentHaveALimit() throws {
    let names = (0...100_000).map { "a\($0): {}" }.joined(separator: ", ")
    let report = try report(on: ["compose.yaml": "services: {\(names)}\n"])
    #expect(!report.isComplete)
    #expect(report.diagnostics.map(\.message) == ["the document has more than 100000 services; none of them is read"])
  }

  /// Of the names in `COMPOSE_FILE`, so many are looked for and no more, and that is said once.
  @Test func namesOfFilesHaveALimit() throws {
    func files(naming count: Int) -> [String: String] {
      let names = (1..<count).map { "o\($0)" }.joined(separator: ":")
      var files = [".env": "COMPOSE_FILE=\(names):compose.yaml\n"]
      for name in ["compose.yaml", "docker-compose.1.yml", "docker-compose.2.yml"] {
        files[name] = "services: {\(name == "compose.yaml" ? "a" : "b"): {image: a}}\n"
      }
      return files
    }
    let within = try report(on: files(naming: 1000))
    #expect(within.isComplete)
    #expect(within.diagnostics.count == 999)
    let beyond = try report(on: files(naming: 1002))
    #expect(!beyond.isComplete)
    #expect(beyond.diagnostics.compactMap(\.variant).filter { $0 == "listed-files" }.count == 1)
  }

  /// However many of the files that are named first are not there, all is read anew once.
  @Test func filesThatAreNotThereAreSkippedTogether() throws {
    func reads(skipping count: Int) throws -> Int {
      let names = (0..<count).map { "o\($0):" }.joined()
      let files = CountedFiles([
        ".env": "COMPOSE_FILE=\(names)compose.yaml\n",
        "compose.yaml": "services: {a: {image: a, ports: ['80:80']}, b: {image: b, ports: ['80:80']}}\n",
      ])
      let workspace = Workspace(policy: try BuiltIn.policy(rules: BuiltIn.rules()), files: files, workers: 1)
      let report = workspace.lint([Candidate("compose.yaml", .found)])
      #expect(report.diagnostics.count { $0.rule == "port-conflict" } == 1)
      return files.count(of: "compose.yaml")
    }
    #expect(try reads(skipping: 100) == reads(skipping: 1))
  }

  /// What comes from far is handed on by each file on the way.
  @Test func whatIsHandedOnFarCounts() throws {
    var files = Dictionary(uniqueKeysWithValues: (0..<50).map { ("c\($0).yaml", "include: [c\($0 + 1).yaml]\n") })
    files["compose.yaml"] = "include: [c0.yaml]\n"
    files["c50.yaml"] = "services: {" + (0..<800).map { "s\($0): {image: a}, " }.joined() + "}"
    #expect(try report(on: files).isComplete)
    files["c50.yaml"] = "services: {" + (0..<1800).map { "s\($0): {image: a}, " }.joined() + "}"
    let cut = try report(on: files)
    #expect(cut.diagnostics.map(\.variant) == ["brought-in"])
    #expect(!cut.isComplete)
  }

  /// A base is handed on with all that it extends itself.
  @Test func whatIsExtendedFarCounts() throws {
    let ports = (1...300).map { "\($0)" }.joined(separator: ", ")
    func chain(_ steps: Int) -> [String: String] {
      let services = (0..<steps).map { " s\($0): {extends: s\($0 + 1)}\n" }.joined()
      return ["compose.yaml": "services:\n\(services) s\(steps): {image: a, ports: [\(ports)]}\n"]
    }
    #expect(try report(on: chain(10)).isComplete)
    let cut = try report(on: chain(90))
    #expect(cut.diagnostics.filter { $0.rule == "limit-exceeded" }.map(\.variant) == ["brought-in"])
  }

  /// Each service of a project that extends another calls whom that one calls.
  @Test func callsThatAreExtendedCount() throws {
    func files(_ services: Int) -> [String: String] {
      let variables = (0..<200).map { "E\($0): 'http://db:80'" }.joined(separator: ", ")
      let own = (0..<services).map { " s\($0): {extends: base}\n" }.joined()
      return ["compose.yaml": "services:\n base: {image: a, environment: {\(variables)}}\n\(own)"]
    }
    #expect(try report(on: files(90)).isComplete)
    #expect(try report(on: files(110)).diagnostics.map(\.variant) == ["brought-in"])
  }

  /// What each of many kustomizations builds of a base counts over all of them, and so does going through a long chain.
  @Test func whatKustomizationsBuildTogetherHasAnEnd() throws {
    let object = "apiVersion: v1\nkind: Service\nmetadata: {name: NAME}\nspec: {ports: [{port: 80}]}\n---\n"
    var fan = ["base/kustomization.yaml": "resources: [all.yaml]\n"]
    fan["base/all.yaml"] = (0..<20).map { object.replacing("NAME", with: "s\($0)") }.joined()
    for number in 10..<40 {
      fan["o\(number)/kustomization.yaml"] = "resources: [../base]\nnamePrefix: o\(number)-\n"
    }
    var chain = ["k00/kustomization.yaml": "resources: [one.yaml]\n", "k00/one.yaml": object]
    for number in 1..<40 {
      let before = number < 11 ? "0\(number - 1)" : "\(number - 1)"
      let name = number < 10 ? "0\(number)" : "\(number)"
      chain["k\(name)/kustomization.yaml"] = "resources: [../k\(before)]\nnamePrefix: p-\n"
    }
    for files in [fan, chain] {
      let written = WrittenFiles(files.mapValues { Array($0.utf8) })
      let candidates = files.keys.sorted().map { Candidate($0, .found) }
      var workspace = Workspace(.recommended(), files: written, workers: 1)
      #expect(workspace.lint(candidates).isComplete)
      workspace.mostBuilt = 1000
      let cut = workspace.lint(candidates)
      #expect(!cut.isComplete)
      #expect(Set(cut.diagnostics.filter { $0.rule == "limit-exceeded" }.map(\.variant)) == ["brought-in-together"])
    }
  }

  /// A file that services extend is read anew for each set of variables, which counts; with one set it is read once.
  @Test func whatIsExtendedUnderManyVariablesCounts() throws {
    var files = ["big.yaml": "services: {x: {image: a}}\n#" + String(repeating: "x", count: 200 << 10)]
    for number in 0..<40 {
      files["a\(number).yaml"] = "services: {s\(number): {extends: {file: big.yaml, service: x}}}\n"
      files["e\(number)"] = "A=\(number)\n"
    }
    let alike = (0..<40).map { "a\($0).yaml" }.joined(separator: ", ")
    files["compose.yaml"] = "include: [\(alike)]\n"
    #expect(try report(on: files).isComplete)
    let apart = (0..<40).map { "{path: a\($0).yaml, env_file: e\($0)}" }.joined(separator: ", ")
    files["compose.yaml"] = "include: [\(apart)]\n"
    #expect(try report(on: files).diagnostics.map(\.variant) == ["brought-in"])
  }

  /// Steps that read files again and again count for all projects of a run together.
  @Test func whatProjectsReadAnewTogetherHasAnEnd() throws {
    var files = Dictionary(uniqueKeysWithValues: (0..<20).map { ("c\($0).yaml", "include: [c\($0 + 1).yaml]\n") })
    files["c20.yaml"] = "services: {b: {image: a}}\n"
    for number in 100..<200 {
      files["p\(number)/compose.yaml"] = "include: [../c0.yaml]\nservices: {a: {image: b}}\n"
    }
    let written = WrittenFiles(files.mapValues { Array($0.utf8) })
    var workspace = Workspace(policy: try BuiltIn.policy(rules: BuiltIn.rules()), files: written, workers: 1)
    workspace.mostBroughtIn = 20_000
    let report = workspace.lint(files.keys.sorted().map { Candidate($0, .found) })
    #expect(Set(report.diagnostics.map(\.variant)) == ["brought-in-together"])
    #expect(report.diagnostics.count > 90)
  }

  // MARK: - Claims

  /// A file may claim 65,536 ports, and one more for each 16 bytes.
  @Test(arguments: [
    ("compose.yaml", "services: {a: {image: a, ports: [", 1), ("compose.yaml", "services: {a: {image: a, expose: [", 1),
    ("plain.yaml", "portlint: 1\nservices: [{name: a, protocol: [tcp, udp, sctp], ports: [", 3),
  ])
  func claimsThatTakeNoRoomHaveAnEnd(_ path: String, _ start: String, _ protocols: Int) throws {
    let end = start.contains("{a:") ? "]}}" : "]}]"
    let text = start + String(repeating: "80,", count: 100_000) + end
    let report = try report(on: [path: text], of: path, isJudged: false)
    #expect(report.diagnostics.compactMap(\.variant).filter { $0 == "claims" } == ["claims"])
    #expect(!report.isComplete)
    let most = 65_536 + text.utf8.count / 24
    #expect(report.inventory.bindings.count == most - most % protocols)
    let place = report.diagnostics.first { $0.variant == "claims" }?.place
    #expect(place.map { Int($0.start) } == start.utf8.count + 3 * (most / protocols))
  }

  /// However many hosts, documents or services of a file claim more, it is said once.
  @Test(arguments: [
    ("plain.yaml", "portlint: 1\nhosts: {", "a%: {services: [{name: a, ports: [", "]}]},", "}"),
    ("plain.yaml", "", "---\nportlint: 1\nservices: [{name: a, ports: [", "]}]\n", ""),
    ("compose.yaml", "services: {", "a%: {image: a, ports: [", "]},", "}"),
    ("compose.yaml", "", "---\nservices: {a%: {image: a, expose: [", "]}}\n", ""),
  ])
  func claimsThatTakeNoRoomAreSaidOnce(
    _ path: String, _ start: String, _ before: String, _ behind: String, _ end: String
  ) throws {
    let ports = String(repeating: "80,", count: 30_000)
    let parts = (0..<6).map { before.replacing("%", with: "\($0)") + ports + behind }
    let report = try report(on: [path: start + parts.joined() + end], of: path, isJudged: false)
    #expect(report.diagnostics.compactMap(\.variant).filter { $0 == "claims" } == ["claims"])
  }

  /// Each level of merges hands on all entries of those in it.
  @Test func mergesThatNestAreTakenOverOnce() throws {
    let services = (0..<2000).map { "s\($0): {image: a, ports: ['\($0 + 1):80']}" }.joined(separator: ", ")
    let (start, end) = (String(repeating: "{<<: ", count: 190), String(repeating: "}", count: 190))
    let report = try report(on: ["compose.yaml": "services: \(start){\(services)}\(end)\n"], isJudged: false)
    #expect(report.isComplete)
    #expect(report.inventory.bindings.count == 2000)
  }

  /// Whatever is said of a claim says the name of its owner.
  @Test(arguments: [
    ("compose.yaml", "services: {NAME: {image: a, ports: [", "]}}"),
    ("plain.yaml", "portlint: 1\nservices: [{name: NAME, ports: [", "]}]"),
  ])
  func claimsOfALongNameCountAsSeveral(_ path: String, _ start: String, _ end: String) throws {
    let name = String(repeating: "n", count: 640)
    let text = start.replacing("NAME", with: name) + String(repeating: "80,", count: 20_000) + end
    let report = try report(on: [path: text], of: path)
    #expect(report.diagnostics.compactMap(\.variant).filter { $0 == "claims" } == ["claims"])
    // What is said of the name is cut to 515 characters.
    #expect(report.inventory.bindings.count == (65_536 + text.utf8.count / 24) / (1 + 515 / 64))
    let json = write(report, as: .json, options: ReportOptions(version: "0"))
    #expect(json.utf8.count <= 20 * report.bytesRead)
  }

  /// The inventory says a file's path with each claim, and that of its project beside it.
  @Test(arguments: [(256, false), (320, true), (3000, true)])
  func claimsInAFileOfALongPathCountAsSeveral(_ length: Int, _ isLong: Bool) throws {
    let path = String(repeating: "d/", count: (length - 12) / 2) + "compose.yaml"
    let text = "services: {a: {image: a, ports: [\(String(repeating: "80,", count: 40_000))]}}"
    let report = try report(on: [path: text], of: path, isJudged: false)
    #expect(report.isComplete != isLong)
    let most = (65_536 + text.utf8.count / 24) / (1 + (1 + path.utf8.count - 256) / 64)
    #expect(report.inventory.bindings.count == (isLong ? most : 40_000))
  }

  @Test func claimsOfManyFilesHaveAnEnd() throws {
    let text = "services: {a: {image: a, ports: [" + String(repeating: "80,", count: 1000) + "]}}"
    let files = Dictionary(uniqueKeysWithValues: (100..<110).map { ("p\($0)/compose.yaml", Array(text.utf8)) })
    var workspace = Workspace(
      policy: try BuiltIn.policy(rules: BuiltIn.rules()), files: WrittenFiles(files), workers: 1)
    let candidates = files.keys.sorted().map { Candidate($0, .found) }
    #expect(workspace.lint(candidates).isComplete)
    workspace.mostDenseClaims = 4 * (1000 - text.utf8.count / 24) - 1
    let report = workspace.lint(candidates)
    #expect(report.diagnostics.map(\.variant) == Array(repeating: "claims-together", count: 6))
    #expect(report.inventory.bindings.count == 4000)
  }

  /// Of very many mistakes, no more are gathered than are kept.
  @Test(arguments: [
    ("compose.yaml", "services: {a: {image: a, ports: [", "[],", "]}}"),
    ("compose.yaml", "services: {a: {image: a, expose: [", "a,", "]}}"),
    ("plain.yaml", "portlint: 1\nservices: [{name: a, ports: [", "[],", "]}]"),
    ("k.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [", "[],", "]}"),
  ])
  func ofManyWrongEntriesTheFirstAreNamed(_ path: String, _ start: String, _ entry: String, _ end: String) throws {
    let report = try report(on: [path: start + String(repeating: entry, count: 20_000) + end], of: path)
    #expect(report.inventory.problems.count == 10_001)
    #expect(report.diagnostics.compactMap(\.variant).contains("problems"))
  }

  /// A file of variables is read once for all includes that name it, and anew where others lie over it.
  @Test func filesOfVariablesAreReadForEachSetOfVariables() throws {
    let large = "#" + String(repeating: "x", count: 250 << 10)
    let include = "{path: b.yaml, env_file: e}"
    var files = [
      "compose.yaml": "include: [\(Array(repeating: include, count: 30).joined(separator: ", "))]\n",
      "b.yaml": "services: {b: {image: a}}\n", "e": large,
    ]
    #expect(try report(on: files).isComplete)
    let includes = (0..<30).map { "{path: c\($0).yaml, env_file: e\($0)}" }.joined(separator: ", ")
    files["compose.yaml"] = "include: [\(includes)]\n"
    for number in 0..<30 {
      files["c\(number).yaml"] = "include: [\(include)]\n"
      files["e\(number)"] = "A=\(number)\n"
    }
    #expect(findings(try report(on: files)).count { $0.hasSuffix("entries [limit-exceeded]") } == 1)
  }

  @Test func stepsThatReadAllAnewHaveAnEnd() throws {
    let filler = "#" + String(repeating: "x", count: 4 << 20)
    var files = Dictionary(uniqueKeysWithValues: (0..<90).map { ("c\($0).yaml", "include: [c\($0 + 1).yaml]\n") })
    files["compose.yaml"] = "include: [c0.yaml]\n" + filler
    files["c90.yaml"] = "services: {a: {image: a}}\n"
    let report = try report(on: files)
    #expect(
      findings(report)
        == [
          "compose.yaml:1:1: error: what the file brings in, step by step, comes to more than 16 MiB [limit-exceeded]"
        ])
    #expect(!report.isComplete)
  }

  @Test func largeFilesOfVariablesAreSaid() throws {
    let files = [
      "compose.yaml": "services: {a: {image: a, ports: ['$A:80']}}\n",
      ".env": "A=1\n" + String(repeating: "#\n", count: 1 << 19),
    ]
    let report = try report(on: files)
    #expect(
      findings(report)
        == [".env:1:1: error: the file's variables come to more than 1 MiB [limit-exceeded]"])
    #expect(!report.isComplete)
  }

  /// A port, or a file, that a variable says at greater length than is read is not taken for one that nobody knows.
  @Test(arguments: [
    ("services: {a: {image: a, ports: ['$L:80']}}", "compose.yaml:1:35"),
    ("services: {a: {image: a, ports: ['$F$F$F$F$F:80']}}", "compose.yaml:1:35"),
    ("services: {a: {image: a, ports: ['$BEHIND:80']}}", "compose.yaml:1:35"),
    ("services: {a: {image: a, ports: ['${X:-$LAST}:80']}}", "compose.yaml:1:35"),
    ("services: {a: {image: a, ports: [{target: 80, published: $L}]}}", "compose.yaml:1:58"),
    ("services: {a: {image: a, expose: [$L]}}", "compose.yaml:1:35"),
    ("services: {a: {image: a, network_mode: $L}}", "compose.yaml:1:40"),
    ("services: {a: {extends: {file: $L, service: a}}}", "compose.yaml:1:32"),
    ("include: [$L]", "compose.yaml:1:11"),
  ])
  func longValuesOfVariablesAreSaid(_ text: String, _ place: String) throws {
    let report = try report(on: ["compose.yaml": text + "\n", ".env": longVariables])
    #expect(
      findings(report).first
        == "\(place): error: variables put more than 4 KiB into this text; what it says is not read [limit-exceeded]")
    #expect(!report.isComplete)
  }

  @Test func aLongListOfFilesIsSaid() throws {
    let report = try report(on: [
      "compose.yaml": "services: {a: {image: a}}\n", ".env": longVariables + "COMPOSE_FILE=compose.yaml:$L\n",
    ])
    #expect(findings(report).first?.hasSuffix("what it says is not read [limit-exceeded]") == true)
    #expect(!report.isComplete)
  }

  /// What says no claim may be long: a certificate that a container gets, or who may log in.
  @Test(arguments: [
    "environment: {CERTIFICATE: $L}", "environment: ['CERTIFICATE=$BEHIND']", "labels: {users: $L}",
    "labels: ['users=$L']", "command: $L",
  ])
  func longValuesMayStandElsewhere(_ key: String) throws {
    let files = ["compose.yaml": "services: {a: {image: a, \(key), ports: ['80:80']}}\n", ".env": longVariables]
    #expect(try report(on: files).isComplete)
  }

  /// Values that together, or alone, come to more than is read.
  private var longVariables: String {
    "F=\(String(repeating: "1", count: 1000))\nL=\(String(repeating: "1", count: 5000))\nBEHIND=$L\nLAST=$BEHIND\n"
  }

  // MARK: - What is said again and again

  @Test(arguments: [8, 9])
  func aServiceThatIsSaidAgainAndAgainIsMergedInPlace(_ others: Int) throws {
    let names = (0..<others).map { "s\($0): {image: a}, " }.joined()
    let ports = (0..<20_000).map { "s0: {ports: ['\($0 + 1):80']}, " }.joined()
    let report = try report(on: ["compose.yaml": "services: {\(names)\(ports)}"], isJudged: false)
    #expect(report.inventory.bindings.count == 20_000)
  }

  @Test(arguments: [
    ("services: [", "1,", 2_650_000, "1:5242886: error: the document's nodes and tags take more than 80 MiB"),
    ("", "---\n", 1_000_001, "1000001:1: error: the file has more than 1000000 documents"),
  ])
  func aFileHasAnEnd(_ start: String, _ part: String, _ count: Int, _ limit: String) throws {
    let end = start.isEmpty ? "" : "]"
    let report = try report(on: ["compose.yaml": start + String(repeating: part, count: count) + end])
    #expect(findings(report) == ["compose.yaml:\(limit) [limit-exceeded]"])
    #expect(!report.isComplete)
  }

  @Test func documentsOfAProjectHaveAnEnd() throws {
    let document = "---\nservices: {a: {image: b}}\n"
    let report = try report(on: ["compose.yaml": String(repeating: document, count: 10_001)])
    #expect(
      findings(report)
        == ["compose.yaml:20002:1: error: the file has more than 10000 documents [limit-exceeded]"])
    #expect(!report.isComplete)
  }

  @Test func ofManyMistakesTheFirstAreNamed() throws {
    let services = String(repeating: "a: {image: b}\n  ", count: 10_002)
    let report = try report(on: ["compose.yaml": "services:\n  \(services)"])
    #expect(report.diagnostics.count { $0.rule == "duplicate-key" } == 10_000)
    #expect(
      findings(report).last
        == "compose.yaml:10003:3: error: more than 10000 things are wrong with the file; no further ones are named "
        + "[limit-exceeded]")
    #expect(!report.isComplete)
  }

  @Test(arguments: ["\n", "\r"])
  func ofManySuppressionsTheFirstCount(_ end: String) throws {
    let comments = String(repeating: "# portlint: ignore port-conflict\(end)", count: 20_000)
    let report = try report(on: ["compose.yaml": "services:\(end)  a: {image: b}\(end)\(comments)"])
    #expect(
      findings(report).contains {
        $0.hasSuffix("error: more than 10000 rules are silenced in the file; from here on none is [limit-exceeded]")
      })
    #expect(!report.isComplete)
  }

  @Test func aLongListInJSONIsWhole() throws {
    let comments = ["", " # portlint: ignore port-conflict"]
    let services = (0..<2100).map { "  s\($0): {image: a, ports: ['80:80']}\(comments[$0 % 2])\n" }.joined()
    let report = try report(on: ["compose.yaml": "services:\n\(services)"])
    var options = ReportOptions(version: "0")
    options.showsSuppressed = true
    let findings = try JSONDecoder().decode(Lists.self, from: Data(write(report, as: .json, options: options).utf8))
    #expect(findings.diagnostics?.map(\.location.start.line) == report.diagnostics.indices.map { 2 * $0 + 4 })
    #expect(findings.suppressed?.map(\.diagnostic.location.start.line) == report.suppressed.indices.map { 2 * $0 + 3 })
    #expect(report.diagnostics.count == 1049)
    #expect(report.suppressed.count == 1050)
    var inventory = ""
    writeInventory(report, as: .json, options: options, to: &inventory)
    let ports = try JSONDecoder().decode(Lists.self, from: Data(inventory.utf8)).ports
    #expect(ports?.map(\.location.start.line) == Array(2...2101))
  }

  private struct Lists: Decodable {
    struct Item: Decodable { var location: Location }
    struct Suppressed: Decodable { var diagnostic: Item }
    struct Location: Decodable { var start: Position }
    struct Position: Decodable { var line: Int }
    var diagnostics: [Item]?
    var suppressed: [Suppressed]?
    var ports: [Item]?
  }
}
