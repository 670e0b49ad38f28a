import SourceText
import SourceYAML

/// Reads bytes as YAML, and walks all that comes of it.
func fuzzYAML(_ bytes: [UInt8]) {
  let file = SourceFile(id: FileID(0), path: "a.yaml", contents: bytes)
  let first = walk(file)
  if isChosen(bytes) { precondition(first == walk(file), "read twice, it is not the same") }
}

/// All that a file's documents say, in one list.
private func walk(_ file: SourceFile) -> [String] {
  var said: [String] = []
  let outcome = readYAML(file, keepingCommentsWith: "portlint:") { document in
    walk(document, of: file, into: &said)
  }
  for failure in outcome.failures {
    check(failure.place, in: file, "failure")
    switch failure.reason {
    case .syntax(_, _, let place?): check(place, in: file, "context")
    case .recursiveAlias(_, let anchor): check(anchor, in: file, "anchor")
    default: break
    }
  }
  if let block = outcome.blockLeftOut { check(block, in: file, "block") }
  said.append("\(outcome)")
  return said
}

private func walk(_ document: YAMLDocument, of file: SourceFile, into said: inout [String]) {
  for comment in document.comments {
    check(comment.range, in: file, "comment")
    said.append("\(comment)")
  }
  for (first, second) in document.duplicateKeys {
    check(first.range, in: file, "duplicate")
    check(second.textRange, in: file, "duplicate")
    said.append("\(first.range) \(second.range) \(second.text)")
  }
  for scalar in document.root.scalarValues { check(scalar.textRange, in: file, "value") }
  // Aliases stand for as much as the limit lets them: a part of it is enough.
  var budget = 5_000
  var open = [document.root]
  while let node = open.popLast(), budget > 0 {
    budget -= 1
    check(node.range, in: file, "node")
    check(node.textRange, in: file, "text")
    if let alias = node.alias { check(alias, in: file, "alias") }
    said.append("\(node.kind) \(node.style) \(node.range) \(node.tag ?? "") \(node.text)")
    switch node.kind {
    case .scalar:
      let bytes = node.bytes
      for cut in [0..<bytes.count, 0..<min(1, bytes.count), bytes.count..<bytes.count] {
        let range = node.range(ofText: cut)
        precondition(Int(range.end) <= file.bytes.count, "a part of a text is not in the file")
      }
      _ = node.isText("services")
    case .sequence:
      open += node.items
    case .mapping:
      _ = node.value("services")
      for entry in node.entries.prefix(budget) { open += [entry.key, entry.value] }
    }
  }
}
