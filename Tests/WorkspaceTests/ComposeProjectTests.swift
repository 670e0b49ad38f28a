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
      name: "an entry within another's range says the address",
      files: [
        "compose.yaml": "services: {a: {image: a, ports: ['8000-8002:8000-8002', '0.0.0.0:8001:8001']}}"
      ],
      rows: [
        "compose.yaml:1 a * 8000 8000/tcp", "compose.yaml:1 a * 8002 8002/tcp",
        "compose.yaml:1 a 0.0.0.0 8001 8001/tcp",
      ]),
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
      name: "!reset takes out what stands before it, and not what comes after",
      files: [
        "compose.yaml": "services: {a: {image: a, ports: ['1:1']}, b: {image: b, ports: ['2:2']}}\n---\n"
          + "services: {a: !reset null, c: {image: c, ports: ['3:3']}}\n---\nservices: {a: {image: a, ports: ['4:4']}}"
      ],
      rows: ["compose.yaml:1 b * 2 2/tcp", "compose.yaml:3 c * 3 3/tcp", "compose.yaml:5 a * 4 4/tcp"]),
    Case(
      name: "!reset of one service among many leaves the others theirs",
      files: [
        "compose.yaml": "services: {\((1...9).map { "s\($0): {image: a}" }.joined(separator: ", "))}\n---\n"
          + "services: {s1: {image: b}}\n---\nservices: {s2: !reset null, t: {image: t}, s9: {ports: ['8080:80']}}"
      ],
      rows: ["compose.yaml:5 s9 * 8080 80/tcp"]),
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
    Case(
      name: "what is included is read with the project's variables, and not by itself",
      files: [
        ".env": "PORT=15432",
        "compose.yaml": "include: [{path: [a/db.yaml, a/more.yaml]}]",
        "a/db.yaml": "services: {db: {image: d, ports: ['${PORT}:5432', '80:80']}}",
        "a/more.yaml": "services: {db: {ports: !override ['${PORT:-1}:5432']}}",
      ],
      rows: ["a/more.yaml:1 db * 15432 5432/tcp"]),
    Case(
      name: "what overrides an included file is no part of the project, but is there",
      files: [
        "compose.yaml": "include: [db/compose.yaml]",
        "db/compose.yaml": "services: {db: {image: d, ports: ['80:80']}}",
        "db/compose.override.yaml": "services: {db: {ports: ['81:81']}}",
      ],
      rows: ["db/compose.override.yaml:1 db * 81 81/tcp", "db/compose.yaml:1 db * 80 80/tcp"]),
    Case(
      name: "one scalar says the port of several entries",
      files: [
        "compose.yaml": """
        services:
          a:
            image: a
            ports:
              - &p {target: 80, published: 8080}
              - {<<: *p, target: 81}
              - {<<: *p, host_ip: 127.0.0.1}
        """
      ],
      rows: [
        "compose.yaml:5 a * 8080 80/tcp", "compose.yaml:5 a * 8080 81/tcp", "compose.yaml:5 a 127.0.0.1 8080 80/tcp",
      ]),
    Case(
      name: "include takes several files, a folder and variables; the later file of variables counts, the outer more",
      files: [
        ".env": "OUTER=7001",
        "compose.yaml": """
        include:
          - path: [db/compose.yaml, db/ports.yaml]
            project_directory: db
            env_file: [first.env, second.env]
        """,
        "db/compose.yaml": "services: {db: {extends: {service: base, file: base.yaml}}}",
        "db/ports.yaml": "services: {db: {image: d, ports: ['${OUTER}:1', '${TWICE}:2', '${FROM}:3']}}",
        "db/base.yaml": "services: {base: {image: d, ports: ['7004:4']}}",
        "db/.env": "TWICE=1",
        "first.env": "OUTER=1\nTWICE=1\nMORE=70",
        "second.env": "TWICE=7002\nFROM=${MORE}03\n",
      ],
      rows: [
        "db/base.yaml:1 db * 7004 4/tcp", "db/base.yaml:1 base * 7004 4/tcp", "db/ports.yaml:1 db * 7001 1/tcp",
        "db/ports.yaml:1 db * 7002 2/tcp", "db/ports.yaml:1 db * 7003 3/tcp",
      ]),
    Case(
      name: "paths of an included file count from the project's folder that the include names",
      files: [
        "compose.yaml": "include: [{path: parts/db/compose.yaml, project_directory: parts}]",
        "parts/db/compose.yaml": """
        include: [cache.yaml]
        services: {db: {extends: {service: base, file: common/base.yaml}}}
        """,
        "parts/cache.yaml": "services: {cache: {image: c, ports: ['7001:1']}}",
        "parts/common/base.yaml": "services: {base: {extends: {service: root, file: root.yaml}}}",
        "parts/common/root.yaml": "services: {root: {image: d, ports: ['7002:2']}}",
      ],
      rows: [
        "parts/cache.yaml:1 cache * 7001 1/tcp", "parts/common/root.yaml:1 db * 7002 2/tcp",
        "parts/common/root.yaml:1 base * 7002 2/tcp", "parts/common/root.yaml:1 root * 7002 2/tcp",
      ]),
    Case(
      name: "a service may extend an included one, and be one with it",
      files: [
        "compose.yaml": """
        include: [db.yaml]
        services:
          a: {extends: db}
          db: {ports: ['7002:2']}
        """,
        "db.yaml": "services: {db: {image: d, ports: ['7001:1']}}",
      ],
      rows: [
        "compose.yaml:4 db * 7002 2/tcp", "compose.yaml:4 a * 7002 2/tcp", "db.yaml:1 db * 7001 1/tcp",
        "db.yaml:1 a * 7001 1/tcp",
      ]),
    Case(
      name: "a file that two includes bring in is there once",
      files: [
        "compose.yaml": "include: [a.yaml, b.yaml]",
        "a.yaml": "include: [base.yaml]\nservices: {a: {image: a, ports: ['7001:1']}}",
        "b.yaml": "include: [base.yaml]\nservices: {b: {image: b, ports: ['7002:2']}}",
        "base.yaml": "services: {base: {image: c, ports: ['7003:3']}}",
      ],
      rows: ["a.yaml:2 a * 7001 1/tcp", "b.yaml:2 b * 7002 2/tcp", "base.yaml:1 base * 7003 3/tcp"]),
    Case(
      name: "paths of an override count from the first file's folder",
      files: [
        ".env": "COMPOSE_FILE=compose.yaml:prod/compose.yaml",
        "compose.yaml": "services: {a: {image: a}}",
        "prod/compose.yaml": "services: {a: {extends: {service: b, file: common.yaml}}}",
        "common.yaml": "services: {b: {image: b, ports: ['7001:1']}}",
      ],
      rows: ["common.yaml:1 b * 7001 1/tcp", "common.yaml:1 a * 7001 1/tcp"]),
    Case(
      name: "an entry of the extending service takes the place of its base's; !override and !reset clear it",
      files: [
        "compose.yaml": """
        services:
          base: {image: b, ports: ['7001:1', '7002:2']}
          a: {extends: base, ports: ['7002:2']}
          b: {extends: {service: base}, ports: !override ['7003:3']}
          c: {extends: base, ports: !reset []}
          d: {extends: a, ports: ['7004:4']}
        """
      ],
      rows: [
        "compose.yaml:2 base * 7001 1/tcp", "compose.yaml:2 a * 7001 1/tcp", "compose.yaml:2 d * 7001 1/tcp",
        "compose.yaml:2 base * 7002 2/tcp", "compose.yaml:3 a * 7002 2/tcp", "compose.yaml:3 d * 7002 2/tcp",
        "compose.yaml:4 b * 7003 3/tcp", "compose.yaml:6 d * 7004 4/tcp",
      ]),
    Case(
      name: "merges: own keys win, then the first of a list; aliases of lists and entries",
      files: [
        "compose.yaml": """
        x-a: &a {image: a, ports: &ports ['7001:1']}
        x-b: &b {image: b, ports: ['7002:2'], profiles: [b]}
        services:
          a: {<<: *a}
          b: {<<: [*b, *a]}
          c: {<<: [*a, *b], ports: ['7003:3']}
          d: {image: d, ports: *ports}
          e: {image: e, ports: [&entry '7004:4', {target: 5, published: 7005}]}
          f: {image: f, ports: [*entry]}
        """
      ],
      rows: [
        "compose.yaml:1 a * 7001 1/tcp", "compose.yaml:1 d * 7001 1/tcp", "compose.yaml:2 b * 7002 2/tcp",
        "compose.yaml:6 c * 7003 3/tcp", "compose.yaml:8 e * 7004 4/tcp", "compose.yaml:8 f * 7004 4/tcp",
        "compose.yaml:8 e * 7005 5/tcp",
      ]),
    Case(
      name: "what no image is said of is a service too; what is no service says nothing",
      files: [
        "compose.yaml": """
        models: {llm: {model: ai/llm}}
        services:
          a: {ports: ['7001:1'], models: [llm]}
          b: {provider: {type: aws}, ports: ['7002:2']}
        x-c: {image: c, ports: ['7003:3']}
        """,
        "empty/compose.yaml": "services: {}",
        "first/compose.yaml": "web: {image: w, ports: ['7004:4']}",
      ],
      rows: ["compose.yaml:3 a * 7001 1/tcp", "compose.yaml:4 b * 7002 2/tcp"]),
    Case(
      name: "what a base overrides, it does not override for who extends it",
      files: [
        "compose.yaml": "services: {a: {image: a, ports: ['7001:1']}, b: {image: b, ports: ['7002:2']}}",
        "compose.override.yaml": """
        services:
          a: {ports: !override ['7003:3']}
          b: {extends: a}
        """,
      ],
      rows: [
        "compose.override.yaml:2 a * 7003 3/tcp", "compose.override.yaml:2 b * 7003 3/tcp",
        "compose.yaml:1 b * 7002 2/tcp",
      ]),
    Case(
      name: "a service extends one of its own document",
      files: [
        "compose.yaml": """
        services: {a: {image: a, ports: ['7001:1']}}
        ---
        services: {a: {ports: ['7002:2']}, b: {extends: a}}
        """
      ],
      rows: [
        "compose.yaml:1 a * 7001 1/tcp", "compose.yaml:3 a * 7002 2/tcp", "compose.yaml:3 b * 7002 2/tcp",
      ]),
    Case(
      name: "a file that names itself means all its documents",
      files: [
        "compose.yaml": """
        services: {a: {image: a, ports: ['8080:80']}}
        ---
        services: {b: {extends: {file: compose.yaml, service: a}}}
        """
      ],
      rows: ["compose.yaml:1 a * 8080 80/tcp", "compose.yaml:1 b * 8080 80/tcp"]),
    Case(
      name: "!override replaces all services",
      files: [
        "compose.yaml": "services: {a: {image: a, ports: ['7001:1']}, b: {image: b, ports: ['7002:2']}}",
        "compose.override.yaml": "services: !override {b: {image: b, ports: ['7003:3']}}",
      ],
      rows: ["compose.override.yaml:1 b * 7003 3/tcp"]),
    Case(
      name: "!override replaces a service",
      files: [
        "compose.yaml": "services: {a: {image: a, network_mode: host, ports: ['7001:1']}}",
        "compose.override.yaml": "services: {a: !override {image: a, ports: ['7002:2']}}",
      ],
      rows: ["compose.override.yaml:1 a * 7002 2/tcp"]),
    Case(
      name: "an override's bare key leaves the list alone",
      files: [
        "compose.yaml": "services: {a: {image: a, ports: ['7001:1']}}",
        "compose.override.yaml": "services: {a: {ports: }}",
      ],
      rows: ["compose.yaml:1 a * 7001 1/tcp"]),
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

  /// What an override takes back no longer counts; profiles of both files do.
  @Test(arguments: [
    ("network_mode: host", "network_mode: !reset null", []),
    ("network_mode: host", "network_mode: bridge", []),
    ("network_mode: host", "user: root", ["ignored-port"]),
    ("deploy: {replicas: 2}", "deploy: !reset {}", []),
    ("deploy: {replicas: 2}", "deploy: !override {mode: replicated}", []),
    ("deploy: {replicas: 2}", "deploy: {replicas: !reset 2}", []),
    ("deploy: {replicas: 2}", "deploy: {mode: replicated}", ["replica-conflict"]),
    ("scale: 2", "scale: !reset null", []),
    ("scale: 2", "scale: 1", []),
    ("profiles: [a]", "profiles: [b]", ["port-conflict"]),
    ("profiles: [a]", "profiles: !override [c]", ["possible-conflict"]),
  ])
  func anOverrideTakesBack(_ base: String, _ override: String, _ rules: [String]) throws {
    let other = base.hasPrefix("profiles") ? ", b: {image: b, profiles: [b], ports: ['8080:80']}" : ""
    let files = [
      "compose.yaml": "services: {a: {image: a, \(base), ports: ['8080:80']}\(other)}",
      "compose.override.yaml": "services: {a: {\(override)}}",
    ]
    #expect(try report(files, rules: BuiltIn.rules()).diagnostics.map(\.rule) == rules)
  }

  @Test func anotherEnvironmentFileStandsForTheProjectsOwnOnly() throws {
    let files = [
      "compose.yaml": "include: [db/compose.yaml]\nservices: {a: {image: a, ports: ['$A:1']}}", ".env": "A=1\nB=1",
      "prod.env": "A=7001", "db/compose.yaml": "services: {db: {image: d, ports: ['$A:2', '$B:3']}}",
      "db/.env": "A=1\nB=7003",
    ]
    var workspace = Workspace(
      policy: try BuiltIn.policy(rules: BuiltIn.rules()), files: WrittenFiles(files.mapValues { Array($0.utf8) }),
      workers: 1)
    workspace.environmentFile = "prod.env"
    let report = workspace.lint([Candidate("compose.yaml", .named), Candidate("db/compose.yaml", .context)])
    let ports = report.rows.map { report.inventory.bindings[$0].fixedPorts?.description }
    #expect(ports == ["7001", "7001", "7003"])
  }

  /// A file whose services are extended or included is no project of its own where others say all that it says; what it
  /// brings in counts where it goes.
  @Test(arguments: [
    ("include: [db/part.yaml]", ["db/part.yaml: port-conflict"]),
    ("services: {c: {extends: {service: a, file: db/part.yaml}}}", ["db/part.yaml: port-conflict"]),
    (
      "services: {c: {extends: {service: a, file: db/part.yaml}}, d: {extends: {service: b, file: db/part.yaml}}}",
      ["db/part.yaml: port-conflict"]
    ),
    ("services: {web: {image: w}}", ["db/part.yaml: broken-include", "db/part.yaml: port-conflict"]),
  ])
  func aPartOfAProjectIsNoProject(_ project: String, _ findings: [String]) throws {
    let part = "services: {a: {image: a, ports: ['8080:80']}, b: {image: b, ports: ['8080:81']}"
    let network = project.contains("extends") ? "}" : ", n: {image: n, network_mode: 'service:web'}}"
    let web = project.hasPrefix("include") ? "\nservices: {web: {image: w}}" : ""
    let report = try report(
      ["compose.yaml": project + web, "db/part.yaml": part + network], rules: BuiltIn.rules())
    let found = report.diagnostics.map { "\(report.files[$0.place.file]?.path ?? ""): \($0.rule)" }
    #expect(found.sorted() == findings)
  }

  @Test func aConflictWithTheOverrideIsOneOfTheProject() throws {
    let files = [
      "compose.yaml": "services: {a: {image: a, ports: ['8080:80']}}",
      "compose.override.yaml": "services: {b: {image: b, ports: ['8080:80']}}",
      "compose.test.yaml": "services: {c: {image: c, ports: ['8080:80']}}",
    ]
    let report = try report(files, rules: BuiltIn.rules())
    #expect(report.diagnostics.map(\.message) == ["'b' publishes 8080/tcp on every address, and 'a' on every address"])
    #expect(report.diagnostics.map { report.files[$0.place.file]?.path } == ["compose.override.yaml"])
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
