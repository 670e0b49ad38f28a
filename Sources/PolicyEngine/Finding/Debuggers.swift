import PortModel

/// What lets whoever reaches it run code in a process: a debugger, or Java's management without a password.
struct DebuggingPort {
  var service: String
  var port: UInt16

  /// What stands wherever there is one.
  static let signs: [StaticString] = ["jdwp", "jmxremote", "--inspect"]

  /// The ports that what starts a process opens to everybody for debugging.
  static func all(in startup: Startup) -> [DebuggingPort] {
    guard startup.holds(anyOf: signs) else { return [] }
    let texts = startup.variables.pairs.compactMap(\.value) + startup.command.texts + startup.entrypoint.texts
    let words = texts.flatMap { $0.split { $0.isWhitespace || $0 == "\"" || $0 == "'" } }
    return words.compactMap { java($0) ?? node($0) } + management(words)
  }

  /// JDWP on every address: `-agentlib:jdwp=transport=dt_socket,server=y,address=*:5005`; before Java 9 a number alone
  /// meant that too, and today it means this machine.
  ///
  /// Source: Oracle, "Connection and Invocation Details" of the Java Platform Debugger Architecture.
  private static func java(_ word: Substring) -> DebuggingPort? {
    guard ["-agentlib:jdwp=", "-Xrunjdwp:"].contains(where: word.contains) else { return nil }
    let address = word.split(separator: ",").last { $0.contains("address=") }?.split(separator: "=").last
    return address.flatMap(portOfEveryAddress).map { DebuggingPort(service: "the Java debugger (JDWP)", port: $0) }
  }

  /// Node's inspector on every address: `--inspect=0.0.0.0:9229`; without one it is for this machine.
  ///
  /// Source: Node.js documentation, "Command-line API", `--inspect`.
  private static func node(_ word: Substring) -> DebuggingPort? {
    let parts = word.split(separator: "=", maxSplits: 1)
    guard parts.count == 2, ["--inspect", "--inspect-brk", "--inspect-wait"].contains(parts[0]) else { return nil }
    let isEvery = parts[1] == "0.0.0.0" || parts[1] == "[::]"
    return (isEvery ? 9229 : portOfEveryAddress(parts[1])).map {
      DebuggingPort(service: "the Node.js inspector", port: $0)
    }
  }

  /// JMX without a password: the two properties may stand in several words of a command.
  ///
  /// Source: Oracle, "Monitoring and Management Using JMX Technology".
  private static func management(_ words: [Substring]) -> [DebuggingPort] {
    let properties = "-Dcom.sun.management.jmxremote."
    guard words.contains(where: { $0 == properties + "authenticate=false" }) else { return [] }
    return words.filter { $0.hasPrefix(properties + "port=") }.compactMap { word in
      UInt16(word.dropFirst(properties.count + 5)).map { DebuggingPort(service: "Java's management (JMX)", port: $0) }
    }
  }

  private static func portOfEveryAddress(_ text: Substring) -> UInt16? {
    let every = ["*:", "0.0.0.0:", "[::]:"].first(where: text.hasPrefix)
    return every.flatMap { UInt16(text.dropFirst($0.count)) }
  }
}
