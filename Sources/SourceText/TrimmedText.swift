extension StringProtocol where SubSequence == Substring {
  /// The text without the blanks at both ends.
  package func trimming(_ blank: Character) -> Substring {
    var text = drop { $0 == blank }
    while text.last == blank { text.removeLast() }
    return text
  }
}
