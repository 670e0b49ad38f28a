import PortModel
import SourceText
import SourceYAML

extension SourceFile {
  /// The file, of which reports show nothing where it says what Secrets hold: a line that is at fault for its port may say
  /// a password too.
  package var withSecretsHidden: SourceFile {
    guard bytes.contains(anyOf: SourceFile.wordsOfSecrets, unescaped: true) else { return self }
    var secrets: [Range<Int>] = []
    let outcome = readYAML(self, keepingCommentsWith: suppressionMark) { document in
      secrets += document.root.secrets(isKustomization: Kustomization.isOne(path)).map(\.offsets)
    }
    secrets += outcome.failures.map { documentOffsets(around: Int($0.place.start)) }.filter { document in
      Array(bytes[document]).contains(anyOf: SourceFile.wordsOfSecrets, unescaped: true)
    }
    return hiding(secrets)
  }

  fileprivate static let wordsOfSecrets: [StaticString] = ["Secret", "secretGenerator"]

  /// The lines between those that part documents before and behind an offset.
  private func documentOffsets(around offset: Int) -> Range<Int> {
    let beginsDocument = { (at: Int) in
      at == 0 || bytes[at - 1] == 0x0A && bytes[at...].starts(with: ("---" as StaticString).bytes)
    }
    var start = min(offset, bytes.count)
    while !beginsDocument(start) { start -= 1 }
    var end = min(offset + 1, bytes.count)
    while end < bytes.count, !beginsDocument(end) { end += 1 }
    return start..<end
  }
}

extension YAMLNode {
  /// Where the root of a document says what Secrets hold: its objects, and what a kustomization makes some of or lays
  /// over some.
  fileprivate func secrets(isKustomization: Bool) -> [SourceRange] {
    var secrets: [SourceRange] = []
    KubernetesReader.visitObjects(in: self) { object, kind, version in
      guard kind == "Secret", !version.contains("/") else { return }
      // An alias may stand for what it holds.
      secrets += [object.range] + (["data", "stringData"] as [StaticString]).compactMap { object.value($0)?.range }
    }
    guard isKustomization else { return secrets }
    secrets += [value("secretGenerator")?.range].compactMap(\.self)
    for key in ["patches", "patchesStrategicMerge", "patchesJson6902"] as [StaticString] {
      secrets += items(of: key).filter { item in
        Array(item.sourceText.utf8).contains(anyOf: SourceFile.wordsOfSecrets, unescaped: true)
      }.map(\.range)
    }
    return secrets
  }
}
