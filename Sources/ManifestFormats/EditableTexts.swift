import PortModel
import SourceText
import SourceYAML

extension EditableText {
  /// The text of a scalar; nothing where it is not written as it reads, where a tag says what it is, where an alias
  /// stands for it too, or where a variable or a template's expression stands in it.
  package init?(_ node: YAMLNode) {
    guard node.isVerbatim, node.tag == nil, !node.isShared, !node.isOpen, !node.bytes.isEmpty else { return nil }
    // What is written over several lines is none that reads as it is written; a block's text begins behind its mark.
    guard node.style != .literal, node.style != .folded else { return nil }
    self.init(node.text, at: node.textRange, whole: node.range)
  }
}
