import PortModel
import SourceText
import SourceYAML

/// Gathers what shows that a process asks who is there: settings and arguments that speak of passwords, keys or access.
///
/// What may be set in a file that is not seen leaves it open.
struct AuthenticationEvidence {
  private var shown = Truth.no
  /// Whether a setting takes away what the image asks for by itself.
  private var isSwitchedOff = false

  var truth: Truth { isSwitchedOff ? .no : shown }

  private static let settings = WordList(["password", "passwd", "secret", "token", "auth", "security.enabled"])
  private static let arguments = WordList(["requirepass", "aclfile", "auth", "keyfile", "tls", "password"])
  private static let files = WordList([".conf", ".cfg", ".yml", ".yaml"])
  private static let scripts = WordList([".sh", "$"])
  private static let refusals = WordList(["allow_empty", "allow_anonymous"])
  private static let switches = WordList(["disable_security_plugin", "security.disabled"])
  private static let names = WordList(settings.words + switches.words)
  private static let security = WordList(["security.enabled"])
  private static let noes = ["false", "no", "off", "0", "disabled", ""]

  /// Notes an environment variable with its value, if one is written.
  mutating func note(variable name: YAMLText, value: YAMLText?) {
    // A variable may hold arguments, as `REDIS_ARGS` does.
    if let value, value.first == UInt8(ascii: "-"), value.dropFirst().first == UInt8(ascii: "-") {
      note(argument: value)
    }
    // Most names say nothing of it, in one look.
    guard AuthenticationEvidence.names.isSaid(in: name) else { return }
    let isOff = value.map { AuthenticationEvidence.noes.contains(String(decoding: $0, as: UTF8.self)) } ?? false
    if AuthenticationEvidence.switches.isSaid(in: name) {
      if !isOff { isSwitchedOff = true }
      return
    }
    guard AuthenticationEvidence.settings.isSaid(in: name) else { return }
    if isOff, AuthenticationEvidence.security.isSaid(in: name) { isSwitchedOff = true }
    if AuthenticationEvidence.refusals.isSaid(in: name) { return }
    if !isOff { shown = .yes }
  }

  /// Notes the image: OpenSearch asks by default, and Elasticsearch from version 8 on.
  mutating func note(image: String) {
    let file = image.fileName
    guard let first = file.utf8.first, first == UInt8(ascii: "o") || first == UInt8(ascii: "e") else { return }
    let name = file.utf8.prefix { $0 != UInt8(ascii: ":") }
    if name.elementsEqual("opensearch".utf8) {
      shown = .yes
    } else if name.elementsEqual("elasticsearch".utf8) {
      let version = file.dropFirst(name.count + 1).prefix { $0 != "." && $0 != "-" }
      if let version = Int(version) { shown = version < 8 ? shown : .yes } else { noteHidden() }
    }
  }

  /// Notes a file that the process may be given.
  mutating func note(file text: YAMLText) {
    if AuthenticationEvidence.files.isSaid(in: text) { noteHidden() }
  }

  /// Notes a part of the command.
  mutating func note(argument text: YAMLText) {
    if AuthenticationEvidence.arguments.isSaid(in: text) {
      shown = .yes
    } else if AuthenticationEvidence.scripts.isSaid(in: text) {
      noteHidden()
    } else {
      note(file: text)
    }
  }

  /// Notes that something is set in a file, or by a variable, that is not seen.
  mutating func noteHidden() {
    shown = shown || .unknown
  }
}

/// Lower-case words that a text may hold in whatever case.
private struct WordList {
  let words: [StaticString]
  /// The lower five bits of the words' first bytes, in which both cases of a letter are alike.
  private let initials: [UInt8]
  /// Bit *n* stands for bytes that are *n* in their lower five bits: those that words begin with, and those that come
  /// second.
  private let firsts, seconds: UInt32

  init(_ words: [StaticString]) {
    self.words = words
    initials = words.map { $0.bytes[0] & 31 }
    firsts = words.reduce(0) { $0 | 1 << UInt32($1.bytes[0] & 31) }
    seconds = words.reduce(0) { $0 | ($1.bytes.count == 1 ? .max : 1 << UInt32($1.bytes[1] & 31)) }
  }

  /// Whether the text holds one of the words.
  func isSaid(in text: YAMLText) -> Bool {
    text.withContiguousStorageIfAvailable { text in
      var at = 0
      while at < text.count {
        // At most places no word begins.
        let initial = text[at] & 31
        if firsts & 1 << UInt32(initial) != 0, at + 1 == text.count || seconds & 1 << UInt32(text[at + 1] & 31) != 0,
          words.indices.contains(where: { initials[$0] == initial && holds(words[$0], text, at: at) })
        {
          return true
        }
        at += 1
      }
      return false
    } ?? false
  }

  private func holds(_ word: StaticString, _ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    let word = word.bytes
    guard start + word.count <= text.count else { return false }
    var offset = 0
    while offset < word.count, text[start + offset].lowercasedASCII == word[offset] { offset += 1 }
    return offset == word.count
  }
}
