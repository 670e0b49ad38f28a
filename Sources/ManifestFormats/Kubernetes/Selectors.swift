import PortModel
import SourceText
import SourceYAML

extension LabelSelector {
  /// A selector as text: `app=web,tier in (front, back),!old`; nothing for what is none, or compares numbers.
  ///
  /// Source: apimachinery `pkg/labels/selector.go`.
  init?(terms text: String) {
    var requirements: [Requirement] = []
    var rest = text[...]
    repeat {
      // A comma in brackets parts values.
      let bracket = rest.firstIndex(of: "(")
      let comma = rest.firstIndex(of: ",")
      var end = comma ?? rest.endIndex
      if let bracket, bracket < end {
        guard let closing = rest[bracket...].firstIndex(of: ")") else { return nil }
        end = rest[closing...].firstIndex(of: ",") ?? rest.endIndex
      }
      guard let requirement = Requirement(term: rest[..<end].trimming(" ")) else { return nil }
      requirements.append(requirement)
      rest = end < rest.endIndex ? rest[rest.index(after: end)...] : ""
      if end < text.endIndex, rest.isEmpty { return nil }
    } while !rest.isEmpty
    self.init(requirements)
  }
}

extension LabelSelector.Requirement {
  /// One term of a selector.
  fileprivate init?(term: Substring) {
    /// A name or a value, without the spaces around it.
    func word(_ text: Substring) -> ExactText? {
      let text = text.trimming(" ")
      let isPlain = text.utf8.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || "-_./".utf8.contains($0) }
      return isPlain ? String(text).exact : nil
    }
    func requirement(_ key: Substring, _ test: LabelSelector.Test?) -> LabelSelector.Requirement? {
      guard let key = word(key), !key.text.isEmpty, let test else { return nil }
      return LabelSelector.Requirement(key, test)
    }
    var found: LabelSelector.Requirement?
    if term.last == ")", let bracket = term.firstIndex(of: "(") {
      let values = term[term.index(after: bracket)...].dropLast()
        .split(separator: ",", omittingEmptySubsequences: false).map(word)
      let known = Set(values.compactMap(\.self))
      let head = term[..<bracket].trimming(" ")
      guard values.allSatisfy({ $0 != nil }) else { return nil }
      if head.hasSuffix(" in") {
        found = requirement(head.dropLast(3), .among(known))
      } else if head.hasSuffix(" notin") {
        found = requirement(head.dropLast(6), .notAmong(known))
      }
    } else if term.first == "!" {
      found = requirement(term.dropFirst(), .absent)
    } else if let sign = term.firstRange(of: "!=") {
      found = requirement(term[..<sign.lowerBound], word(term[sign.upperBound...]).map { .notAmong([$0]) })
    } else if let sign = term.firstRange(of: "==") ?? term.firstRange(of: "=") {
      found = requirement(term[..<sign.lowerBound], word(term[sign.upperBound...]).map { .equal($0) })
    } else {
      found = requirement(term, .exists)
    }
    guard let found else { return nil }
    self = found
  }
}

extension YAMLNode {
  /// A `labelSelector`: `matchLabels` and `matchExpressions`; nothing where a part of it cannot be known.
  var labelSelector: LabelSelector? {
    guard isMapping, !isOpen else { return nil }
    var labels = Labels()
    if let matchLabels = value("matchLabels"), !matchLabels.isNull {
      guard let texts = matchLabels.labels else { return nil }
      labels = texts
    }
    guard let expressions = value("matchExpressions"), !expressions.isNull else { return LabelSelector(labels: labels) }
    var requirements = LabelSelector(labels: labels).requirements
    for item in expressions.items {
      guard let requirement = item.labelRequirement else { return nil }
      requirements.append(requirement)
    }
    return LabelSelector(requirements)
  }

  /// One of `matchExpressions`; nothing where it cannot be known, or compares numbers.
  var labelRequirement: LabelSelector.Requirement? {
    guard let key = value("key"), key.isScalar, !key.isOpen, let means = value("operator") else { return nil }
    let values = items(of: "values")
    guard values.allSatisfy({ $0.isScalar && !$0.isOpen }) else { return nil }
    let texts = Set(values.map(\.text.exact))
    switch means.text {
    case "In": return .init(key.text.exact, .among(texts))
    case "NotIn": return .init(key.text.exact, .notAmong(texts))
    case "Exists": return .init(key.text.exact, .exists)
    case "DoesNotExist": return .init(key.text.exact, .absent)
    default: return nil
    }
  }

  /// The text of a scalar that says something and can be known.
  var knownText: String? {
    isScalar && !isOpen && !isNull && !bytes.isEmpty ? text : nil
  }
}
