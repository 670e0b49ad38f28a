import PortModel
import SourceText

/// Gathers what shows that a process asks who is there: settings and arguments that speak of passwords, keys or access.
///
/// What may be set in a file that is not seen leaves it open.
struct AuthenticationEvidence {
  private(set) var truth = Truth.no

  /// Notes an environment variable with its value, if one is written.
  mutating func note(variable name: String, value: String?) {
    let name = name.uppercased()
    if name.hasPrefix("ALLOW_EMPTY") || name.hasPrefix("ALLOW_ANONYMOUS") { return }
    let isSetting = ["PASSWORD", "PASSWD", "SECRET", "TOKEN", "AUTH", "SECURITY.ENABLED"].contains(where: name.contains)
    let isOff = ["false", "no", "off", "0", "disabled", ""].contains(value?.lowercased() ?? "set")
    if isSetting, !isOff { truth = .yes }
  }

  /// Notes a part of the command.
  mutating func note(argument text: String) {
    let text = text.lowercased()
    if ["requirepass", "aclfile", "auth", "keyfile", "tls", "password"].contains(where: text.contains) {
      truth = .yes
    } else if [".conf", ".cfg", ".yml", ".yaml", "$", ".sh"].contains(where: text.contains) {
      noteHidden()
    }
  }

  /// Notes that something is set in a file, or by a variable, that is not seen.
  mutating func noteHidden() {
    truth = truth || .unknown
  }
}
