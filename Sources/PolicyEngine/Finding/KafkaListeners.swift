import PortModel
import SourceText

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
