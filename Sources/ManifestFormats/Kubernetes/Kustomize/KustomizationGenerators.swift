import PortModel
import SourceText
import SourceYAML

/// What kustomize refuses of generators of ConfigMaps or of Secrets beyond the types of their fields. What an entry holds is
/// not said: it may be a password.
///
/// Source: kustomize `api/kv/kv.go`, `api/internal/generators/utils.go` and `kyaml/resid`.
struct KustomizationGenerators {
  typealias Fault = (broken: Problem.BrokenKustomization, place: SourceRange)

  private(set) var faults: [Fault] = []

  init(_ generators: some Sequence<YAMLNode>) {
    var known: Set<Identity> = []
    for generator in generators where !generator.isOpen {
      guard generator.isMapping || generator.isNull else { continue }
      let name = generator.value("name")
      if let name, !name.isNull, !name.isText("") {
        check(name, of: generator, against: &known)
      } else {
        faults.append((.namelessGenerator, generator.entries.first?.key.range ?? generator.textRange))
      }
      var keys: Set<ExactText> = []
      for literal in generator.items(of: "literals") { check(literal, self.key(ofLiteral: literal), among: &keys) }
      for file in generator.items(of: "files") { check(file, self.key(ofFile: file), among: &keys) }
    }
  }

  private struct Identity: Hashable {
    var name: ExactText
    var namespace: ExactText?
  }

  /// What the key of an entry is.
  private enum Key {
    case known(String)
    case missing(Problem.BrokenKustomization)
    case unknown
  }

  private mutating func check(_ name: YAMLNode, of generator: YAMLNode, against known: inout Set<Identity>) {
    let namespace = generator.value("namespace")
    let behaviour = generator.value("behavior")
    guard [name, namespace, behaviour].allSatisfy({ $0.map { $0.isScalar && !$0.isOpen } ?? true }) else { return }
    let identity = Identity(name: name.text.exact, namespace: namespace.flatMap { $0.isNull ? nil : $0.text.exact })
    let isNew = known.insert(identity).inserted
    guard !isNew, !["merge", "replace"].contains(where: { behaviour?.text.isExactly($0) ?? false }) else { return }
    faults.append((.generatorTwice(name.text), name.textRange))
  }

  private mutating func check(_ entry: YAMLNode, _ key: Key, among keys: inout Set<ExactText>) {
    switch key {
    case .unknown: break
    case .missing(let broken): faults.append((broken, entry.range))
    case .known(let key): if !keys.insert(key.exact).inserted { faults.append((.keyTwice(key), entry.range)) }
    }
  }

  private func key(ofLiteral literal: YAMLNode) -> Key {
    guard literal.isScalar, !literal.isOpen else { return .unknown }
    switch ScalarValue(literal) {
    case .string, .timestamp, .null: break
    // That it is of another type is said already.
    case .int, .float, .bool: return .unknown
    }
    let text = literal.isNull ? "" : literal.text
    let key = text.utf8.prefix { $0 != UInt8(ascii: "=") }
    guard key.count < text.utf8.count, !key.isEmpty else { return .missing(.noKey(expected: "KEY=VALUE")) }
    return .known(String(decoding: key, as: UTF8.self))
  }

  private func key(ofFile file: YAMLNode) -> Key {
    guard file.isScalar, !file.isOpen else { return .unknown }
    let text = file.isNull ? "" : file.text
    let parts = text.utf8.split(separator: UInt8(ascii: "="), omittingEmptySubsequences: false)
    if parts.count > 2 { return .missing(.severalSigns) }
    guard let path = parts.last, !path.isEmpty else { return .missing(.noPath) }
    if parts.count == 2 {
      let key = String(decoding: parts[0], as: UTF8.self)
      return key.isEmpty ? .missing(.noKey(expected: "KEY=FILE")) : .known(key)
    }
    return text.pathParts.last.map { .known($0) } ?? .unknown
  }
}
