import PortModel
import SourceText

/// Gathers what shows that a process asks who is there: settings and arguments that speak of passwords, keys or access.
///
/// What may be set in a file that is not seen leaves it open.
struct AuthenticationEvidence {
  private var shown = Truth.no
  /// Whether a setting takes away what the image asks for by itself.
  private var isSwitchedOff = false

  var truth: Truth { isSwitchedOff ? .no : shown }

  private static let settings: [StaticString] = ["password", "passwd", "secret", "token", "auth", "security.enabled"]
  private static let arguments: [StaticString] = ["requirepass", "aclfile", "auth", "keyfile", "tls", "password"]
  private static let files: [StaticString] = [".conf", ".cfg", ".yml", ".yaml"]
  private static let scripts: [StaticString] = [".sh", "$"]
  private static let refusals: [StaticString] = ["allow_empty", "allow_anonymous"]
  private static let switches: [StaticString] = ["disable_security_plugin", "security.disabled"]
  private static let noes = ["false", "no", "off", "0", "disabled", ""]

  /// Notes an environment variable with its value, if one is written.
  mutating func note(variable name: ArraySlice<UInt8>, value: ArraySlice<UInt8>?) {
    // A variable may hold arguments, as `REDIS_ARGS` does.
    if let value, value.starts(with: "--".utf8) { note(argument: value) }
    let isOff = value.map { AuthenticationEvidence.noes.contains(String(decoding: $0, as: UTF8.self)) } ?? false
    if AuthenticationEvidence.switches.contains(where: name.containsIgnoringCase) {
      if !isOff { isSwitchedOff = true }
      return
    }
    guard AuthenticationEvidence.settings.contains(where: name.containsIgnoringCase) else { return }
    if isOff, name.containsIgnoringCase("security.enabled") { isSwitchedOff = true }
    if AuthenticationEvidence.refusals.contains(where: name.containsIgnoringCase) { return }
    if !isOff { shown = .yes }
  }

  /// Notes the image: OpenSearch asks by default, and Elasticsearch from version 8 on.
  mutating func note(image: String) {
    let name = image.fileName.utf8.prefix { $0 != UInt8(ascii: ":") }
    if name.elementsEqual("opensearch".utf8) {
      shown = .yes
    } else if name.elementsEqual("elasticsearch".utf8) {
      let version = image.fileName.dropFirst(name.count + 1).prefix { $0 != "." && $0 != "-" }
      if let version = Int(version) { shown = version < 8 ? shown : .yes } else { noteHidden() }
    }
  }

  /// Notes a file that the process may be given.
  mutating func note(file text: ArraySlice<UInt8>) {
    if AuthenticationEvidence.files.contains(where: text.containsIgnoringCase) { noteHidden() }
  }

  /// Notes a part of the command.
  mutating func note(argument text: ArraySlice<UInt8>) {
    if AuthenticationEvidence.arguments.contains(where: text.containsIgnoringCase) {
      shown = .yes
    } else if AuthenticationEvidence.scripts.contains(where: text.containsIgnoringCase) {
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
