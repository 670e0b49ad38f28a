import SourceText
import SourceYAML
import Testing

@testable import ManifestFormats

/// A format file is read strictly: what is wrong with one is said at its place.
@Suite struct FormatDecoderTests {
  private static let sound = """
    format: acme-gateway
    summary: the gateway's listeners
    recognise: [{keys: [listeners]}]
    claims:
      - at: listeners.{name}.ports[]
        owner: {kind: listener, name: "{name}"}
        role: publish
        scope: host
        model: linux
        entry: port
    """

  private func problems(_ text: String, taken: Set<String> = []) -> [String] {
    let file = SourceFile(id: FileID(0), path: "f.yaml", contents: Array(text.utf8))
    let lines = LineTable(of: file.bytes)
    let (format, problems) = decodeFormat(file, taken: taken)
    #expect((format == nil) != problems.isEmpty)
    return problems.map { problem in
      let place = lines.position(of: Int(problem.place.start))
      return "\(place.line):\(place.column): \(problem.message)"
    }
  }

  @Test func aSoundFormatIsAValue() throws {
    let file = SourceFile(id: FileID(0), path: "f.yaml", contents: Array(Self.sound.utf8))
    let format = try #require(decodeFormat(file).format)
    #expect(format.id == "acme-gateway")
    #expect(format.claims.map(\.path.description) == ["listeners.{name}.ports[]"])
    #expect(format.claims.map(\.owner.steps) == [2])
    #expect(format.claims.map(\.unit) == [0])
  }

  @Test(arguments: [
    ("summary:", "sumary:", ["2:1: unknown key 'sumary', did you mean 'summary'?"]),
    (
      "format: acme-gateway", "format: Acme",
      ["1:9: expected an id of lower-case letters, digits and hyphens, such as acme-gateway"]
    ),
    ("keys:", "key:", ["3:14: unknown key 'key', did you mean 'keys'?"]),
    ("keys: [listeners]", "kind: Gateway", ["3:13: expected 'keys' that the document has, or its 'apiVersion'"]),
    (
      "keys: [listeners]", "keys: [\"*.ports\"]",
      ["3:22: expected a key of the root or of a list's items, or a path below one, such as listeners[].port"]
    ),
    (
      "keys: [listeners]", "keys: [a.**.b]",
      ["3:21: expected a key of the root or of a list's items, or a path below one, such as listeners[].port"]
    ),
    ("role: publish", "role: published", ["7:11: 'published' is no role, did you mean 'publish'?"]),
    ("scope: host", "scope: hosts", ["8:12: 'hosts' is no scope, did you mean 'host'?"]),
    ("model: linux", "model: windows", ["9:12: 'windows' is no conflict model: docker, linux or node-ports"]),
    ("model: linux", "model: node-ports", ["9:12: expected docker or linux"]),
    ("scope: host", "scope: node-ports", ["9:12: expected the model node-ports for node ports"]),
    ("entry: port", "entry: ports", ["10:12: 'ports' is no grammar, did you mean 'port'?"]),
    ("entry: port", "target: port", ["5:5: expected either 'entry', a text, or 'port', a field"]),
    ("entry: port", "entry: port\n    address: host", ["11:14: expected 'port' beside 'address'"]),
    ("ports[]", "ports[", ["5:31: expected '[]', which is each item of a list"]),
    (
      "\"{name}\"", "\"{nam}\"",
      ["6:36: 'nam' is no key that 'listeners.{name}.ports[]' captures, did you mean 'name'?"]
    ),
    ("name: \"{name}\"", "at: listener", ["6:33: expected the beginning of 'listeners.{name}.ports[]'"]),
    ("kind: listener", "kinds: listener", ["6:13: unknown key 'kinds', did you mean 'kind'?"]),
    ("entry: port", "port: {path: \"a[]\"}", ["10:19: expected a path of keys alone, from where the claim stands"]),
    (
      "entry: port", "port: {path: a, default: 80}",
      ["10:30: unknown key 'default': dynamic, grammar, path, same-as or to"]
    ),
    (
      "entry: port", "port: {path: a, dynamic: [random, absnt]}",
      ["10:39: 'absnt' is no number, did you mean 'absent'?"]
    ),
    ("entry: port", "port: {path: a, dynamic: [[]]}", ["10:31: expected a number, a word of the format, or absent"]),
    ("entry: port", "entry: {path: a}", ["10:12: the key 'grammar' is missing"]),
    ("entry: port", "entry: {grammar: prt}", ["10:22: 'prt' is no grammar, did you mean 'port'?"]),
    ("entry: port", "entry: {grammar: port, defalt: 80}", ["10:28: unknown key 'defalt', did you mean 'default'?"]),
    (
      "entry: port", "entry: {grammar: port, default: 0}",
      ["10:37: expected a port from 1 to 65535, behind an address and a colon or alone"]
    ),
    (
      "entry: port", "entry: {grammar: port, default: \"localhost:\"}",
      ["10:37: expected a port from 1 to 65535, behind an address and a colon or alone"]
    ),
    ("entry: port", "entry: {grammar: port, protocol: utp}", ["10:38: 'utp' is no protocol, did you mean 'udp'?"]),
    (
      "entry: port", "entry: {grammar: port, path: \"a[]\"}",
      ["10:35: expected a path of keys alone, from where the claim stands"]
    ),
    ("entry: port", "entry: {grammar: port, dynamic: none}", ["10:37: expected a number"]),
    ("entry: port", "entry: {grammar: address-port, dynamic: 0}", ["10:45: expected the grammar port"]),
    ("entry: port", "entry: {grammar: docker-short, protocol: udp}", ["10:46: expected a grammar that says one port"]),
    (
      "entry: port", "entry: port\n    when: web", ["11:11: expected patterns by paths, such as {services[].type: web}"]
    ),
    ("entry: port", "entry: port\n    when: {a: []}", ["11:15: expected a pattern"]),
    (
      "entry: port", "entry: port\n    when: {\"{nam}\": web}",
      ["11:13: 'nam' is no key that 'listeners.{name}.ports[]' captures, did you mean 'name'?"]
    ),
    ("keys: [listeners]", "keys: [listeners], when: web", ["3:39: expected patterns by paths, such as {type: web}"]),
    (
      "keys: [listeners]", "keys: [listeners], when: {\"a[]\": web}",
      ["3:41: expected a path of keys alone, from where the claim stands"]
    ),
    ("claims:", "parameters: {by: Ref}\nclaims:", ["4:13: the key 'values' is missing"]),
    (
      "claims:", "parameters: [{by: \"*\", values: a.*}]\nclaims:",
      ["4:20: expected what opens and what closes a placeholder, with one star between, such as ${{*}}"]
    ),
    (
      "claims:", "parameters: {by: Ref, values: \"a[].*\"}\nclaims:",
      ["4:32: expected a path that leaves one key open, such as Parameters.*.Default"]
    ),
    (
      "entry: port", "entry: port\n    unless: {listeners.*.type: web}",
      ["11:14: expected a path that parts from 'listeners.{name}.ports[]' with keys alone"]
    ),
    (
      "listeners.{name}.ports[]\n    owner: {kind: listener, name: \"{name}\"}", "listeners[]\n    used-by: started[]",
      ["6:14: expected a key that 'listeners[]' keeps, such as {name}"]
    ),
    (
      "claims:", "defaulted: [\"${*}\"]\nclaims:",
      [
        "4:14: expected what opens a placeholder, what stands before its default, and what closes it, with stars between, such as ${*:*}"
      ]
    ),
    ("entry: port", "port: a\n    address: {path: b, default: localhost}", ["11:33: expected an IP address"]),
    (
      "entry: port", "port: a\n    address: {path: b, names: look-up}",
      ["11:31: 'look-up' is no way to take names, did you mean 'looked-up'?"]
    ),
    (
      "keys: [listeners]", "keys: [listeners], at: \"a[]\"",
      ["3:38: expected a path of keys alone, from where the claim stands"]
    ),
    (
      "entry: port", "port: a\n    protocol: {path: b, default: sctp}",
      ["11:34: 'sctp' is no protocol, did you mean 'tcp'?"]
    ),
    (
      "claims:", "unresolved: [\"${\"]\nclaims:",
      ["4:15: expected what opens and what closes a placeholder, with one star between, such as ${{*}}"]
    ),
    ("    role: publish\n", "", ["5:5: the key 'role' is missing"]),
    (
      "recognise: [{keys: [listeners]}]", "recognise: [{beside: Chart.yaml}]",
      ["3:22: expected 'files' with 'beside', for it is looked for beside no others"]
    ),
    (
      "recognise: [{keys: [listeners]}]", "recognise: [{files: values.yaml, beside: charts/Chart.yaml}]",
      ["3:42: expected the name of a file, such as Chart.yaml"]
    ),
    (
      "entry: port", "port: {path: a, grammar: ports}",
      ["10:30: 'ports' is no grammar, did you mean 'port'?"]
    ),
    ("recognise:", "comments: jsn\nrecognise:", ["3:11: 'jsn' is no kind of comments, did you mean 'json'?"]),
    (
      "recognise:", "comments: json\nrecognise:",
      ["3:11: expected 'files' in a way to recognise a document, for comments are looked for in no others"]
    ),
    (
      "entry: port", "refuses: {ports: [80, 90-80], by: us}\n    entry: port",
      ["10:27: expected a port or a range, such as 8080 or 10400-10500"]
    ),
    ("entry: port", "refuses: {ports: [80]}\n    entry: port", ["10:14: the key 'by' is missing"]),
    (
      "entry: port", "unit-by: \"a[]\"\n    entry: port",
      ["10:15: expected a path of keys alone, from where the claim stands"]
    ),
    (
      "entry: port", "entry: {grammar: port, only: digits}",
      ["10:34: 'digits' is no kind of scalars: numbers, texts or ports"]
    ),
    ("entry: port", "entry: {grammar: port, split: \"\"}", ["10:35: expected what parts entries"]),
    ("entry: port", "entry: {grammar: port, behind: \"\"}", ["10:36: expected what stands before it"]),
    ("entry: port", "entry: {grammar: port, options: []}", ["10:37: expected an option, such as --publish"]),
    (
      "{kind: listener, ", "{kind: listener, idle-if: state, ",
      ["6:38: expected patterns by paths, such as {type: web}"]
    ),
    (
      "entry: port", "port: {path: a, same-as: \"b[]\"}",
      ["10:31: expected a path of keys alone, from where the claim stands"]
    ),
    (
      "claims:", "arguments: key:value\nclaims:",
      ["4:12: 'key:value' is no way to write arguments, did you mean 'key=value'?"]
    ),
    (
      "claims:", "keys: any-cse\nclaims:", ["4:7: 'any-cse' is no way to take keys, did you mean 'any-case'?"]
    ),
    ("claims:", "yaml: 1.2\nclaims:", ["4:7: '1.2' is no version of YAML, did you mean '1.1'?"]),
    ("claims:", "choices: []\nclaims:", ["4:10: expected a tag, such as !If, or a key"]),
    ("claims:", "parts: here\nclaims:", ["4:8: expected parts of paths by their names"]),
    ("claims:", "parts: {a: \"(b\"}\nclaims:", ["4:13: expected a ')' that closes this"]),
    ("{name}.ports[]\n", "<name>.ports[]\n", ["6:36: 'name' is no key that 'listeners.<name>.ports[]' captures"]),
    (
      "claims:", "unresolved: [\"@*@\"]\nclaims:",
      [
        "4:13: expected 'files' in a way to recognise a document, for values that begin with @ are looked for in no others"
      ]
    ),
    (
      "claims:", "references: [{at: a, grammar: url, called: b, default: 80}]\nclaims:",
      ["4:56: expected the grammar host-port"]
    ),
    ("entry: port", "entry: {grammar: pair, address: here}", ["10:37: expected an IP address"]),
    (
      "entry: port", "entry: {grammar: docker-short, address: 127.0.0.1}",
      ["10:45: expected a grammar without addresses"]
    ),
  ])
  func saysWhatIsWrong(_ written: String, _ instead: String, _ expected: [String]) {
    #expect(problems(Self.sound.replacing(written, with: instead)) == expected)
  }

  /// What a document may take hangs on the format, so there is an end to it.
  @Test(arguments: [
    (
      "keys: [listeners]", "keys: [listeners, %]", "a%", 199,
      ["3:12: a format has at most 200 paths and globs to recognise documents, and this has 201"]
    ),
    (
      "at: listeners.{name}.ports[]", "at: ['listeners.{name}.ports[]', %]", "'a.{name}.b%'", 200,
      ["5:3: a format has at most 200 places of claims and references, and this has 201"]
    ),
    (
      "claims:", "unresolved: [%]\nclaims:", "'<%*>'", 21,
      ["4:13: a format has at most 20 marks of placeholders, and this has 21"]
    ),
    (
      "claims:", "defaulted: [%]\nclaims:", "'<%*:*>'", 21,
      ["4:12: a format has at most 20 marks of placeholders, and this has 21"]
    ),
  ])
  func looksForSoMuchAndNoMore(
    _ written: String, _ instead: String, _ entry: String, _ count: Int, _ expected: [String]
  ) {
    func format(_ count: Int) -> String {
      let entries = (0..<count).map { entry.replacing("%", with: "\($0)") }
      return Self.sound.replacing(written, with: instead.replacing("%", with: entries.joined(separator: ", ")))
    }
    #expect(problems(format(count - 1)) == [])
    #expect(problems(format(count)) == expected)
  }

  @Test func anIdIsTakenOnce() {
    #expect(problems(Self.sound, taken: ["acme-gateway"]) == ["1:9: there is a format 'acme-gateway' already"])
  }

  @Test(arguments: [
    (
      "at: \"a.b[]\", grammar: port, to: c",
      ["4:20: expected a path that ends with a key, beside which others may stand"]
    ),
    ("at: a.b, grammar: url, host: c", ["4:44: expected the grammar port"]),
    ("at: a.b, grammar: port, none: [no]", ["4:46: expected a number"]),
    (
      "at: a.b, grammar: port, toward: host",
      ["4:47: expected a grammar that says a host, or 'host' beside the port"]
    ),
    (
      "at: a.b, grammar: ports, toward: host, host: c",
      ["4:48: expected a grammar that says a host, or 'host' beside the port", "4:60: expected the grammar port"]
    ),
  ])
  func saysWhatIsWrongWithAReference(_ reference: String, _ expected: [String]) {
    let text = "format: a\nsummary: b\nrecognise: [{keys: [a]}]\nreferences: [{\(reference), called: x}]"
    #expect(problems(text) == expected)
  }

  @Test func whatSeveralClaimsShareIsWrongOnce() {
    let shared = """
      format: a
      summary: b
      recognise: [{keys: [a]}]
      owner: {kind: x, names: y}
      references: [{at: a.b, grammar: port, called: x}, {at: a.c, grammar: port, called: x}]
      """
    #expect(problems(shared) == ["4:18: unknown key 'names', did you mean 'name'?"])
  }

  @Test(arguments: [
    ("format: a\nsummary: b\nrecognise: [{keys: [a]}]", ["1:1: expected 'claims' or 'references'"]),
    ("", ["1:1: expected a format"]), ("a: [", ["1:5: this is no YAML: did not find expected node content"]),
    ("format: a\n---\nformat: b", []),
  ])
  func isNoFormat(_ text: String, _ expected: [String]) {
    let said = problems(text)
    #expect(expected.isEmpty ? !said.isEmpty : said == expected)
  }
}
