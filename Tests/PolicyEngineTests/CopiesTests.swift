import Testing

/// Which rules about claims fire when services run in several copies, under Compose and in a stack.
@Suite struct CopiesTests {
  struct Row: CustomTestStringConvertible {
    var why: String
    /// What stands behind the image of each service.
    var services: [String]
    var rules: [String]

    var testDescription: String { "\(services.joined(separator: "; ")): \(why)" }

    init(_ why: String, _ services: String..., rules: [String]) {
      self.why = why
      self.services = services
      self.rules = rules
    }
  }

  private static let claimRules = ["port-conflict", "possible-conflict", "replica-conflict", "duplicate-port"]

  private func firedRules(_ services: [String], others: String = "", path: String = "compose.yaml") throws -> [String] {
    let lines = services.enumerated().map { "  s\($0.offset): {image: x, \($0.element)}\n" }
    let text = "services:\n" + lines.joined() + others
    return try findings(in: text, path: path).map { String($0.prefix { $0 != ":" }) }.filter(Self.claimRules.contains)
  }

  static let compose = [
    Row("two ports for three", #"scale: 3, ports: ["8000-8001:80"]"#, rules: ["replica-conflict"]),
    Row("one port for two", #"scale: 2, ports: ["8080:80"]"#, rules: ["replica-conflict"]),
    Row("one port for two", #"deploy: {replicas: 2}, ports: ["8080:80"]"#, rules: ["replica-conflict"]),
    Row("a number in quotes is one", #"scale: "2", ports: ["8080:80"]"#, rules: ["replica-conflict"]),
    Row("both numbers agree", #"scale: 2, deploy: {replicas: 2}, ports: ["8080:80"]"#, rules: ["replica-conflict"]),
    Row("a port for each", #"deploy: {replicas: 3}, ports: ["8000-8002:80"]"#, rules: []),
    Row(
      "docker/compose TestPortRange", #"scale: 5, ports: ["6005-6015:80"]"#, #"ports: ["80"]"#, #"ports: ["80"]"#,
      rules: []),
    Row("each copy wants the whole range", #"scale: 2, ports: ["8000-8001:80-81"]"#, rules: ["replica-conflict"]),
    Row("the system picks", #"scale: 9, ports: ["80", "0:81", "127.0.0.1::82"]"#, rules: []),
    Row("an address makes no room", #"scale: 2, ports: ["127.0.0.1:8080:80"]"#, rules: ["replica-conflict"]),
    Row("how many is not known", #"scale: "${N}", ports: ["8080:80"]"#, rules: []),
    Row("one on each node", #"deploy: {mode: global, replicas: 3}, ports: ["8080:80"]"#, rules: []),
    Row("what runs not at all takes nothing", #"scale: 0, ports: ["8080:80"]"#, #"ports: ["8080:80"]"#, rules: []),
    Row("nor with replicas", #"deploy: {replicas: 0}, ports: ["8080:80"]"#, #"ports: ["8080:80"]"#, rules: []),
    Row("but both do", #"scale: 1, ports: ["8080:80"]"#, #"ports: ["8080:80"]"#, rules: ["port-conflict"]),
    Row("copies on the host's network publish nothing", #"scale: 2, network_mode: host, ports: ["80:80"]"#, rules: []),
    Row(
      "Compose passes over the mode", #"ports: [{target: 80, published: 8080, mode: host}]"#,
      #"ports: [{target: 81, published: 8080, mode: ingress}]"#, rules: ["port-conflict"]),
  ]

  @Test(arguments: compose)
  func underCompose(_ row: Row) throws {
    #expect(try firedRules(row.services) == row.rules)
  }

  static let swarm = [
    Row("the mesh spreads one port over all", #"deploy: {replicas: 3}, ports: ["8080:80"]"#, rules: []),
    Row("two want one port", #"ports: ["8080:80"]"#, #"ports: ["8080:81"]"#, rules: ["port-conflict"]),
    Row(
      "no copies, and yet the port is the service's", #"deploy: {replicas: 0}, ports: ["8080:80"]"#,
      #"ports: ["8080:81"]"#, rules: ["port-conflict"]),
    Row("another protocol", #"ports: ["8080:80"]"#, #"ports: ["8080:80/udp"]"#, rules: []),
    Row(
      "an address is not heeded", #"ports: ["127.0.0.1:8080:80"]"#, #"ports: ["127.0.0.2:8080:80"]"#,
      rules: ["port-conflict"]),
    Row("nor its family", #"ports: ["0.0.0.0:8080:80"]"#, #"ports: ["[::1]:8080:80"]"#, rules: ["port-conflict"]),
    Row("a range is published wholly", #"ports: ["8000-8010:80"]"#, #"ports: ["8005:80"]"#, rules: ["port-conflict"]),
    Row("one after the other", #"ports: ["8000-8002:8000-8002"]"#, #"ports: ["8001:80"]"#, rules: ["port-conflict"]),
    Row("the system picks", #"ports: ["80", "0:81"]"#, #"ports: ["80"]"#, rules: []),
    Row(
      "the scheduler keeps two apart", #"ports: [{target: 80, published: 8080, mode: host}]"#,
      #"ports: [{target: 80, published: 8080, mode: host}]"#, rules: ["possible-conflict"]),
    Row(
      "copies too", #"deploy: {replicas: 3}, ports: [{target: 80, published: 8080, mode: host}]"#, rules: []),
    Row(
      "the mesh and a node's own", #"ports: ["8080:80"]"#, #"ports: [{target: 80, published: 8080, mode: host}]"#,
      rules: ["port-conflict"]),
    Row(
      "one on each node leaves no node to another",
      #"deploy: {mode: global}, ports: [{target: 80, published: 8080, mode: host}]"#,
      #"ports: [{target: 80, published: 8080, mode: host}]"#, rules: ["port-conflict"]),
    Row(
      "on each of some nodes",
      #"deploy: {mode: global, placement: {constraints: [a]}}, ports: [{target: 80, published: 80, mode: host}]"#,
      #"ports: [{target: 80, published: 80, mode: host}]"#, rules: ["possible-conflict"]),
    Row(
      "one service cannot have a port twice", #"ports: ["8080:80", {target: 81, published: 8080, mode: host}]"#,
      rules: ["port-conflict"]),
  ]

  @Test(arguments: swarm)
  func inAStack(_ row: Row) throws {
    let others = "networks: {mesh: {driver: overlay}}\n"
    #expect(try firedRules(row.services, others: others) == row.rules)
    #expect(try firedRules(row.services, path: "docker-stack.yml") == row.rules)
  }

  /// What Swarm would refuse is Compose's; what it passes over, and a file's name alone, show too little.
  @Test(arguments: [
    ("compose.yaml", "networks: {mesh: {driver: overlay}}\n", "profiles: [a]", ["replica-conflict"]),
    ("compose.yaml", "networks: {mesh: {driver: overlay}}\n", "scale: 1", ["replica-conflict"]),
    ("compose.yaml", "networks: {mesh: {driver: overlay}}\n", "container_name: web", []),
    (
      "compose.yaml", "networks: {mesh: {driver: overlay}}\n", "depends_on: {s1: {condition: service_healthy}}",
      ["replica-conflict"]
    ),
    ("docker-stack.yml", "", "profiles: [a]", []),
    ("elk-stack.yml", "", "", []),
  ])
  func whatComposeMayRunHasItsAddresses(
    _ path: String, _ others: String, _ more: String, _ rules: [String]
  ) throws {
    let services = [
      #"ports: ["127.0.0.1:8080:80"], \#(more)"#, #"ports: ["127.0.0.2:8080:80"], deploy: {replicas: 3}"#,
    ]
    #expect(try firedRules(services, others: others, path: path) == rules)
  }
}
