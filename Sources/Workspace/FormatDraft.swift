import ManifestFormats
import SourceText
import SourceYAML

/// A first description of a format, from the keys of one of its files that look like ports: for its owner to correct.
package struct FormatDraft {
  /// The format file.
  package let text: String
  /// How many places of ports it has.
  package let places: Int

  /// Whether a format may be called so.
  package static func isID(_ text: String) -> Bool { isFormatID(text) }

  /// - Returns: Nothing where the file has no key that looks like one.
  package init?(of file: SourceFile, id: String) {
    var found: [DraftPlace] = []
    _ = readYAML(file, keepingCommentsWith: "portlint:") { document in
      document.root.addDraftPlaces(below: [], to: &found)
    }
    let places = found.withNamesLeftOpen
    guard let first = places.first else { return nil }
    self.places = places.count
    let name = file.shownPath.dropFirst(file.shownPath.folderPath.count)
    text = """
      # What portlint made of \(name) by the keys that look like ports, for its owner to correct; docs/formats.md says what may
      # stand here. What is read of a file, and found in one, belongs in 'passes' and 'fails': 'portlint test-rules' runs them.
      format: \(id)
      summary: files like \(name)
      # As much as only this format has.
      recognise:
        - {keys: \(quoted(first.recognition))}
      \(FormatDraft.section("claims", places.filter { $0.reference == nil }))\
      \(FormatDraft.section("references", places.filter { $0.reference != nil }))
      """
  }

  private static func section(_ key: String, _ places: [DraftPlace]) -> String {
    places.isEmpty ? "" : "\(key):\n" + places.map(\.text).joined()
  }
}

/// A text of YAML that holds whatever a path does.
private func quoted(_ text: String) -> String {
  "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
}

/// Where a port seems to stand.
private struct DraftPlace {
  var steps: [Step]
  let value: Value

  enum Step: Hashable {
    case key(String)
    case items
    /// A key that differs from one place to the other.
    case open
  }

  enum Value: Hashable {
    case port
    case publishedPort
    case address
    case url
    case host
  }

  /// The grammar of what points at somebody's port; nothing for a claim.
  var reference: String? {
    switch value {
    case .url: "url"
    case .host: "host-port"
    case .port, .publishedPort, .address: nil
    }
  }

  private var entry: String {
    switch value {
    case .publishedPort: "docker-short"
    case .address: "address-port"
    default: "port"
    }
  }

  var text: String {
    let path = "  - at: \(quoted(description(open: "{name}")))\n"
    let owner = steps.contains(.open) ? "    owner: {kind: \(kind), name: \"{name}\"}\n" : ""
    if let reference {
      return path + owner + "    grammar: \(reference)\n    called: \(lastKey)\n"
    }
    let isPublished = value == .publishedPort
    return path + owner + """
          role: \(isPublished ? "publish" : "listen")
          scope: \(isPublished ? "host" : "namespace")
          model: \(isPublished ? "docker" : "linux")
          entry: \(entry)

      """
  }

  /// The keys by which a document like this may be known.
  var recognition: String { description(open: "*") }

  private var lastKey: String {
    steps.reduce("a port") { last, step in if case .key(let key) = step { key } else { last } }
  }

  /// What holds the keys that differ, as one of several.
  private var kind: String {
    let outer = steps.prefix { $0 != .open }.reduce("part") { last, step in
      if case .key(let key) = step { key } else { last }
    }
    return outer.hasSuffix("s") && outer.count > 2 ? String(outer.dropLast()) : outer
  }

  private func description(open: String) -> String {
    var isOpened = false
    return steps.reduce("") { text, step in
      switch step {
      case .items: return text + "[]"
      case .key(let key): return text + (text.isEmpty ? "" : ".") + "\(DocumentPath(key: key))"
      case .open:
        defer { isOpened = true }
        return text + (text.isEmpty ? "" : ".") + (isOpened ? "*" : open)
      }
    }
  }
}

extension [DraftPlace] {
  /// The places with keys left open where several differ in one alone, each once, in the order of the text.
  fileprivate var withNamesLeftOpen: [DraftPlace] {
    var places = self
    var depth = 0
    while depth < (places.map(\.steps.count).max() ?? 0) {
      var siblings: [[DraftPlace.Step]: Set<DraftPlace.Step>] = [:]
      for place in places where depth < place.steps.count - 1 {
        siblings[place.steps.without(depth), default: []].insert(place.steps[depth])
      }
      for index in places.indices where depth < places[index].steps.count - 1 {
        let steps = places[index].steps
        if case .key = steps[depth], siblings[steps.without(depth)]?.count ?? 0 > 1 {
          places[index].steps[depth] = .open
        }
      }
      depth += 1
    }
    var said: Set<[DraftPlace.Step]> = []
    return places.filter { said.insert($0.steps).inserted }
  }
}

extension [DraftPlace.Step] {
  /// The steps with any key in the place of one.
  fileprivate func without(_ index: Int) -> [DraftPlace.Step] {
    var steps = self
    steps[index] = .open
    return steps
  }
}

extension YAMLNode {
  /// How many places a draft has: an owner corrects no more.
  private static let mostDraftPlaces = 200

  fileprivate func addDraftPlaces(below steps: [DraftPlace.Step], to found: inout [DraftPlace]) {
    if found.count >= YAMLNode.mostDraftPlaces || alias != nil { return }
    for item in items { item.addDraftPlaces(below: steps + [.items], to: &found) }
    for entry in entries where entry.key.isScalar && !entry.key.bytes.isEmpty && !entry.key.bytes.contains(0x22) {
      entry.value.addDraftPlaces(below: steps + [.key(entry.key.text)], to: &found)
    }
    guard isScalar, let key = steps.lastDraftKey, let value = draftValue(under: key, isItem: steps.last == .items)
    else {
      return
    }
    found.append(DraftPlace(steps: steps, value: value))
  }

  /// What a scalar is under a key that says so.
  private func draftValue(under key: String, isItem: Bool) -> DraftPlace.Value? {
    let word = key.lowercased()
    let text = self.text
    let port = text.split(separator: ":", omittingEmptySubsequences: false).last.flatMap { UInt16($0) }
    if word.hasSuffix("port") || word.hasSuffix("ports") {
      if text.contains(":") { return isItem ? .publishedPort : .address }
      return port == nil ? nil : .port
    }
    if text.contains("://") { return port == nil && !text.hasPrefix("http") ? nil : .url }
    guard text.contains(":"), port != nil else { return nil }
    if ["listen", "bind", "address", "addr"].contains(where: { word.contains($0) }) { return .address }
    let host = text.prefix { $0 != ":" }
    let isAsked = ["host", "target", "upstream", "server", "backend", "endpoint", "url"].contains { word.contains($0) }
    let isName = host.contains(".") && host.first?.isLetter ?? false || host == "localhost"
    return (isAsked || isName) && !text.contains("/") ? .host : nil
  }
}

extension [DraftPlace.Step] {
  fileprivate var lastDraftKey: String? {
    for step in reversed() { if case .key(let key) = step { return key } }
    return nil
  }
}
