import PortModel
import SourceText

/// Reads a `.env` file as Compose does (compose-go `dotenv/parser.go`): `KEY=value` or `KEY: value`, `export`, comments,
/// quotes that may span lines, behind which the next key may follow.
///
/// A value that itself holds a variable without a value is left out: it cannot be known. Nothing is read behind what Compose
/// refuses, which is a quote that nothing closes, or a name with a sign that none may hold.
struct DotEnvFile {
  /// The variables whose values are known.
  private(set) var values: [ExactText: Variables.Setting] = [:]
  /// Those whose values are not, for they hang on others.
  private(set) var open: [ExactText: OpenSetting] = [:]
  /// Where it says which files a project has, which is `COMPOSE_FILE`.
  private(set) var placeOfFileList: SourceRange?
  /// What it says of them where that hangs on others, and whether it stands there as it is meant.
  private(set) var openFileList: OpenFileList?
  /// Whether it was read to its end.
  var isWhole = true

  typealias OpenFileList = (text: InterpolatedText, isAsWritten: Bool)

  /// What Compose refuses it for.
  private(set) var fault: Located<Fault>?

  enum Fault {
    /// A quote that nothing closes.
    case openQuote
    /// The name of a variable holds what none may.
    case sign(UInt8)
  }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - outer: The variables that stay as they are, and that its values may use.
  ///   - earlier: What files before it say: what a value means that uses them, even where this file says it anew.
  ///   - most: How many bytes the values may come to, for they may use one another.
  mutating func read(_ file: SourceFile, outer: Variables, earlier: [ExactText: Variables.Setting], most: Int) {
    var known = outer
    known.lay(under: earlier)
    var size = 0
    var rest = file.bytes[...]
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    while !rest.isEmpty {
      rest = rest.drop { $0.isBlank || $0.endsLine }
      let line = rest.prefix { !$0.endsLine }
      rest = rest[line.endIndex...]
      if line.first == UInt8(ascii: "#") { continue }
      var declaration = line
      if line.starts(with: "export".utf8), line.dropFirst(6).first?.isBlank == true {
        declaration = line.dropFirst(6).drop(while: \.isBlank)
      }
      let separator = declaration.firstIndex { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") }
      let name = declaration[..<(separator ?? declaration.endIndex)].trimmingBlanks
      if let at = name.firstIndex(where: { $0 < 0x80 && !DotEnvFile.ofNames.contains($0) }) {
        stop(.sign(name[at]), at: SourceRange(file: file.id, start: at, end: at + 1))
        return
      }
      // Who says no value hands on the shell's.
      guard let separator else { continue }
      let key = ExactText(String(decoding: declaration[..<separator].trimmingBlanks, as: UTF8.self))
      let value = declaration[(separator + 1)...].drop(while: \.isBlank)
      let template: [UInt8]
      /// Where the value stands without its quotes, and where the declaration ends.
      let (written, end): (Range<Int>, Int)
      if let quote = value.first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") {
        guard let quoted = QuotedValue(file.bytes[(value.startIndex + 1)...], quote) else {
          stop(.openQuote, at: SourceRange(file: file.id, start: value.startIndex, end: value.startIndex + 1))
          return
        }
        template = quoted.template
        (written, end) = (value.startIndex + 1..<quoted.end - 1, quoted.end)
        rest = file.bytes[quoted.end...]
      } else {
        let plain = plainValue(value)
        template = Array(plain)
        (written, end) = (plain.indices, plain.endIndex)
      }
      let text = try? InterpolatedText(template, environment: known, beside: values)
      let meant = text.flatMap { $0.openVariables.isEmpty ? String(decoding: $0.bytes, as: UTF8.self) : nil }
      size += meant?.utf8.count ?? 0
      if size > most {
        isWhole = false
        return
      }
      if outer[key] != nil { continue }
      let place = SourceRange(file: file.id, start: declaration.startIndex, end: end)
      values[key] = meant.map { Variables.Setting(value: $0, place: place) }
      if meant == nil {
        open[key] = OpenSetting(text, at: place, among: open)
      } else if !open.isEmpty {
        open[key] = nil
      }
      if key == "COMPOSE_FILE" {
        placeOfFileList = SourceRange(file: file.id, start: written.lowerBound, end: written.upperBound)
        openFileList =
          meant == nil ? text.map { ($0, file.bytes[written].elementsEqual(template)) } : nil
      }
    }
  }
}

extension DotEnvFile {
  /// What Compose lets the name of a variable hold of ASCII, blanks other than a space among it.
  private static let ofNames = ASCIISet("_.-[]\t\u{B}\u{C}\r").union(.letters).union(.digits)

  private mutating func stop(_ fault: Fault, at place: SourceRange) {
    self.fault = Located(fault, at: place)
    isWhole = false
  }
}

extension DotEnvFile.Fault {
  /// What Compose refuses, in words.
  var words: String {
    switch self {
    case .openQuote: "nothing closes the quote"
    case .sign(UInt8(ascii: " ")): "the name of a variable holds a space"
    case .sign(let byte): "the name of a variable holds '\(Character(Unicode.Scalar(byte)))'"
    }
  }
}

/// What a file says of a variable whose value hangs on others.
struct OpenSetting: Sendable {
  /// The variable without which it is nothing; none where more is written, or unless Compose refuses what is unset.
  let source: String?
  /// Where that one is named, from the name of the variable on that it is to set.
  let place: SourceRange
  /// Whether the value would be longer than any that is put together.
  let isCut: Bool

  /// - Parameter others: What the file says before.
  fileprivate init(_ text: InterpolatedText?, at place: SourceRange, among others: [ExactText: OpenSetting]) {
    isCut = text?.isCut(among: others) ?? false
    guard let text, text.whenUnset.isEmpty, text.openVariables.allSatisfy(\.vanishesWhenUnset),
      let first = text.openVariables.first
    else {
      (source, self.place) = (nil, place)
      return
    }
    let earlier = others[first.name.exact]
    source = earlier.map(\.source) ?? first.name
    self.place = earlier?.place ?? place
  }
}

extension InterpolatedText {
  /// Whether a variable stays open only because a value, its own or that of one that it hangs on, was too long.
  func isCut(among open: [ExactText: OpenSetting]) -> Bool {
    isCut || openVariables.contains { open[$0.name.exact]?.isCut == true }
  }
}

/// A value in quotes.
private struct QuotedValue {
  /// What stands between the quotes, its escaped quotes unescaped.
  private var text: [UInt8] = []
  private let quote: UInt8
  /// The offset behind the closing quote.
  private(set) var end: Int

  /// - Parameter rest: What stands behind the opening quote.
  init?(_ rest: ArraySlice<UInt8>, _ quote: UInt8) {
    self.quote = quote
    end = rest.startIndex
    let backslash = UInt8(ascii: "\\")
    while end < rest.endIndex {
      let byte = rest[end]
      end += 1
      if byte == quote { return }
      text.append(byte)
      guard byte == backslash, end < rest.endIndex else { continue }
      if rest[end] == quote { text.removeLast() }
      text.append(rest[end])
      end += 1
    }
    return nil
  }

  /// The value with `$$` for each dollar sign that begins no variable.
  var template: [UInt8] {
    guard quote == UInt8(ascii: "'") else { return unescaped }
    return text.flatMap { $0 == UInt8(ascii: "$") ? [$0, $0] : [$0] }
  }

  /// The text with the escapes that Compose knows; any other backslash stands for itself.
  private var unescaped: [UInt8] {
    var result: [UInt8] = []
    var rest = text[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let escaped = rest.first else {
        result.append(byte)
        continue
      }
      switch escaped {
      case UInt8(ascii: "n"): result.append(0x0A)
      case UInt8(ascii: "r"): result.append(0x0D)
      case UInt8(ascii: "t"): result.append(0x09)
      case UInt8(ascii: "\\"), UInt8(ascii: "\""): result.append(escaped)
      // `\$` is a dollar sign that begins no variable, which templates write `$$`.
      case UInt8(ascii: "$"): result += [escaped, escaped]
      default:
        result.append(byte)
        continue
      }
      rest.removeFirst()
    }
    return result
  }
}

private func plainValue(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
  let comment = text.indices.dropFirst().first { text[$0] == UInt8(ascii: "#") && text[$0 - 1] == 0x20 }
  return text[..<(comment ?? text.endIndex)].trimmingBlanks
}

extension ArraySlice<UInt8> {
  /// The text without the blanks behind it.
  fileprivate var trimmingBlanks: ArraySlice<UInt8> {
    self[..<(lastIndex { !$0.isBlank }.map { $0 + 1 } ?? startIndex)]
  }
}
