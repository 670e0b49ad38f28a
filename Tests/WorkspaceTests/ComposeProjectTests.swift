import PolicyEngine
import PortModel
import Testing
import Workspace

/// What Compose makes of several files, several documents and repeated entries: the rows that are left.
@Suite struct ComposeProjectTests {
  struct Case: CustomTestStringConvertible {
    var name: String
    var files: [String: String]
    /// `path:line service address published target/protocol`
    var rows: [String]

    var testDescription: String { name }
  }

  static let cases = [
    Case(
      name: "unicity of short entries (compose-go override/uncity_test.go)",
      files: [
        "compose.yaml": """
        services:
          a:
            image: a
            ports: ["9080:80", "9081:81", "9080:80", "5000", "6060:6060/udp", "9080:6060/udp"]
        """
      ],
      rows: [
        "compose.yaml:4 a * 9081 81/tcp", "compose.yaml:4 a * 9080 80/tcp", "compose.yaml:4 a * - 5000/tcp",
        "compose.yaml:4 a * 6060 6060/udp", "compose.yaml:4 a * 9080 6060/udp",
      ]),
    Case(
      name: "unicity of long entries",
      files: [
        "compose.yaml": """
        services:
          a:
            image: a
            ports:
              - {target: 80, host_ip: 127.0.0.1, published: "8080"}
              - {target: 81, published: "8080"}
              - {target: 80, host_ip: 127.0.0.2, published: "8080"}
              - {target: 81, published: "8080"}
        """
      ],
      rows: [
        "compose.yaml:5 a 127.0.0.1 8080 80/tcp", "compose.yaml:7 a 127.0.0.2 8080 80/tcp",
        "compose.yaml:8 a * 8080 81/tcp",
      ]),
    Case(
      name: "an entry within another's range counts once",
      files: [
        "compose.yaml": "services: {a: {image: a, ports: ['8001:8001', '8000-8002:8000-8002', '8002:8002']}}"
      ],
      rows: ["compose.yaml:1 a * 8000-8002 8000-8002/tcp"]),
    Case(
      name: "an override adds",
      files: [
        "compose.yaml": "services: {a: {image: a, ports: ['8080:80']}}",
        "compose.override.yaml": "services: {a: {ports: ['8443:443']}, b: {image: b, ports: ['9000:90']}}",
      ],
      rows: [
        "compose.override.yaml:1 a * 8443 443/tcp", "compose.override.yaml:1 b * 9000 90/tcp",
        "compose.yaml:1 a * 8080 80/tcp",
      ]),
    Case(
      name: "!override replaces",
      files: [
        "compose.yaml": "services: {a: {image: a, ports: ['8080:80']}}",
        "compose.override.yml": "services: {a: {ports: !override ['8443:443']}}",
      ],
      rows: ["compose.override.yml:1 a * 8443 443/tcp"]),
    Case(
      name: "!reset removes",
      files: [
        "compose.yaml": "services: {a: {image: a, ports: ['8080:80']}}",
        "compose.override.yml": "services: {a: {ports: !reset []}}",
      ],
      rows: []),
    Case(
      name: "!reset removes a service",
      files: [
        "compose.yaml": "services: {a: {image: a, ports: ['8080:80']}, b: {image: b, ports: ['8081:80']}}",
        "compose.override.yml": "services: {a: !reset null}",
      ],
      rows: ["compose.yaml:1 b * 8081 80/tcp"]),
    Case(
      name: "the same entry in both files is one",
      files: [
        "compose.yaml": "services: {a: {image: a, ports: ['8080:80']}}",
        "compose.override.yaml": "services: {a: {ports: ['8080:80']}}",
      ],
      rows: ["compose.override.yaml:1 a * 8080 80/tcp"]),
    Case(
      name: "documents of one file are merged",
      files: [
        "compose.yaml": """
        services: {a: {image: a, ports: ['8080:80']}}
        ---
        services: {a: {image: a, ports: ['8081:81']}}
        """
      ],
      rows: ["compose.yaml:1 a * 8080 80/tcp", "compose.yaml:3 a * 8081 81/tcp"]),
    Case(
      name: "COMPOSE_FILE names the project's files",
      files: [
        ".env": "COMPOSE_FILE=base.yml:prod.yml",
        "base.yml": "services: {a: {image: a, ports: ['8080:80']}}",
        "prod.yml": "services: {a: {image: a, ports: !override ['80:80']}}",
      ],
      rows: ["prod.yml:1 a * 80 80/tcp"]),
    Case(
      name: "other Compose files of the folder are projects of their own",
      files: [
        "compose.yaml": "services: {a: {image: a, ports: ['8080:80']}}",
        "compose.prod.yaml": "services: {a: {image: a, ports: ['8080:80']}}",
      ],
      rows: ["compose.prod.yaml:1 a * 8080 80/tcp", "compose.yaml:1 a * 8080 80/tcp"]),
    Case(
      name: "extends brings the base's ports, its own come after",
      files: [
        "compose.yaml": """
        services:
          a:
            extends: {service: base, file: common/base.yaml}
            ports: ['8081:81', '8080:8080']
        """,
        "common/base.yaml": "services: {base: {image: b, ports: ['8080:8080']}}",
      ],
      rows: [
        "common/base.yaml:1 base * 8080 8080/tcp", "compose.yaml:4 a * 8081 81/tcp",
        "compose.yaml:4 a * 8080 8080/tcp",
      ]),
    Case(
      name: "include brings services, with the variables of their own folder",
      files: [
        "compose.yaml": """
        include: [db/compose.yaml]
        services: {a: {image: a}}
        """,
        "db/compose.yaml": "services: {db: {image: d, ports: ['${PORT}:5432']}}",
        "db/.env": "PORT=15432",
      ],
      rows: ["db/compose.yaml:1 db * 15432 5432/tcp"]),
  ]

  private func report(_ files: [String: String], rules: [Rule]) throws -> Report {
    let policy = try BuiltIn.policy(rules: rules)
    let source = WrittenFiles(files.mapValues { Array($0.utf8) })
    let paths = files.keys.filter { !$0.hasSuffix(".env") }.sorted()
    return Workspace(policy: policy, files: source, workers: 1).lint(paths.map { Candidate($0, .found) })
  }

  @Test(arguments: cases)
  func rowsAreThoseOfTheMergedProject(_ test: Case) throws {
    let report = try report(test.files, rules: BuiltIn.rules())
    let rows = report.rows.map { number in
      let binding = report.inventory.bindings[number]
      let file = report.files[binding.place.file]
      let line = (file?.bytes[..<Int(binding.place.start)].count { $0 == 0x0A } ?? 0) + 1
      var address = "*"
      if case .literal(let text, _) = binding.address { address = text }
      let target = "\(binding.target?.ports?.description ?? "-")/\(binding.transport?.name ?? "-")"
      let owner = report.inventory[binding.owner].name ?? "-"
      return "\(file?.path ?? "?"):\(line) \(owner) \(address) \(binding.fixedPorts?.description ?? "-") \(target)"
    }
    #expect(rows == test.rows)
  }

  @Test func aConflictWithTheOverrideIsOneOfTheProject() throws {
    let files = [
      "compose.yaml": "services: {a: {image: a, ports: ['8080:80']}}",
      "compose.override.yaml": "services: {b: {image: b, ports: ['8080:80']}}",
      "compose.test.yaml": "services: {c: {image: c, ports: ['8080:80']}}",
    ]
    let report = try report(files, rules: BuiltIn.rules())
    #expect(report.diagnostics.map(\.message) == ["'a' publishes 8080/tcp on every address, and so does 'b'"])
  }

  @Test func anIncludedClaimSaysHowItCameIn() throws {
    let files = [
      "compose.yaml": "include: [db.yaml]\nservices: {a: {image: a, ports: ['8080:80']}}",
      "db.yaml": "services: {db: {image: d, ports: ['8080:80']}}",
    ]
    let report = try report(files, rules: BuiltIn.rules())
    #expect(report.diagnostics.map(\.message) == ["'db' publishes 8080/tcp on every address, and so does 'a'"])
    #expect(report.diagnostics.first?.related.map(\.message) == ["'a' publishes 8080/tcp here", "included here"])
  }
}
