import PortModel
import SourceText

/// Gathers what shows that a process asks who is there: settings and arguments that speak of passwords, keys or access.
///
/// What may be set in a file that is not seen leaves it open.
struct AuthenticationEvidence {
  private(set) var truth = Truth.no

  private static let settings: [StaticString] = ["password", "passwd", "secret", "token", "auth", "security.enabled"]
  private static let arguments: [StaticString] = ["requirepass", "aclfile", "auth", "keyfile", "tls", "password"]
  private static let files: [StaticString] = [".conf", ".cfg", ".yml", ".yaml", ".sh", "$"]
  private static let refusals: [StaticString] = ["allow_empty", "allow_anonymous"]

  /// Notes an environment variable with its value, if one is written.
  mutating func note(variable name: ArraySlice<UInt8>, value: ArraySlice<UInt8>?) {
    guard truth != .yes, AuthenticationEvidence.settings.contains(where: name.containsIgnoringCase) else { return }
    if AuthenticationEvidence.refusals.contains(where: name.containsIgnoringCase) { return }
    let isOff = value.map { ["false", "no", "off", "0", "disabled", ""].contains(String(decoding: $0, as: UTF8.self)) }
    if isOff != true { truth = .yes }
  }

  /// Notes a part of the command.
  mutating func note(argument text: ArraySlice<UInt8>) {
    guard truth != .yes else { return }
    if AuthenticationEvidence.arguments.contains(where: text.containsIgnoringCase) {
      truth = .yes
    } else if AuthenticationEvidence.files.contains(where: text.containsIgnoringCase) {
      noteHidden()
    }
  }

  /// Notes that something is set in a file, or by a variable, that is not seen.
  mutating func noteHidden() {
    truth = truth || .unknown
  }
}

extension ArraySlice<UInt8> {
  /// Whether the text holds a lower-case word, in whatever case.
  fileprivate func containsIgnoringCase(_ word: StaticString) -> Bool {
    let (first, length) = (word.utf8Start[0], word.utf8CodeUnitCount)
    return withUnsafeBufferPointer { text in
      var start = 0
      while start + length <= text.count {
        // Most bytes are not the word's first, in either case; a letter's cases differ in one bit.
        if text[start] | 0x20 == first | 0x20 {
          var offset = 0
          while offset < length, text[start + offset].lowercasedASCII == word.utf8Start[offset] { offset += 1 }
          if offset == length { return true }
        }
        start += 1
      }
      return false
    }
  }
}
