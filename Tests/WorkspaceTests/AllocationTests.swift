import PolicyEngine
import PortModel
import Reporters
import SourceText
import Testing
import Workspace

/// The policy's register of ports: what is used, what is another's, what is left.
@Suite struct AllocationTests {
  private static let files = [
    ".portlint.yaml": """
    ranges: {payments: 7000-7029, none: 5014}
    services: {add: {ledger: 5014-5018/tcp}}
    allocations:
      - {ports: payments, owner: "payments-*"}
      - {ports: [7100, 7102-7103], reserved-for: the ledger, protocol: tcp}

    """,
    "compose.yaml": """
    services:
      payments-api: {image: x, ports: ["7000:80", "7003-7004:1-2", "53:53/udp"]}
      web: {image: x, ports: ["7005:80", "127.0.0.1:5030:80", "8080"]}

    """,
  ]

  private func loaded() throws -> (policy: Policy, report: Report) {
    let written = WrittenFiles(Self.files.mapValues { Array($0.utf8) })
    let loaded = try PolicyLoader.load(PolicyRequest(), files: written)
    #expect(loaded.problems.isEmpty)
    let report = Workspace(loaded, files: written, workers: 1).lint([Candidate("compose.yaml", .found)])
    return (loaded.policy, report)
  }

  @Test func tellsWhatIsUsedForeignAndFree() throws {
    let (policy, report) = try loaded()
    let uses = try #require(policy.allocationUses(in: report.inventory, rows: report.rows))
    var text = ""
    writeAllocations(uses, in: report, asJSON: false, options: ReportOptions(version: "0"), to: &text)
    #expect(
      text == """
        PORTS                   OWNER         STATE      CLAIMED BY      LOCATION
        7000-7029               'payments-*'  allocated  -               .portlint.yaml:4:13
          7000/tcp                            used       'payments-api'  compose.yaml:2:37
          7003-7004/tcp                       used       'payments-api'  compose.yaml:2:48
          7005/tcp                            foreign    'web'           compose.yaml:3:28
          7001-7002, 7006-7029                free       -               -
        7100, 7102-7103/tcp     the ledger    allocated  -               .portlint.yaml:5:13
          7100, 7102-7103                     free       -               -

        """)
  }

  @Test func callsForeignWhatTheRuleReports() throws {
    let files = [
      ".portlint.yaml": """
      allocations: [{ports: [7000-7004, 7006-7009], owner: pay}, {ports: 7005, owner: [pay, web]}, {ports: 7008, reserved-for: later}]

      """,
      "compose.yaml": """
      services:
        pay: {image: x, ports: ["7000-7005:1-6", "7008:8"]}
        web: {image: x, ports: ["7004-7005:80-81", "7009-7010:80"]}

      """,
      "pod.yaml": """
      apiVersion: v1
      kind: Pod
      metadata: {name: "{{ .Release.Name }}"}
      spec: {containers: [{name: app, image: x, ports: [{containerPort: 80, hostPort: 7006}]}]}

      """,
    ]
    let written = WrittenFiles(files.mapValues { Array($0.utf8) })
    let loaded = try PolicyLoader.load(PolicyRequest(), files: written)
    let report = Workspace(loaded, files: written, workers: 1)
      .lint(["compose.yaml", "pod.yaml"].map { Candidate($0, .found) })
    let uses = try #require(loaded.policy.allocationUses(in: report.inventory, rows: report.rows))
    let claims = uses.map { use in
      use.claims.map { claim in
        "\(claim.isForeign ? "foreign" : "used") \(claim.ports.runs.map(\.description).joined(separator: ", "))"
      }
    }
    #expect(
      claims == [
        // What is only reserved is the owner's all the same; of a range, another port may be picked.
        ["used 7000-7004", "used 7008", "foreign 7004", "used 7009", "used 7006"],
        ["used 7005", "used 7005"], ["used 7008"],
      ])
    #expect(report.diagnostics.filter { $0.rule == "foreign-allocation" }.map(\.message).count == 1)
  }

  @Test(
    arguments: [
      // 5014-5018 are added to the services database, and 5030 is claimed.
      (PortSet(PortRange("5013-5031") ?? .all), nil, PortSet([PortRange(5019), PortRange(5031)])),
      // What is allocated is not free, but for its holder; what IANA gave away is free for nobody.
      (PortSet(PortRange("7009-7033") ?? .all), nil, PortSet(PortRange("7032-7033") ?? .all)),
      (
        PortSet(PortRange("7009-7033") ?? .all), "payments-new",
        PortSet([PortRange("7027-7029"), PortRange("7032-7033")].compactMap { $0 })
      ),
      (PortSet(PortRange("7100-7104") ?? .all), "payments-new", PortSet(PortRange("7104") ?? .all)),
      // The system hands these out by itself.
      (PortSet(PortRange("32768-60999") ?? .all), nil, PortSet()),
      (PortSet(PortRange("30000-32767") ?? .all), nil, PortSet()),
    ] as [(PortSet, String?, PortSet)])
  func namesPortsThatNobodyMinds(range: PortSet, owner: String?, expected: PortSet) throws {
    let (policy, report) = try loaded()
    #expect(policy.freePorts(in: range, .tcp, besides: report.inventory, owner: owner) == expected)
  }

  @Test func looksAboveWhatIsForStandardServersAndForUsers() throws {
    let (policy, report) = try loaded()
    let free = policy.freePorts(in: nil, .tcp, besides: report.inventory)
    #expect(free.runs.first.map(\.first) ?? 0 >= 5000)
    #expect(!free.contains(6000))
    let own = policy.freePorts(in: nil, .tcp, besides: report.inventory, owner: "payments-new")
    #expect(own == PortSet(PortRange("7027-7029") ?? .all))
  }
}
