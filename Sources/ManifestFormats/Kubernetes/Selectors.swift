import PortModel
import SourceYAML

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
