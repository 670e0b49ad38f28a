/// The blocks of a template, such as `{{ if }}` to `{{ end }}`: whether what stands in one will be there, and how often,
/// is not known before it is rendered.
struct TemplateBlocks {
  private let source: UnsafeBufferPointer<UInt8>
  /// How far the source was looked through.
  private var at = 0
  /// The tags that open the blocks around that place.
  private var open: [Range<Int>] = []
  /// The last tag that was met.
  private var last = 0..<0
  /// The languages of which no tag is closed any more.
  private var closed: Set<Language> = []

  private enum Language: CaseIterable {
    case go, jinja, erb

    var opening: StaticString {
      switch self {
      case .go: "{{"
      case .jinja: "{%"
      case .erb: "<%"
      }
    }

    var closing: StaticString {
      switch self {
      case .go: "}}"
      case .jinja: "%}"
      case .erb: "%>"
      }
    }

    func opensBlock(_ word: String) -> Bool {
      switch self {
      case .go: ["if", "range", "with", "block", "define"].contains(word)
      case .jinja: ["if", "for", "with", "block", "macro", "filter", "call", "raw", "autoescape"].contains(word)
      case .erb: ["if", "unless", "case", "while", "until", "for", "begin"].contains(word)
      }
    }

    func closesBlock(_ word: String) -> Bool {
      self == .jinja ? word.hasPrefix("end") : word == "end"
    }
  }

  init(source: UnsafeBufferPointer<UInt8>) {
    self.source = source
  }

  /// The tag that opens the outermost block around an offset, or the one that the offset stands in, each up to the end of
  /// its line. O(*n*) for all offsets of a source, which must not fall.
  mutating func block(around offset: Int) -> Range<Int>? {
    while at < offset {
      guard let language = language(at: at) else {
        at += 1
        continue
      }
      guard let end = source.firstOffset(of: language.closing.bytes, from: at + 2) else {
        closed.insert(language)
        continue
      }
      last = at..<end + 2
      take(language)
      at = last.upperBound
    }
    guard let tag = open.first ?? (at > offset ? last : nil) else { return nil }
    let lineEnd = tag.first { source[$0] == 0x0A || source[$0] == 0x0D }
    return tag.lowerBound..<(lineEnd ?? tag.upperBound)
  }

  /// The language of which a tag begins at an offset.
  private func language(at offset: Int) -> Language? {
    guard source[offset] == UInt8(ascii: "{") || source[offset] == UInt8(ascii: "<") else { return nil }
    return Language.allCases.first { !closed.contains($0) && source.holds($0.opening.bytes, at: offset) }
  }

  /// Opens or closes a block, as the first word of the last tag says.
  private mutating func take(_ language: Language) {
    let text = source[last.lowerBound + 2..<last.upperBound - 2]
      .drop { $0.isYAMLSpace || "-~+".utf8.contains($0) }
    let word = String(decoding: text.prefix { $0.isASCIILetter }, as: UTF8.self)
    if language.closesBlock(word) {
      open.removeLast(min(1, open.count))
    } else if language.opensBlock(word) {
      open.append(last)
    }
  }
}
