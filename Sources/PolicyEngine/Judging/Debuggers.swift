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

/// Kafka's listeners, of which those in plain text let anyone in.
///
/// Source: Apache Kafka documentation, "Broker Configs", `listeners`, `advertised.listeners` and
/// `listener.security.protocol.map`; confluentinc/cp-kafka, which listens where it advertises.
struct KafkaListeners {
  /// The ports of listeners that say theirs, by whether they are in plain text; nothing where that is not known.
  private var isPlain: [UInt16: Truth] = [:]
  /// Whether a text says that listeners are without a guard.
  private let isAllowed: Bool
  /// What stands wherever listeners are named.
  static let sign: StaticString = "LISTENERS"
  /// Where a broker listens that is told nothing else.
  static let usualPort: UInt16 = 9092
  /// Whether nothing says anything of listeners.
  private let isSilent: Bool

  init(_ startup: Startup) {
    let variables = startup.variables.pairs
    func value(_ names: [String]) -> String? {
      variables.last { names.contains($0.name) }?.value
    }
    var protocols: [Substring: Substring] = [:]
    let map = value(["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "KAFKA_CFG_LISTENER_SECURITY_PROTOCOL_MAP"]) ?? ""
    for pair in map.split(separator: ",") {
      let parts = pair.split(separator: ":").map { $0.trimming(" ") }
      if parts.count == 2 { protocols[parts[0]] = parts[1] }
    }
    let listeners =
      value(["KAFKA_LISTENERS", "KAFKA_CFG_LISTENERS"])
      ?? value(["KAFKA_ADVERTISED_LISTENERS", "KAFKA_CFG_ADVERTISED_LISTENERS"])
    for listener in (listeners ?? "").split(separator: ",") {
      guard let last = listener.split(separator: ":").last, let port = UInt16(last.trimming(" ")),
        listener.contains("://")
      else { continue }
      let name = listener.prefix { $0 != ":" }.trimming(" ")
      let spoken = protocols[name] ?? name
      isPlain[port] = spoken.contains("$") ? .unknown : Truth(spoken == "PLAINTEXT")
    }
    isAllowed = ["yes", "true"].contains(value(["ALLOW_PLAINTEXT_LISTENER"])?.lowercased())
    let isTold = variables.contains { $0.name.hasPrefix("KAFKA_") && $0.name.contains("LISTENER") }
    isSilent = !isTold && startup.unseen.isEmpty && startup.command.isEmpty && startup.entrypoint.isEmpty
  }

  /// Whether whoever reaches a port is let in.
  ///
  /// - Parameter image: Apache's own listens in plain text on 9092 where nothing is said.
  func areOpen(on port: UInt16, image: ImageName) -> Bool {
    if let known = isPlain[port] { return known == .yes }
    guard port == KafkaListeners.usualPort, isPlain.isEmpty else { return false }
    return isAllowed || isSilent && ["apache/kafka", "apache/kafka-native"].contains(image.path)
  }
}

extension Substring {
  fileprivate func trimming(_ blank: Character) -> Substring {
    var text = drop { $0 == blank }
    while text.last == blank { text.removeLast() }
    return text
  }
}
