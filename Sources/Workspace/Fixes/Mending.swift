import ManifestFormats
import PolicyEngine
import PortModel
import SourceText
import SourceYAML

/// Finds out how the findings of a report are mended where they stand: each file with such findings is read once more.
package struct Mending {
  private let policy: Policy
  private let inventory: Inventory
  /// By protocol, the host ports that nobody has, without those that a fix has taken.
  private var free: [TransportProtocol: PortSet] = [:]
  private lazy var claims: [SourceRange: Int] = Dictionary(
    inventory.bindings.indices.map { (inventory.bindings[$0].place, $0) }, uniquingKeysWith: { first, _ in first })

  private init(_ policy: Policy, _ inventory: Inventory) {
    self.policy = policy
    self.inventory = inventory
  }

  /// Fills in the fixes of a report's findings.
  package static func fill(_ report: inout Report, policy: Policy) {
    let numbers = report.diagnostics.indices.filter { report.diagnostics[$0].remedy != nil }
    if numbers.isEmpty { return }
    var mending = Mending(policy, report.inventory)
    for (file, numbers) in Dictionary(grouping: numbers, by: { report.diagnostics[$0].place.file })
      .sorted(by: { $0.key < $1.key })
    {
      guard let file = report.files[file], file.isShown else { continue }
      let written = WrittenText.at(numbers.map { report.diagnostics[$0].place }, in: file)
      for number in numbers where !written.placesInTexts.contains(report.diagnostics[number].place) {
        let finding = report.diagnostics[number]
        let fix = mending.fix(for: finding, in: file, written.scalars[finding.place])
        report.diagnostics[number].fixes = fix.map { [$0] } ?? []
      }
    }
  }

  /// - Parameter written: The scalar that the finding points into; nothing where it points at anything else.
  private mutating func fix(for finding: Diagnostic, in file: SourceFile, _ written: WrittenText?) -> Fix? {
    guard let remedy = finding.remedy else { return nil }
    let place = finding.place
    let change: (title: String, edit: Edit?)? =
      switch remedy {
      case .write(let text): ("write '\(text)'", text.isEmpty ? nil : written?.replaced(place, by: text))
      case .rewrite(let text): ("write '\(text)'", written?.text.replaced(by: text))
      case .quote: ("put it in quotes", written?.text.quoted)
      case .unquote: ("take the quotes away", written?.text.unquoted)
      case .dropEntry: ("remove the entry", written?.withoutEntry)
      case .dropComment: ("remove the comment", file.withoutComment(around: place))
      case .anotherPort: anotherPort(finding, written)
      case .loopback: loopback(finding, written)
      }
    guard let change, let edit = change.edit else { return nil }
    return Fix(change.title, remedy.safety, edits: [edit])
  }

  /// The claim of one host port that a finding points at, where Docker takes it.
  private mutating func published(_ finding: Diagnostic) -> (ports: PortRange, transport: TransportProtocol)? {
    guard let number = claims[finding.place] else { return nil }
    let claim = inventory.bindings[number]
    guard claim.role == .publish, claim.scope.model == .docker || claim.scope.model == .sharedHost,
      inventory[claim.owner].format == .compose, claim.target != nil, let ports = claim.fixedPorts,
      let transport = claim.transport
    else { return nil }
    return (ports, transport)
  }

  private mutating func anotherPort(_ finding: Diagnostic, _ written: WrittenText?) -> (String, Edit?)? {
    guard let (ports, transport) = published(finding), ports.isSingle, let written,
      written.text(at: finding.place)?.exact == "\(ports.first)".exact
    else { return nil }
    if free[transport] == nil { free[transport] = policy.freePorts(in: nil, transport, besides: inventory) }
    // A neighbour is remembered more easily than the first port of all.
    guard let port = free[transport]?.first(from: ports.first) ?? free[transport]?.first(from: 0),
      let edit = written.replaced(finding.place, by: "\(port)")
    else { return nil }
    free[transport]?.remove(port)
    return ("publish it on \(port), which is free", edit)
  }

  private mutating func loopback(_ finding: Diagnostic, _ written: WrittenText?) -> (String, Edit?)? {
    guard published(finding) != nil, let written else { return nil }
    return ("publish it on 127.0.0.1 alone", written.onLoopback ?? shortOnLoopback(finding, written.text))
  }

  private func shortOnLoopback(_ finding: Diagnostic, _ text: EditableText) -> Edit? {
    guard text.place.contains(finding.place) else { return nil }
    let (before, rest) = (
      text.text.utf8.prefix(Int(finding.place.start - text.place.start)), finding.place.offsets.count
    )
    // Behind the host's port stands the container's, or the text is no short entry.
    guard text.text.utf8.dropFirst(before.count + rest).first == UInt8(ascii: ":") else { return nil }
    let isWritten = ["0.0.0.0:", "[::]:", ":::"].contains { before.elementsEqual($0.utf8) }
    return before.isEmpty || isWritten ? text.replaced(0..<before.count, by: "127.0.0.1:") : nil
  }
}

extension SourceFile {
  /// The file without the comment to portlint that a place lies in; nothing where it says something else besides.
  fileprivate func withoutComment(around place: SourceRange) -> Edit? {
    let place = place.offsets.clamped(to: 0..<bytes.count)
    let comma = UInt8(ascii: ",")
    // What portlint is told has no such sign in it, and so the nearest one begins the comment. Of several ids, which a
    // comment may have by thousands, none goes alone.
    guard
      let start = bytes[..<min(place.lowerBound + 1, bytes.count)].lastIndex(where: {
        $0 == UInt8(ascii: "#") || $0 == comma || $0.endsLine
      }), bytes[start] == UInt8(ascii: "#")
    else { return nil }
    // One word behind `ignore`, and a reason.
    var words: [ArraySlice<UInt8>] = []
    var rest = bytes[(start + 1)...]
    while words.count <= 3 {
      rest = rest.drop(while: \.isBlank)
      let word = rest.prefix { !$0.isBlank && !$0.endsLine }
      if word.isEmpty || word.elementsEqual("--".utf8) { break }
      words.append(word)
      rest = rest[word.endIndex...]
    }
    guard words.first?.elementsEqual("portlint:".utf8) == true, words.count <= 3, !words.joined().contains(comma) else {
      return nil
    }
    let line = (bytes[..<start].lastIndex(where: \.endsLine) ?? -1) + 1
    let end = rest.firstIndex(where: \.endsLine) ?? bytes.count
    if bytes[line..<start].allSatisfy(\.isBlank) {
      // With its line, to the end of that.
      var next = end
      if next < bytes.count { next += bytes[next...].starts(with: [0x0D, 0x0A]) ? 2 : 1 }
      return Edit(SourceRange(file: id, start: line, end: next), replacement: "")
    }
    let kept = bytes[line..<start].lastIndex { !$0.isBlank }.map { $0 + 1 } ?? line
    return Edit(SourceRange(file: id, start: kept, end: end), replacement: "")
  }
}
