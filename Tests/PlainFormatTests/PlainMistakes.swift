import PortModel

extension PlainReaderTests {
  /// Mistakes with their places; each manifest is written whole.
  static let mistakes: [Mistake] = structureMistakes + portMistakes + fieldMistakes

  private static func service(_ fields: String) -> String {
    "portlint: 1\nservices:\n  - {name: a, \(fields)}"
  }

  private static func unknownKey(_ key: String, _ suggestion: String?, _ owner: String) -> Problem.Cause {
    .invalidPort(.unknownKey(key, suggestion: suggestion, owner: owner))
  }

  private static let structureMistakes: [Mistake] = [
    Mistake(
      "portlint: 2\nservice: x", [("1:11-12", .invalidPort(.unknownValue("2", field: "portlint", expected: "1")))]),
    Mistake(
      "portlint:\nservices: []",
      [("1:10-10", .invalidPort(.unknownValue("nothing", field: "portlint", expected: "1")))]),
    Mistake("portlint: 1", [("1:1-12", .invalidPort(.missing(field: "services")))]),
    Mistake("portlint: 1\nservises: []", [("2:1-9", unknownKey("servises", "services", "a plain manifest"))]),
    Mistake(
      "portlint: 1\nname: x\nservices: [{name: a, port: 1}]", [("2:1-5", unknownKey("name", nil, "a plain manifest"))],
      ports: ["1"]),
    Mistake(
      "portlint: 1\nhosts: {x: {services: [{name: a, port: 1}]}}\nservices: [{name: b, port: 2}]",
      [("3:1-9", unknownKey("services", nil, "a manifest with 'hosts'"))], ports: ["1", "2"]),
    Mistake("portlint: 1\nservices: {a: {port: 1}}", [("2:11-25", .invalidPort(.notAList(field: "services")))]),
    Mistake("portlint: 1\nservices:", [("2:10-10", .invalidPort(.notAList(field: "services")))]),
    Mistake("portlint: 1\nhosts: [x]", [("2:8-11", .invalidPort(.notAMapping(field: "hosts")))]),
    Mistake("portlint: 1\nhosts: {x: [{name: a}]}", [("2:12-23", .invalidPort(.notAMapping(field: "a host")))]),
    Mistake("portlint: 1\nhosts: {x: {}}", [("2:9-10", .invalidPort(.missing(field: "services")))]),
    Mistake("portlint: 1\nhosts: {x: {service: []}}", [("2:13-20", unknownKey("service", "services", "a host"))]),
    Mistake(
      "portlint: 1\nhosts: {~: {services: []}}",
      [("2:9-10", .invalidPort(.unknownValue("~", field: "a host's name", expected: "text")))]),
    Mistake("portlint: 1\nservices: [web]", [("2:12-15", .invalidPort(.notAMapping(field: "a service")))]),
    Mistake(
      "portlint: 1\nservices:\n  - port: 53", [("3:5-13", .invalidPort(.missing(field: "name")))], ports: ["53"]),
    Mistake(
      "portlint: 1\nservices: [{name: , port: 53}]",
      [("2:19-19", .invalidPort(.unknownValue("nothing", field: "name", expected: "text")))], ports: ["53"]),
    Mistake(
      "portlint: 1\nservices: [{name: [a], port: 53}]",
      [("2:19-22", .invalidPort(.unknownValue("a list", field: "name", expected: "text")))], ports: ["53"]),
    Mistake("portlint: 1\nservices:\n  - name: web", [("3:11-14", .invalidPort(.missing(field: "port")))]),
    // One slip is one problem: the key that was meant is not missed too.
    Mistake("portlint: 1\nservices:\n  - {name: a, prot: 53}", [("3:15-19", unknownKey("prot", "port", "a service"))]),
    Mistake("portlint: 1\nservices:\n  - {nmae: a, port: 53}", [("3:6-10", unknownKey("nmae", "name", "a service"))]),
    // Without the address that was meant, the claim would be on every address.
    Mistake(service("port: 53, adress: '::1'"), [("3:25-31", unknownKey("adress", "address", "a service"))]),
    Mistake(
      service("port: 53, ports: [54]"), [("3:25-30", unknownKey("ports", nil, "a service with 'port'"))],
      ports: ["53", "54"]),
    Mistake(service("ports: 53"), [("3:22-24", .invalidPort(.notAList(field: "ports")))]),
    Mistake(
      service("ports: [{prt: 53}, {name: x}, 54]"),
      [
        ("3:24-27", unknownKey("prt", "port", "a port entry")),
        ("3:34-43", .invalidPort(.missing(field: "port"))),
      ], ports: ["54"]),
    Mistake(
      service("ports: [{port: 53, user: x}]"), [("3:34-38", unknownKey("user", nil, "a port entry"))]),
    // A text at fault is one problem, with its uses.
    Mistake(
      "portlint: 1\nservices:\n  - {name: a, port: &p 70000}\n  - {name: b, port: *p}",
      [("3:24-29", .invalidPort(.outOfRange("70000"))), ("3:24-29", .invalidPort(.outOfRange("70000")))]),
  ]

  private static let portMistakes: [Mistake] = [
    ("0", "3:21-22", .zero(field: "port")),
    ("'0'", "3:22-23", .zero(field: "port")),
    ("0-10", "3:21-25", .zero(field: "port")),
    ("70000", "3:21-26", .outOfRange("70000")),
    ("-1", "3:21-23", .outOfRange("-1")),
    ("99999999999999999999", "3:21-41", .outOfRange("99999999999999999999")),
    ("65530-65540", "3:21-32", .outOfRange("65530-65540")),
    ("7009-7000", "3:21-30", .reversedRange("7009-7000")),
    ("http", "3:21-25", .notAPort("http")),
    ("53/udp", "3:21-27", .notAPort("53/udp")),
    ("8080:80", "3:21-28", .notAPort("8080:80")),
    ("7000-", "3:21-26", .notAPort("7000-")),
    ("1-2-3", "3:21-26", .notAPort("1-2-3")),
    ("7000 - 7009", "3:21-32", .notAPort("7000 - 7009")),
    ("'010'", "3:22-25", .notAPort("010")),
    ("'+80'", "3:22-25", .notAPort("+80")),
    ("80.5", "3:21-25", .notAPort("80.5")),
    ("true", "3:21-25", .notAPort("true")),
    ("''", "3:21-23", .notAPort("")),
    ("~", "3:21-22", .notAnEntry("'~'")),
    ("[53]", "3:21-25", .notAnEntry("a list")),
    ("{a: b}", "3:21-27", .notAnEntry("a mapping")),
  ].map { (text: String, place: String, problem: Problem.InvalidPort) in
    Mistake(service("port: \(text)"), [(place, .invalidPort(problem))])
  }

  private static let fieldMistakes: [Mistake] =
    [
      (
        "protocol: tpc, port: 1", "3:25-28", .invalidProtocol(.unknown("tpc", expected: "tcp, udp or sctp"))
      ),
      ("protocol: [tcp, 6], port: 1", "3:31-32", .invalidProtocol(.unknown("6", expected: "tcp, udp or sctp"))),
      ("protocol: [], port: 1", "3:25-27", .invalidProtocol(.unknown("[]", expected: "tcp, udp or sctp"))),
      ("protocol: {tcp: 1}, port: 1", "3:25-33", .invalidProtocol(.unknown("a mapping", expected: "tcp, udp or sctp"))),
      ("address: localhost, port: 1", "3:24-33", .invalidAddress("localhost", .hostName)),
      ("address: 127.0.0.01, port: 1", "3:24-34", .invalidAddress("127.0.0.01", .leadingZeros)),
      ("address: fe80::1%eth0, port: 1", "3:24-36", .invalidAddress("fe80::1%eth0", .zone)),
      ("address: 127.1, port: 1", "3:24-29", .invalidAddress("127.1", .malformed)),
      ("address: '[::1]', port: 1", "3:25-30", .invalidAddress("[::1]", .malformed)),
      (
        "address: [127.0.0.1], port: 1", "3:24-35",
        .invalidPort(.unknownValue("a list", field: "address", expected: "an IP address"))
      ),
      (
        "reuse: prot, port: 1", "3:22-26",
        .invalidPort(.unknownValue("prot", field: "reuse", expected: "address or port"))
      ),
      (
        "reuse: [port, true], port: 1", "3:29-33",
        .invalidPort(.unknownValue("true", field: "reuse", expected: "address or port"))
      ),
      (
        "v6only: yes, port: 1", "3:23-26",
        .invalidPort(.unknownValue("yes", field: "v6only", expected: "true or false"))
      ),
      (
        "v6only: 'true', port: 1", "3:24-28",
        .invalidPort(.unknownValue("true", field: "v6only", expected: "true or false"))
      ),
    ].map { (fields: String, place: String, cause: Problem.Cause) in
      Mistake(service(fields), [(place, cause)])
    } + [
      // A user that is wrong cannot be known; the port is.
      Mistake(
        service("user: 'root:root', port: 1"),
        [("3:22-31", .invalidPort(.unknownValue("root:root", field: "user", expected: "a user's name or number")))],
        ports: ["1"]),
      // An entry's own field stands in for one of the service that is wrong.
      Mistake(
        service("protocol: tpc, ports: [1, {port: 2, protocol: udp}]"),
        [("3:25-28", .invalidProtocol(.unknown("tpc", expected: "tcp, udp or sctp")))], ports: ["2"]),
      Mistake(
        service("ports: [{port: 1, name: [x]}, 2]"),
        [("3:39-42", .invalidPort(.unknownValue("a list", field: "name", expected: "text")))], ports: ["2"]),
    ]
}
