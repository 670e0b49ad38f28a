import PortModel

/// One thing that portlint checks, as its file in `rules/` declares it.
package struct Rule: Sendable {
  package var id: String
  package var family: RuleInfo.Family
  /// The severity in the preset `recommended`; nothing for a rule that is off there.
  package var severity: Severity?
  /// Whether it may not be turned off: what it says decides whether portlint did its job.
  package var isRequired: Bool
  /// Whether it is a team's: presets, which know portlint's rules only, leave it alone.
  package var isOwn: Bool
  package var summary: String
  package var condition: Condition
  package var message: Message
  /// The messages and remedies of the variants that a problem or a relation may give.
  package var cases: [String: Message]
  /// Rules that, where they fire on the same claim, say it better.
  package var yieldsTo: [String]

  package init(
    id: String, family: RuleInfo.Family, severity: Severity?, isRequired: Bool = false, isOwn: Bool = false,
    summary: String,
    condition: Condition, message: Message, cases: [String: Message] = [:], yieldsTo: [String] = []
  ) {
    self.id = id
    self.family = family
    self.severity = severity
    self.isRequired = isRequired
    self.isOwn = isOwn
    self.summary = summary
    self.condition = condition
    self.message = message
    self.cases = cases
    self.yieldsTo = yieldsTo
  }

  /// How a finding is said, and what to write instead.
  package struct Message: Sendable {
    package var text: Template
    package var help: Template
    /// What mends every finding that says this.
    package var fix: Remedy?

    package init(text: Template, help: Template, fix: Remedy? = nil) {
      self.text = text
      self.help = help
      self.fix = fix
    }
  }

  /// What makes the rule fire; boxed, for rules are handed on more often than they are asked.
  package indirect enum Condition: Sendable {
    /// The formats find it while they read.
    case reading
    /// It holds for single claims.
    case binding(PolicyEngine.Condition)
    /// It holds for single references.
    case reference(PolicyEngine.Condition)
    /// It holds between claims or references.
    case relation(Relation, outcome: Relation.Outcome)
  }
}

/// A message with placeholders in braces.
package struct Template: Hashable, Sendable {
  package enum Part: Hashable, Sendable {
    case text(String)
    case placeholder(Placeholder)
  }

  package let parts: [Part]

  /// The placeholders that the template uses.
  package var placeholders: Set<Placeholder> {
    Set(
      parts.compactMap { part in
        if case .placeholder(let placeholder) = part { placeholder } else { nil }
      })
  }

  /// Makes a template that was read before.
  package init(parts: [Part]) {
    self.parts = parts
  }

  /// A word in braces, with its place in the text without them: UTF-8 offsets.
  struct Word: Error {
    var text: String
    var place: Range<Int>
    /// Whether there is a brace behind it.
    var isClosed = true
  }

  /// Reads a template; `{{` and `}}` stand for single braces.
  ///
  /// - Parameter words: Takes the words in braces, in order.
  init(_ text: String, words: inout [Word]) throws(Word) {
    var parts: [Part] = []
    var plain: [UInt8] = []
    let bytes = Array(text.utf8)
    let (opening, closing) = (UInt8(ascii: "{"), UInt8(ascii: "}"))
    func word(_ range: Range<Int>) -> Word { Word(text: String(decoding: bytes[range], as: UTF8.self), place: range) }
    func flush() {
      if !plain.isEmpty { parts.append(.text(String(decoding: plain, as: UTF8.self))) }
      plain = []
    }
    var at = 0
    while at < bytes.count {
      let byte = bytes[at]
      if byte == opening || byte == closing, at + 1 < bytes.count, bytes[at + 1] == byte {
        plain.append(byte)
        at += 2
      } else if byte == opening {
        guard let end = bytes[at...].firstIndex(of: closing) else {
          var open = word(at + 1..<bytes.count)
          open.isClosed = false
          throw open
        }
        let word = word(at + 1..<end)
        guard let placeholder = Placeholder(rawValue: word.text) else { throw word }
        words.append(word)
        flush()
        parts.append(.placeholder(placeholder))
        at = end + 1
      } else {
        plain.append(byte)
        at += 1
      }
    }
    flush()
    self.parts = parts
  }

  /// The text with every placeholder replaced; one without a value shows its own name in braces.
  ///
  /// A value may be as long as a file, and a template may name it often: each is shown in part then.
  func filled(with values: PlaceholderValues) -> String {
    let longest = Related.longestMessage
    var result = ""
    // No code point takes more bytes.
    for part in parts where result.utf8.count <= 4 * longest {
      switch part {
      case .text(let text): result += text.shortened(to: longest + 1)
      case .placeholder(let placeholder): result += values[placeholder].map(\.shortened) ?? "{\(placeholder.rawValue)}"
      }
    }
    return result.shortened(to: longest)
  }
}
