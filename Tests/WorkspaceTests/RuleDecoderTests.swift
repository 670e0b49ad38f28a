import PolicyEngine
import SourceText
import Testing

/// A rule file is read strictly: what it means is known, or it says where not.
@Suite struct RuleDecoderTests {
  /// A sound rule file.
  private static let lines = [
    "id: sample-port",
    "family: ranges",
    "severity: warning",
    "summary: a sample",
    "when: {role: publish, port: {in: reserved}}",
    #"message: "{owner} publishes {endpoint}""#,
    "help: use another port",
  ]

  struct Broken: CustomTestStringConvertible {
    var testDescription: String
    var text: String
    /// What is wrong, each with its line and column.
    var problems: [String]

    init(_ name: String, _ text: String, _ problems: String...) {
      testDescription = name
      self.text = text
      self.problems = problems
    }

    /// The sound file with some of its lines, by number, written anew; an empty one goes.
    init(_ name: String, _ changes: [Int: String], _ problems: String...) {
      let lines = RuleDecoderTests.lines.enumerated().map { changes[$0.offset + 1] ?? $0.element }
      testDescription = name
      text = lines.filter { !$0.isEmpty }.joined(separator: "\n") + "\n"
      self.problems = problems
    }
  }

  @Test func aSoundFileHasNoProblems() {
    let text = Self.lines.joined(separator: "\n")
    let (rule, problems) = decodeRule(SourceFile(id: FileID(0), path: "r.yaml", contents: Array(text.utf8)))
    #expect(problems == [])
    #expect(rule?.id == "sample-port")
  }

  @Test(arguments: broken)
  func saysWhatIsWrong(_ broken: Broken) {
    let file = SourceFile(id: FileID(0), path: "r.yaml", contents: Array(broken.text.utf8))
    let (rule, problems) = decodeRule(file, knownFormats: ["compose", "kubernetes", "plain"])
    let lines = LineTable(of: file.bytes)
    let said = problems.map { problem in
      let position = lines.position(of: Int(problem.place.start))
      return "\(position.line):\(position.column) \(problem.message)"
    }
    #expect(said == broken.problems)
    #expect(rule == nil)
  }

  static let broken = keys + conditions + messages + files

  private static let keys = [
    Broken(
      "an unknown key", [4: "summery: a sample"],
      "4:1 unknown key 'summery', did you mean 'summary'?"),
    Broken("a key like no other", [7: "help: use another port\ncolour: red"], "8:1 unknown key 'colour'"),
    Broken("a missing key", [1: ""], "1:1 the key 'id' is missing"),
    Broken("several missing keys", [1: "", 4: "", 7: ""], "1:1 the keys 'id', 'summary' and 'help' are missing"),
    Broken(
      "required or not", [7: "help: use another port\nrequired: false"], "8:11 expected true, or nothing"),
    Broken(
      "a subject without a condition", [5: "subject: binding\nrelation: same-socket\noutcome: certain"],
      "5:10 expected 'when' beside 'subject'"),
    Broken("a missing message", [6: ""], "1:1 the key 'message' is missing"),
    Broken("a key twice", [3: "severity: warning\nseverity: error"], "4:1 the key 'severity' stands twice"),
    Broken("an unknown family", [2: "family: range"], "2:9 'range' is no family, did you mean 'ranges'?"),
    Broken(
      "an unknown severity", [3: "severity: critical"], "3:11 'critical' is no severity: error, warning, info or off"),
    Broken(
      "a list of severities", [3: "severity: [error, warning]"], "3:11 expected a severity: error, warning, info or off"
    ),
    Broken("a mapping for a text", [4: "summary: {text: a sample}"], "4:10 expected text"),
    Broken(
      "a mapping of rules to yield to", [7: "help: none\nyields-to: {user-reserved-port: true}"],
      "8:12 expected text or a list of texts"),
  ]

  private static let conditions = [
    Broken("no condition", [5: ""], "1:1 expected one of 'from', 'when' and 'relation'"),
    Broken(
      "two conditions", [5: "when: {role: publish}\nfrom: reading"],
      "1:1 expected one of 'from', 'when' and 'relation'"),
    Broken("a source that is none", [5: "from: writing"], "5:7 expected 'reading'"),
    Broken(
      "an unknown relation", [5: "relation: same-sockets\noutcome: certain"],
      "5:11 'same-sockets' is no relation, did you mean 'same-socket'?"),
    Broken(
      "an unknown outcome", [5: "relation: same-socket\noutcome: certainly"],
      "6:10 'certainly' is no outcome, did you mean 'certain'?"),
    Broken(
      "an outcome of another relation", [5: "relation: same-socket\noutcome: holds"],
      "6:10 expected an outcome of 'certain', 'possible', 'duplicate', 'rivals'"),
    Broken(
      "a relation that needs an outcome", [5: "relation: same-socket"],
      "1:1 expected an outcome of 'certain', 'possible', 'duplicate', 'rivals'"),
    Broken("a condition that is a word", [5: "when: publish"], "5:7 expected a mapping"),
    Broken("an unknown condition", [5: "when: {rolle: publish}"], "5:8 unknown key 'rolle', did you mean 'role'?"),
    Broken(
      "an unknown role", [5: "when: {role: [listen, published]}"],
      "5:23 'published' is no role, did you mean 'publish'?"),
    Broken(
      "an unknown scope", [5: "when: {scope: nodeports}"],
      "5:15 'nodeports' is no scope, did you mean 'node-ports'?"),
    Broken(
      "an unknown format", [5: "when: {format: terraform}"],
      "5:16 'terraform' is no format: compose, kubernetes or plain"),
    Broken(
      "a privilege twice", [5: "when: {privilege: held, privilege: missing}"],
      "5:25 the key 'privilege' stands twice"),
    Broken(
      "an unknown condition on ports", [5: "when: {port: {not_in: 80}}"],
      "5:15 unknown key 'not_in', did you mean 'not-in'?"),
    Broken(
      "a range that runs backwards", [5: "when: {port: {in: [80, 90-80]}}"],
      "5:24 the range 90-80 runs backwards"),
    Broken(
      "a port that is too large", [5: "when: {port: {in: 65536}}"],
      "5:19 65536 is no port: they end at 65535"),
    Broken(
      "ports that are a mapping", [5: "when: {port: {in: {from: 80, to: 90}}}"],
      "5:19 expected text or a list of texts"),
  ]

  private static let messages = [
    Broken(
      "an unknown placeholder", [6: "message: \"{ownr} publishes\""],
      "6:12 'ownr' is no placeholder, did you mean 'owner'?"),
    Broken(
      "a placeholder of another condition", [7: "help: \"because {reason}\""],
      "7:17 'reason' is no placeholder here: address, container, endpoint, expected, holder, image, kind, name, namespace, network, owner, port, "
        + "protocol, range or service"),
    Broken(
      "a brace that is not closed", [6: "message: \"{owner publishes\""],
      "6:11 no brace closes this placeholder; a brace itself is written {{"),
    Broken("a list for a message", [6: "message: [a, b]"], "6:10 expected text"),
    Broken("cases in a list", [7: "help: none\ncases: [other-address]"], "8:8 expected a mapping"),
    Broken(
      "a case without a message", [5: "from: reading", 7: "help: none\ncases:\n  depth: {help: none}"],
      "9:10 the key 'message' is missing"),
    Broken(
      "a case with an unknown key", [5: "from: reading", 7: "help: none\ncases: {depth: {message: a, hlep: b}}"],
      "8:29 unknown key 'hlep', did you mean 'help'?"),
    Broken(
      "a case that the relation does not give",
      [5: "relation: same-socket\noutcome: certain", 7: "help: none\ncases: {other-adress: {message: a}}"],
      "9:9 'other-adress' is no case here, did you mean 'other-address'?"),
    Broken(
      "a case of another outcome",
      [5: "relation: same-socket\noutcome: duplicate", 7: "help: none\ncases: {host-network: {message: a}}"],
      "9:9 'host-network' is no case here: repeated-layer, declared-twice or published-twice"),
    Broken(
      "a case where there is none", [7: "help: none\ncases: {missing: {message: a}}"],
      "8:9 'missing' is no case here: linux, macos, windows, freebsd, glibc or iana"),
    Broken(
      "a case twice", [5: "from: reading", 7: "help: none\ncases:\n  depth: {message: a}\n  depth: {message: b}"],
      "10:3 the key 'depth' stands twice"),
  ]

  private static let files = [
    Broken("nothing", "", "1:1 expected a rule"),
    Broken("a list", "- id: sample-port\n", "1:1 expected a mapping"),
    Broken("no YAML", "id: sample-port\nfamily: [ranges\n", "3:1 this is no YAML: did not find expected ',' or ']'"),
    Broken(
      "two documents", lines.joined(separator: "\n") + "\n---\n" + lines.joined(separator: "\n"),
      "1:1 expected one document"),
  ]
}
