import SourceText
import Testing

@testable import ManifestFormats

/// The table of compose-go's `template_test.go`, with FOO=first and BAR set to nothing.
@Suite struct InterpolationTests {
  static let environment: [ExactText: String] = ["FOO": "first", "BAR": ""]

  @Test(arguments: [
    ("$${foo}", "${foo}"), ("$FOO-bar", "first-bar"), ("${BAR}", ""), ("${missing:-def}", "def"),
    ("${missing-def}", "def"), ("${BAR:-def}", "def"), ("${BAR-def}", ""), ("${FOO:+p}", "p"), ("${FOO+p}", "p"),
    ("${BAR+p}", "p"), ("${BAR:+p}", ""), ("${BAR:-/non:-alphanumeric}", "/non:-alphanumeric"),
    ("${UNSET-${FOO}}", "first"), ("${UNSET:-${FOO:-x}}-${FOO}", "first-first"), ("a $ string", "a $ string"),
    ("^REGEX$", "^REGEX$"), ("$}", "$}"), ("$", "$"), ("${FOO:?m}", "first"), ("é${FOO}é", "éfirsté"),
    // Of a word that is not taken, nothing shows.
    ("${FOO:?a${NONE}b$$c}:1", "first:1"), ("${FOO:-${A}${B:-x}}", "first"), ("${FOO:?a {b} c}:1", "first:1"),
    // Braces are counted on one line.
    ("${X:-a}\n}", "a\n}"), ("${X:-{a}\n}", "{a\n}"),
    ("${X:-{a}}:1", "{a}:1"), ("${X:-{a}:1", "{a:1"), ("${X:-{}}1", "{}1"),
  ])
  func knownVariablesAreReplaced(_ template: String, _ expected: String) throws {
    let text = try InterpolatedText(template.utf8, environment: Variables(Self.environment))
    #expect(String(decoding: text.bytes, as: UTF8.self) == expected)
    #expect(text.openVariables.isEmpty)
  }

  @Test(arguments: [
    ("${missing}", ["missing"], [true], ""), ("$missing:80", ["missing"], [true], ":80"),
    ("${UNSET:?m}", ["UNSET"], [false], ""), ("${UNSET:+p}", ["UNSET"], [false], ""),
    ("${A:-${B}}", ["B"], [true], ""), ("${A}:${B}", ["A", "B"], [true, true], ":"),
    ("{{ port }}:80", ["{{ port }}"], [false], ":80"),
    ("{{a}}{{b}}", ["{{a}}", "{{b}}"], [false, false], ""),
  ])
  func whatHasNoValueStaysOpen(_ template: String, _ names: [String], _ vanish: [Bool], _ unset: String) throws {
    let text = try InterpolatedText(template.utf8, environment: Variables(Self.environment))
    #expect(text.openVariables.map(\.name) == names)
    #expect(text.openVariables.map(\.vanishesWhenUnset) == vanish)
    #expect(String(decoding: text.whenUnset, as: UTF8.self) == unset)
  }

  @Test(arguments: [
    ("${", 0..<2), ("${}", 0..<3), ("${ }", 0..<4), ("x${ foo}", 1..<8), ("${foo }", 0..<7), ("${foo!}", 0..<7),
    ("${A:-${}}", 5..<8), ("$FOO ${a", 5..<8), ("${}:${A}", 0..<3),
    // The words that are not taken.
    ("${FOO:-${}}", 7..<10), ("${UNSET:+${}}", 9..<12), ("${FOO?${}}", 6..<9),
    ("${X:-{\n}", 0..<8),
  ])
  func whatComposeRejectsIsPlaced(_ template: String, _ place: Range<Int>) {
    #expect {
      try InterpolatedText(template.utf8, environment: Variables(Self.environment))
    } throws: {
      ($0 as? InterpolatedText.Invalid)?.source == place
    }
  }

  @Test func nestingHasALimit() {
    let deep = String(repeating: "${A:-", count: 100_000) + String(repeating: "}", count: 100_000)
    #expect(throws: InterpolatedText.Invalid.self) { try InterpolatedText(deep.utf8, environment: [:]) }
  }

  @Test func expressionsWithoutAnEndAreText() throws {
    let open = String(repeating: "{{", count: 20_000)
    #expect(try InterpolatedText(open.utf8, environment: [:]).bytes == Array(open.utf8))
    #expect(throws: InterpolatedText.Invalid.self) {
      try InterpolatedText(String(repeating: "${A:-{{", count: 20_000).utf8, environment: [:])
    }
    let closed = String(repeating: "}}{{", count: 20_000)
    let unknown = [UInt8](repeating: InterpolatedText.unknown, count: 19_999)
    #expect(try InterpolatedText(closed.utf8, environment: [:]).bytes == Array("}}".utf8) + unknown + Array("{{".utf8))
  }

  @Test func whatVariablesPutInHasALimit() throws {
    let environment: [ExactText: String] = ["A": String(repeating: "1", count: 1024)]
    let whole = try InterpolatedText("$A$A$A$A".utf8, environment: Variables(environment))
    #expect(whole.bytes.count == 4096)
    #expect(whole.openVariables.isEmpty)
    let cut = try InterpolatedText("$A$A$A$A$A:80".utf8, environment: Variables(environment))
    #expect(String(decoding: cut.whenUnset.suffix(4), as: UTF8.self) == "1:80")
    #expect(cut.openVariables.map(\.vanishesWhenUnset) == [false])
  }

  @Test(arguments: [
    // Each value is twice the one before; many are one that is large.
    "V=12345678\n" + String(repeating: "V=$V$V\n", count: 100),
    "V=\(String(repeating: "1", count: 4096))\n" + (0..<1000).map { "V\($0)=$V\n" }.joined(),
    String(repeating: "# Nothing.\n", count: 100_000),
  ])
  func environmentFilesHaveALimit(_ text: String) {
    let file = SourceFile(id: FileID(0), path: ".env", contents: Array(text.utf8))
    let environment = ComposeEnvironment(of: file, insteadOf: file.path)
    #expect(environment.values.all.values.reduce(0) { $0 + $1.utf8.count } <= 1 << 20)
    let isDoubling = text.hasPrefix("V=12345678")
    #expect(environment.problems.map(\.cause) == (isDoubling ? [] : [.limitExceeded(.variables(1))]))
    #expect(environment.isComplete == isDoubling)
  }

  @Test(arguments: [
    // A default's own characters, a variable's whole expression, and text as it stands.
    ("${PORT:-8080}:80", 0..<4, 8..<12), ("${PORT:-8080}:80", 5..<7, 14..<16), ("$FOO:80", 0..<5, 0..<4),
    ("80${S:-80}:1", 0..<4, 0..<10), ("$$x:80", 0..<2, 0..<3), ("${A-${B-90}}:1", 0..<2, 8..<10),
  ])
  func partsAreTracedToTheSource(_ template: String, _ part: Range<Int>, _ source: Range<Int>) throws {
    let text = try InterpolatedText(template.utf8, environment: Variables(Self.environment))
    #expect(text.source(of: part) == source)
  }

  @Test(arguments: [
    ("A=1\nB = 2 # note\n", ["A": "1", "B": "2"]), ("export A=1", ["A": "1"]), ("# A=1\n\n", [:]),
    ("A='x $B'\nC=\"$D\"", ["A": "x $B"]), ("A=1\nB=${A}2", ["A": "1", "B": "12"]), ("A=", ["A": ""]),
    ("A: 1\r\nB=a#b", ["A": "1", "B": "a#b"]), ("A=${NOWHERE}", [:]), ("export\tA=1", ["A": "1"]),
    ("\u{FEFF}A=1", ["A": "1"]), ("A= #b", ["A": "#b"]), ("A=1\t#b", ["A": "1\t#b"]), ("A\nB=1", ["B": "1"]),
    ("A=\"1\" # note\nB=2", ["A": "1", "B": "2"]), ("A='1' B=\"2\"\nC=3", ["A": "1", "B": "2", "C": "3"]),
    (#"A="1\\"\#nB=2"#, ["A": #"1\"#, "B": "2"]), (#"A='it\'s' B='\n'"#, ["A": "it's", "B": #"\n"#]),
    (#"A="a\db\"c\$A""#, ["A": #"a\db"c$A"#]), ("A=\"1\n2\"\nB=3", ["A": "1\n2", "B": "3"]), ("A=\"1\nB=2", [:]),
  ])
  func environmentFilesAreRead(_ text: String, _ expected: [ExactText: String]) {
    let file = SourceFile(id: FileID(0), path: ".env", contents: Array(text.utf8))
    let environment = ComposeEnvironment(of: file, insteadOf: file.path)
    #expect(environment.values.all == expected)
  }

  /// A file of variables is worked out once, and what it names once for a folder, however many projects lie beside it.
  @Test func environmentFilesAreWorkedOutOnce() {
    let cache = ReadingCache()
    let variables = SourceFile(id: .none, path: ".env", contents: Array("COMPOSE_FILE=a.yml:b.yml\nA=1".utf8))
    for name in ["a.yml", "b.yml", "c.yml"] {
      var supplied = SuppliedFiles(sharing: cache)
      supplied[".env"] = .some(variables)
      let file = SourceFile(id: FileID(0), path: name, contents: [])
      let layout = ComposeLayout(of: file, supplied: supplied, project: nil, idle: [])
      #expect(layout.environment.values["A"] == "1")
      #expect(!layout.environment.isNamed)
      #expect(layout.preceding == (name == "b.yml" ? ["a.yml"] : []))
    }
    #expect(cache.counts == (1, 1))
    // A folder that it stands for has its own files.
    var supplied = SuppliedFiles(sharing: cache)
    supplied["x/.env"] = .some(variables)
    let layout = ComposeLayout(
      of: SourceFile(id: FileID(0), path: "x/b.yml", contents: []), supplied: supplied, project: nil, idle: [])
    #expect(layout.environment.isNamed)
    #expect(layout.preceding == ["x/a.yml"])
    #expect(cache.counts == (1, 2))
  }

  @Test(
    arguments: [
      ("A=1\n COMPOSE_FILE = 'b:c' # x", ["b 21..<22", "c 23..<24"]),
      ("export COMPOSE_FILE=b::c:b\n", ["b 20..<21", "c 23..<24"]),
      ("A=b\nCOMPOSE_FILE=$A,c\nCOMPOSE_PATH_SEPARATOR=,", ["$COMPOSE_FILE 4..<16", "$COMPOSE_FILE 4..<16"]),
      ("COMPOSE_FILE=\n", []), ("COMPOSE_FILE=$NOWHERE:a\n", []), ("A=1\n", []),
    ] as [(String, [String])])
  func filesAreNamedWhereTheirNamesStand(_ text: String, _ expected: [String]) {
    let list = ComposeFileList(of: SourceFile(id: FileID(0), path: ".env", contents: Array(text.utf8)))
    #expect((list?.files(from: "") ?? []).map { "\($0.shown) \($0.place.offsets)" } == expected)
  }

  @Test(
    arguments: [
      ("A=1", 0..<3), ("# x\n A = 2 # note\n", 5..<10), ("export A=12 \n", 7..<11), ("A=1\nA='23' B=4", 4..<10),
      ("A: 1\r\n", 0..<4), ("B=1\n", nil), ("A=${NOWHERE}", nil),
    ] as [(String, Range<Int>?)])
  func aVariableIsSetWhereItsFileLastSaysSo(_ text: String, _ place: Range<Int>?) {
    var environment = ComposeEnvironment()
    environment.add([SourceFile(id: FileID(7), path: ".env", contents: Array(text.utf8))])
    let set = environment.values.setting(of: "A")?.place
    #expect(set == place.map { SourceRange(file: FileID(7), start: $0.lowerBound, end: $0.upperBound) })
  }

  @Test(
    arguments: [
      ("${A}:80", ["A": 0..<1]), ("1$A", ["A": 1..<2]), ("${NO:-$A}", ["A": 0..<1]), ("${A:-$B}", ["A": 0..<1]),
      ("${A:+$B}", ["B": 0..<2]), ("$NO", [:]), ("x", [:]),
    ] as [(String, [String: Range<Int>])])
  func theVariablesThatATextSaysAreKnown(_ template: String, _ used: [String: Range<Int>]) throws {
    let text = try InterpolatedText(template.utf8, environment: ["A": "1", "B": "23"])
    #expect(Dictionary(uniqueKeysWithValues: text.usedVariables.map { ($0.name, $0.text) }) == used)
  }

  @Test func laterEnvironmentFilesWinOverEarlierOnesButNotOverWhatIsThere() {
    // What a value uses is what the earlier file says of it.
    let texts = ["A=1\nB=1\nC=1\n", "B=2\nC=${NOWHERE}\nD=$A$B$E\nE=2\n"]
    let files = texts.enumerated().map { SourceFile(id: FileID($0), path: ".env", contents: Array($1.utf8)) }
    var environment = ComposeEnvironment()
    environment.values = ["A": "0", "E": "0"]
    environment.add(files)
    #expect(environment.values.all == ["A": "0", "B": "2", "D": "010", "E": "0"])
  }
}

extension Variables: ExpressibleByDictionaryLiteral {
  /// Takes the values as one layer.
  public init(dictionaryLiteral elements: (String, String)...) {
    self.init(Dictionary(elements.map { ($0.exact, $1) }, uniquingKeysWith: { $1 }))
  }

  init(_ values: [ExactText: String]) {
    self.init()
    lay(under: values.mapValues { Setting(value: $0) })
  }

  /// All values.
  fileprivate var all: [ExactText: String] {
    layers.reduce(into: [:]) { all, layer in all.merge(layer.mapValues(\.value)) { own, _ in own } }
  }
}
