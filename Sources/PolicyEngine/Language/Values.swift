import PortModel
import SourceText
import SourceYAML

/// Reads `80` or `7000-7099`; anything else goes to `problems`.
func decodePorts(_ text: String, at place: SourceRange, problems: inout [DecodingProblem]) -> PortRange? {
  let bounds = text.split(separator: "-", omittingEmptySubsequences: false)
  guard bounds.count <= 2, bounds.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(\.isASCIIDigit) }) else {
    problems.report(.expected("a port or a range such as 7000-7099"), at: place)
    return nil
  }
  // Some readers of YAML take 010 for 8.
  if let octal = bounds.first(where: { $0.count > 1 && $0.hasPrefix("0") }) {
    problems.report(.other("'\(octal)' begins with a zero, so that some read it as octal"), at: place)
    return nil
  }
  if let tooHigh = bounds.first(where: { UInt16($0) == nil }) {
    problems.report(.other("\(tooHigh) is no port: they end at 65535"), at: place)
    return nil
  }
  let range = PortRange(text)
  if range == nil { problems.report(.other("the range \(text) runs backwards"), at: place) }
  return range
}

/// Reads a protocol's name, in whatever case.
func decodeTransport(
  _ text: String, at place: SourceRange, problems: inout [DecodingProblem]
) -> TransportProtocol? {
  let transport = TransportProtocol(name: text)
  if TransportProtocol.registered.contains(transport) { return transport }
  let known = TransportProtocol.registered.map(\.name)
  problems.report(.unknownWord(text, of: "protocol", NearWords(to: text, among: known)), at: place)
  return nil
}

/// A scalar with a text, or the scalars of a sequence of at least one, none of them empty.
func decodeSomeTexts(_ node: YAMLNode, _ expected: String, problems: inout [DecodingProblem]) -> [YAMLNode] {
  let isEmpty = { (node: YAMLNode) in node.isUnsaid || node.isScalar && node.bytes.isEmpty }
  if node.isSequence ? node.count == 0 : isEmpty(node) {
    problems.report(.expected(expected), at: node.range)
    return []
  }
  return (node.isSequence ? Array(node.items) : [node]).filter { item in
    guard isEmpty(item) else { return true }
    problems.report(.expected(expected), at: item.range)
    return false
  }.filter { item in
    if !item.isScalar { problems.report(.expected("text or a list of texts"), at: item.range) }
    return item.isScalar
  }
}
