import ManifestFormats
import PortModel
import Testing
import Workspace

/// Each file of a run is opened once and parsed once, whatever lies beside it, includes it, or turns up late.
@Suite struct ReadOnceTests {
  struct Row: CustomTestStringConvertible {
    let testDescription: String
    let files: [String: String]
    /// The files that were asked for; what else is there lies beside them.
    let asked: [String]
    var origin = Candidate.Origin.found
    /// What is read, of which the environment files are no YAML.
    let read: [String]
    var ports: Int
    /// How many files are parsed once more, for what is built of them.
    var parsedAgain = 0
  }

  private static let web = "services: {web: {image: a, ports: ['${PORT:-80}:80']}}\n"
  private static let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: a}]}\n"

  static let rows = [
    Row(
      testDescription: "variables and an override",
      files: [
        "compose.yaml": web, ".env": "PORT=8080\n",
        "compose.override.yaml": "services: {web: {ports: ['81:81']}}\n",
      ],
      asked: ["compose.override.yaml", "compose.yaml"], read: [".env", "compose.override.yaml", "compose.yaml"],
      ports: 2),
    Row(
      testDescription: "a file of no name of Compose's with variables",
      files: ["stack.yaml": web, ".env": "PORT=8080\n"], asked: ["stack.yaml"], read: [".env", "stack.yaml"], ports: 1),
    Row(
      testDescription: "an include and a base among the files",
      files: [
        "compose.yaml": "include: [db.yaml]\nservices: {web: {extends: {file: base.yaml, service: web}}}\n",
        "db.yaml": "services: {db: {image: b, ports: ['5432:5432']}}\n", "base.yaml": web,
      ],
      asked: ["base.yaml", "compose.yaml", "db.yaml"], read: ["base.yaml", "compose.yaml", "db.yaml"], ports: 2),
    Row(
      testDescription: "an include from elsewhere beside files that have nothing to do with it",
      files: [
        "a/compose.yaml": web, "a/pod.yaml": pod, "b/compose.yaml": "include: [../shared/db.yaml]\n\(web)",
        "shared/db.yaml": "services: {db: {image: b, ports: ['5432:5432']}}\n", "shared/.env": "A=1\n",
      ],
      asked: ["a/compose.yaml", "a/pod.yaml", "b/compose.yaml"],
      read: ["a/compose.yaml", "a/pod.yaml", "b/compose.yaml", "shared/.env", "shared/db.yaml"], ports: 3),
    Row(
      testDescription: "one file that two projects include from elsewhere",
      files: [
        "a/compose.yaml": "include: [../x.yaml]\n", "b/compose.yaml": "include: [../x.yaml]\n", "x.yaml": web,
      ],
      asked: ["a/compose.yaml", "b/compose.yaml"], read: ["a/compose.yaml", "b/compose.yaml", "x.yaml"], ports: 1),
    Row(
      testDescription: "a main file that is there and leads nothing",
      files: ["compose.yaml": "", "compose.override.yaml": web], asked: ["compose.override.yaml"],
      read: ["compose.override.yaml", "compose.yaml"], ports: 1),
    Row(
      testDescription: "a kustomization and what it patches",
      files: [
        "kustomization.yaml":
          "kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1\npatches: [{path: p.yaml}]\n",
        "p.yaml": pod, "q.yaml": pod,
      ],
      asked: ["kustomization.yaml", "p.yaml", "q.yaml"], read: ["kustomization.yaml", "p.yaml", "q.yaml"], ports: 0,
      parsedAgain: 1),
    Row(
      testDescription: "Compose and Kubernetes in one stream",
      files: ["all.yaml": "\(pod)---\n\(web)", ".env": "PORT=8080\n"], asked: ["all.yaml"], read: [".env", "all.yaml"],
      ports: 1),
  ]

  @Test(arguments: rows)
  func everyFileIsReadOnce(_ row: Row) throws {
    let files = CountedFiles(row.files)
    let workspace = Workspace(policy: try BuiltIn.policy(rules: BuiltIn.rules()), files: files, workers: 1)
    let cache = ReadingCache()
    let report = workspace.lint(row.asked.map { Candidate($0, row.origin) }, sharing: cache)
    #expect(report.isComplete)
    #expect(report.rows.count == row.ports)
    #expect(files.counts == Dictionary(uniqueKeysWithValues: row.read.map { ($0, 1) }))
    #expect(cache.parses == row.read.count { !$0.hasSuffix(".env") } + row.parsedAgain)
  }

  /// Of a named manifest, the neighbours are read once too, though it turns up late what it includes.
  @Test func theNeighboursOfANamedFileAreReadOnce() throws {
    let files = CountedFiles([
      "k/a.yaml": "\(Self.pod)---\n\(Self.web)---\nservices: {w: {extends: {file: ../x.yaml, service: web}}}\n",
      "k/b.yaml": Self.pod, "x.yaml": Self.web,
    ])
    let workspace = Workspace(policy: try BuiltIn.policy(rules: BuiltIn.rules()), files: files, workers: 1)
    let cache = ReadingCache()
    let report = workspace.lint([Candidate("k/a.yaml", .named), Candidate("k/b.yaml", .context)], sharing: cache)
    #expect(report.isComplete)
    #expect(files.counts == ["k/a.yaml": 1, "k/b.yaml": 1, "x.yaml": 1])
    #expect(cache.parses == 3)
  }

  /// What turns up late takes its place in the order of the paths: a finding falls on the later file.
  @Test(arguments: [("a.yaml", "z/compose.yaml"), ("zz.yaml", "zz.yaml")])
  func whatTurnsUpLateHasItsPlaceInTheOrder(_ included: String, _ later: String) throws {
    let files = CountedFiles([
      "z/compose.yaml": "include: [../\(included)]\nservices: {web: {image: a, ports: ['80:80']}}\n",
      included: "services: {db: {image: b, ports: ['80:81']}}\n",
    ])
    let workspace = Workspace(policy: try BuiltIn.policy(rules: BuiltIn.rules()), files: files, workers: 1)
    let report = workspace.lint([Candidate("z/compose.yaml", .found)])
    let conflicts = report.diagnostics.filter { $0.rule == "port-conflict" }
    #expect(conflicts.map { report.files[$0.place.file]?.path } == [later])
  }
}
