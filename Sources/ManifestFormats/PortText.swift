import PortModel
import SourceText

/// Reads a port or a range of ports from text as Docker's `nat` package does: decimal, leading zeros and `+` allowed,
/// `start-end` with start no greater than end, 0–65535.
///
/// - Parameter shown: What people are shown of the text, where that is not the text.
func parsePorts(
  _ text: some Collection<UInt8>, shown: (() -> String)? = nil
) -> Result<PortRange, Problem.InvalidPort> {
  let shown = shown ?? { String(decoding: text, as: UTF8.self) }
  // Most texts are one port.
  if text.allSatisfy(\.isASCIIDigit) { return parsePort(text, shown: shown).map { PortRange($0) } }
  let parts = text.split(separator: UInt8(ascii: "-"), maxSplits: 2, omittingEmptySubsequences: false)
  guard parts.count <= 2 else { return .failure(.notAPort(shown())) }
  var ports: [UInt16] = []
  for part in parts {
    switch parsePort(part) {
    case .success(let port): ports.append(port)
    case .failure(.outOfRange): return .failure(.outOfRange(shown()))
    case .failure: return .failure(.notAPort(shown()))
    }
  }
  guard let first = ports.first, let last = ports.last else { return .failure(.notAPort(shown())) }
  return PortRange(first, through: last).map { .success($0) } ?? .failure(.reversedRange(shown()))
}

/// Reads one port: decimal, leading zeros and `+` allowed, 0–65535.
///
/// - Parameter shown: What people are shown of the text, where that is not the text.
func parsePort(
  _ text: some Collection<UInt8>, shown: (() -> String)? = nil
) -> Result<UInt16, Problem.InvalidPort> {
  var digits = text[...]
  if digits.first == UInt8(ascii: "+") { digits = digits.dropFirst() }
  let shown = shown ?? { String(decoding: text, as: UTF8.self) }
  guard !digits.isEmpty, digits.allSatisfy(\.isASCIIDigit) else { return .failure(.notAPort(shown())) }
  var port = 0
  for digit in digits {
    port = port * 10 + Int(digit - UInt8(ascii: "0"))
    if port > 65535 { return .failure(.outOfRange(shown())) }
  }
  return .success(UInt16(port))
}

extension Problem.InvalidPort: Error {}
