import SourceText

@testable import SourceYAML

/// What reading a text came to, written so that a table can expect it.
struct ReadText {
  /// One line a document: `{key@1:1-4: "value"@1:6-13}@1:1-13`, ends exclusive; `*1:1-3` where an alias led.
  var trees: [String] = []
  /// `1:1-3=1:6-9`: the later of two equal keys and the earlier.
  var duplicates: [[String]] = []
  /// Each document's comments, `1:4-20`, with a `!` where they stand alone on their line.
  var comments: [[String]] = []
  var failure: String?
  var isTemplate = false

  /// What a document shows as, given its root.
  typealias Show = (_ root: YAMLNode, _ lines: PlaceText) -> String

  init(_ text: String, limits: YAMLLimits = .standard, showing show: Show = { $1.tree($0) }) {
    self.init(Array(text.utf8), limits: limits, showing: show)
  }

  init(_ contents: [UInt8], limits: YAMLLimits = .standard, showing show: Show = { $1.tree($0) }) {
    let file = SourceFile(id: FileID(3), path: "a.yaml", contents: contents)
    let lines = PlaceText(file)
    let outcome = readYAML(file, limits: limits, keepingCommentsWith: "mark:") { document in
      trees.append(show(document.root, lines))
      duplicates.append(
        document.duplicateKeys.map { "\(lines.place($0.second.range))=\(lines.place($0.first.range))" })
      comments.append(document.comments.map { lines.place($0.range) + ($0.isAlone ? "!" : "") })
    }
    failure = outcome.failure.map(lines.failure)
    isTemplate = outcome.failure?.template != nil
  }
}

/// Writes places of a file as `line:column-column`, or `line:column-line:column` over several lines.
struct PlaceText {
  private let lines: LineTable

  init(_ file: SourceFile) {
    lines = LineTable(of: file.bytes)
  }

  func place(_ range: SourceRange) -> String {
    let start = lines.position(of: Int(range.start))
    let end = lines.position(of: Int(range.end))
    return "\(start.line):\(start.column)-" + (start.line == end.line ? "" : "\(end.line):") + "\(end.column)"
  }

  func tree(_ node: YAMLNode, under alias: SourceRange? = nil) -> String {
    let tag = node.tag.map { "<\($0)> " } ?? ""
    let site = node.alias == alias ? "" : node.alias.map { " *\(place($0))" } ?? ""
    return tag + content(of: node) + "@" + place(node.range) + site
  }

  private func content(of node: YAMLNode) -> String {
    switch node.kind {
    case .scalar:
      let text = node.text
      switch node.style {
      case .plain: return text
      case .singleQuoted: return "'\(text)'"
      case .doubleQuoted: return "\"\(text)\""
      case .literal: return "|\(text)|"
      case .folded: return ">\(text)>"
      }
    case .sequence:
      return "[" + node.items.map { tree($0, under: node.alias) }.joined(separator: ", ") + "]"
    case .mapping:
      let entries = node.entries.map { "\(tree($0.key, under: node.alias)): \(tree($0.value, under: node.alias))" }
      return "{" + entries.joined(separator: ", ") + "}"
    }
  }

  func failure(_ failure: YAMLFailure) -> String {
    let reason =
      switch failure.reason {
      case .syntax(let problem, let context, let contextPlace):
        problem + (context.map { " (\($0)" + (contextPlace.map { " at \(place($0))" } ?? "") + ")" } ?? "")
      case .tab: "tab"
      case .unquotedAddress(let address): "unquoted address \(address)"
      case .undefinedAlias(let name): "undefined alias \(name)"
      case .recursiveAlias(let name, let anchor): "recursive alias \(name), anchored at \(place(anchor))"
      case .tooDeep(let limit): "deeper than \(limit)"
      case .tooManyNodes(let limit): "nodes of more than \(limit) MiB"
      case .tooManyDocuments(let limit): "more than \(limit) documents"
      case .tooManyAliasedNodes(let limit): "more than \(limit) aliased nodes"
      case .tooManyDirectives(let limit): "more than \(limit) directives"
      case .tooManyFailures(let limit): "more than \(limit) failures"
      }
    return "\(place(failure.place)) \(reason)"
  }
}
