import PortModel
import SourceText
import SourceYAML

/// Gathers what shows that a process asks who is there: settings and arguments that speak of passwords, keys or access.
///
/// What may be set in a file that is not seen leaves it open.
struct AuthenticationEvidence {
  private(set) var truth = Truth.no

  private static let settings = WordList(["password", "passwd", "secret", "token", "auth", "security.enabled"])
  private static let arguments = WordList(["requirepass", "aclfile", "auth", "keyfile", "tls", "password"])
  private static let files = WordList([".conf", ".cfg", ".yml", ".yaml", ".sh", "$"])
  private static let refusals = WordList(["allow_empty", "allow_anonymous"])

  /// Notes an environment variable with its value, if one is written.
  mutating func note(variable name: YAMLText, value: YAMLText?) {
    guard truth != .yes, AuthenticationEvidence.settings.isSaid(in: name) else { return }
    if AuthenticationEvidence.refusals.isSaid(in: name) { return }
    let isOff = value.map { ["false", "no", "off", "0", "disabled", ""].contains(String(decoding: $0, as: UTF8.self)) }
    if isOff != true { truth = .yes }
  }

  /// Notes a part of the command.
  mutating func note(argument text: YAMLText) {
    guard truth != .yes else { return }
    if AuthenticationEvidence.arguments.isSaid(in: text) {
      truth = .yes
    } else if AuthenticationEvidence.files.isSaid(in: text) {
      noteHidden()
    }
  }

  /// Notes that something is set in a file, or by a variable, that is not seen.
  mutating func noteHidden() {
    truth = truth || .unknown
  }
}

/// Lower-case words that a text may hold in whatever case.
private struct WordList {
  private let words: [StaticString]
  /// Bit *n* stands for the bytes that are *n* in their lower five bits, as both cases of a letter are: whether a word
  /// begins with one.
  private let firsts: UInt32

  init(_ words: [StaticString]) {
    self.words = words
    firsts = words.reduce(0) { $0 | 1 << UInt32($1.utf8Start[0] & 31) }
  }

  /// Whether the text holds one of the words.
  func isSaid(in text: YAMLText) -> Bool {
    text.withContiguousStorageIfAvailable { text in
      var at = 0
      while at < text.count {
        // Most bytes begin no word.
        if firsts & 1 << UInt32(text[at] & 31) != 0, words.contains(where: { holds($0, text, at: at) }) { return true }
        at += 1
      }
      return false
    } ?? false
  }

  private func holds(_ word: StaticString, _ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    let length = word.utf8CodeUnitCount
    guard start + length <= text.count else { return false }
    var offset = 0
    while offset < length, text[start + offset].lowercasedASCII == word.utf8Start[offset] { offset += 1 }
    return offset == length
  }
}
