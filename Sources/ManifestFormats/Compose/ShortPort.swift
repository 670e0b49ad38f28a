import PortModel
import SourceText

/// A Compose port entry in short syntax, `[[address:][host]:]container[/protocol]`, taken apart.
///
/// The grammar is that of go-connections v0.7 (`nat.ParsePortSpec`), which Compose and Docker share; the parts are UTF-8
/// offsets in the text. A part that holds an open variable has no value.
struct ShortPort {
  var address: Range<Int>?
  var published: Range<Int>?
  var target: Range<Int>
  var transport: Range<Int>?

  /// The address as text, without brackets, and as a number.
  var addressText: String?
  var addressValue: IPAddress?
  /// The host's ports; nothing where none are written or a variable is open.
  var publishedPorts: PortRange?
  var targetPorts: PortRange?
  /// The protocol; nothing where a variable is open.
  var transportValue: TransportProtocol?

  /// What people are shown of a part of the text.
  private let shown: (Range<Int>) -> String

  /// Why a text is no entry, and which part of it is at fault.
  struct Failure: Error {
    var cause: Problem.Cause
    var part: Range<Int>
  }

  /// Takes a text apart, in the order in which the reference parser checks it.
  init(_ text: ComposeText) throws(Failure) {
    try self.init(text.bytes) { text.shown($0) }
  }

  /// - Parameter shown: What people are shown of a part of the text.
  init(_ text: [UInt8], shown: @escaping (Range<Int>) -> String) throws(Failure) {
    self.shown = shown
    let colon = text.lastIndex(of: UInt8(ascii: ":"))
    let containerStart = colon.map { $0 + 1 } ?? 0
    if let colon {
      // Everything before the last two parts is the address, so a bare IPv6 address needs no brackets.
      let earlier = text[..<colon].lastIndex(of: UInt8(ascii: ":"))
      address = earlier.map { 0..<$0 }
      published = (earlier.map { $0 + 1 } ?? 0)..<colon
    }
    let slash = text[containerStart...].firstIndex(of: UInt8(ascii: "/"))
    target = containerStart..<(slash ?? text.count)
    transport = slash.map { $0 + 1..<text.count }
    if address?.isEmpty == true { address = nil }
    if published?.isEmpty == true { published = nil }
    if transport?.isEmpty == true { transport = nil }

    guard !target.isEmpty else {
      throw Failure(cause: .invalidPort(.noContainerPort(shown(0..<text.count))), part: 0..<text.count)
    }
    try readTransport(text)
    try readAddress(text)
    targetPorts = try ports(text, target)
    publishedPorts = try published.flatMap { part throws(Failure) in try ports(text, part) }
    if let publishedPorts, let targetPorts, publishedPorts.count != targetPorts.count, !targetPorts.isSingle {
      let host = shown(published ?? target)
      throw Failure(
        cause: .invalidPort(.unequalRanges(host: host, container: shown(target))),
        part: (published ?? target).lowerBound..<target.upperBound)
    }
  }

  private mutating func readTransport(_ text: [UInt8]) throws(Failure) {
    guard let transport else {
      transportValue = .tcp
      return
    }
    guard !text[transport].contains(InterpolatedText.unknown) else { return }
    let value = TransportProtocol(name: String(decoding: text[transport], as: UTF8.self))
    if case .other = value {
      let (written, expected) = (shown(transport), "tcp, udp or sctp")
      let fault = ShortPort.repeatedProtocol(text[transport]).map { one in
        Problem.InvalidProtocol.repeated(written, of: one, expected: expected)
      }
      throw Failure(cause: .invalidProtocol(fault ?? .unknown(written, expected: expected)), part: transport)
    }
    transportValue = value
  }

  private mutating func readAddress(_ text: [UInt8]) throws(Failure) {
    guard let address, !text[address].contains(InterpolatedText.unknown) else { return }
    var inner = text[address]
    if inner.first == UInt8(ascii: "["), inner.last == UInt8(ascii: "]") { inner = inner.dropFirst().dropLast() }
    // Nothing between brackets is no address (`net.SplitHostPort` answers an empty host, which is let through).
    if inner.isEmpty, !text[address].isEmpty {
      self.address = nil
      return
    }
    let written = String(decoding: inner, as: UTF8.self)
    guard let value = IPAddress(written) else {
      let isBehind = [published, target].contains { $0.map { isAddress(text, $0) } ?? false }
      let kind = isBehind ? .misplaced : Problem.InvalidAddress(text: String(decoding: text[address], as: UTF8.self))
      throw Failure(cause: .invalidAddress(shown(address), kind), part: address)
    }
    addressText = written
    addressValue = value
  }

  private func ports(_ text: [UInt8], _ part: Range<Int>) throws(Failure) -> PortRange? {
    guard !text[part].contains(InterpolatedText.unknown) else { return nil }
    switch parsePorts(text[part], shown: { shown(part) }) {
    case .success(let ports): return ports
    case .failure(let problem):
      // Only the whole entry has a protocol.
      if part != target, let slash = text[part].firstIndex(of: UInt8(ascii: "/")),
        case .success = parsePorts(text[part.lowerBound..<slash])
      {
        let entry = withProtocolAtEnd(text, part, slash)
        throw Failure(cause: .invalidPort(.protocolOnHostPort(shown(part), entry: entry)), part: part)
      }
      throw Failure(cause: .invalidPort(isAddress(text, part) ? .address(shown(part)) : problem), part: part)
    }
  }

  /// Whether a part is what can only be an address.
  private func isAddress(_ text: [UInt8], _ part: Range<Int>) -> Bool {
    text[part].contains(UInt8(ascii: ".")) && IPAddress(String(decoding: text[part], as: UTF8.self)) != nil
  }
}

extension ShortPort {
  /// The one protocol that is written again and again, as in `udp/udp`; nothing for anything else.
  private static func repeatedProtocol(_ text: ArraySlice<UInt8>) -> String? {
    let names = text.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    guard let first = names.first else { return nil }
    let transport = TransportProtocol(name: first)
    if case .other = transport { return nil }
    return names.allSatisfy { TransportProtocol(name: $0) == transport } ? first : nil
  }

  /// An entry with the protocol of its host's port once, at the end; nothing where that is no entry, or says another.
  private func withProtocolAtEnd(_ text: [UInt8], _ part: Range<Int>, _ slash: Int) -> String? {
    let name = text[slash..<part.upperBound]
    let rest = text[part.upperBound...] + (transport == nil ? name : [])
    let entry = Array(text[..<slash] + rest)
    let own = TransportProtocol(name: String(decoding: name.dropFirst(), as: UTF8.self))
    guard !text.contains(InterpolatedText.unknown), let port = try? ShortPort(entry, shown: shown),
      port.transportValue == own
    else { return nil }
    return String(decoding: entry, as: UTF8.self)
  }

  /// Whether the system picks the host's port: none is written, or 0.
  var isDynamic: Bool {
    published == nil || publishedPorts == PortRange(0)
  }

  /// What the claim is on the host.
  var claim: Binding.PortClaim {
    if isDynamic { return .dynamic }
    guard let publishedPorts else { return .unresolved }
    // Of a range for one container port, Docker takes the first that is free.
    let isChoice = !publishedPorts.isSingle && (targetPorts?.isSingle ?? true)
    return .fixed(publishedPorts, isChoice ? .any : .all)
  }
}

extension Problem.InvalidAddress {
  /// What keeps a text from being an address.
  init(text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let isDotted = parts.count == 4 && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(\.isASCIIDigit) }
    if text.contains("%") {
      self = .zone
    } else if isDotted, parts.contains(where: { $0.count > 1 && $0.first == "0" }) {
      self = .leadingZeros
    } else if text.first?.isLetter == true, !text.contains(":") {
      self = .hostName
    } else {
      self = .malformed
    }
  }
}
