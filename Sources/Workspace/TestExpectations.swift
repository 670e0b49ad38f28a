import SourceText

/// The files in which tools that test operators write parts of objects: what they expect of a cluster, and the steps that
/// change what is there.
///
/// Source: kuttl's documentation, "Test Steps"; chainsaw's, "Operations".
struct TestExpectations {
  /// The folders in which every manifest may be such a part.
  private var chainsaw: Set<ExactText> = []
  /// The folders in which steps have numbers and expectations.
  private var steps: Set<ExactText> = []

  init(_ readings: [FileReading]) {
    for reading in readings {
      let name = reading.file.name
      if name.isManifest(named: "chainsaw-test") { chainsaw.insert(reading.file.path.folderPath.exact) }
      if name.isNumbered, name.isExpectation { steps.insert(reading.file.path.folderPath.exact) }
    }
  }

  /// Whether what a file holds may be parts of objects.
  func hold(_ file: SourceFile) -> Bool {
    let name = file.name
    if name.isExpectation { return true }
    guard !chainsaw.isEmpty || !steps.isEmpty else { return false }
    return chainsaw.contains(file.path.folderPath.exact)
      || name.isNumbered && steps.contains(file.path.folderPath.exact)
  }
}

extension SourceFile {
  fileprivate var name: Substring.UTF8View {
    let bytes = path.utf8
    return bytes[(bytes.lastIndex(of: UInt8(ascii: "/")).map { bytes.index(after: $0) } ?? bytes.startIndex)...]
  }
}

extension Substring.UTF8View {
  /// Whether the name ends as kuttl has what it expects, and what it expects not to be.
  fileprivate var isExpectation: Bool {
    isManifest(named: "-assert", orEndingWith: true) || isManifest(named: "-errors", orEndingWith: true)
  }

  /// Whether the name begins with the number of a step.
  fileprivate var isNumbered: Bool {
    let rest = drop(while: \.isASCIIDigit)
    return rest.count < count && rest.first == UInt8(ascii: "-")
  }

  fileprivate func isManifest(named stem: StaticString, orEndingWith isSuffix: Bool = false) -> Bool {
    var name = Substring(self)
    return name.withUTF8 { name in
      ([".yaml", ".yml"] as [StaticString]).contains { ending in
        let start = name.count - ending.utf8CodeUnitCount - stem.utf8CodeUnitCount
        return (isSuffix ? start >= 0 : start == 0) && name.holds(stem.bytes, at: start)
          && name.holds(ending.bytes, at: start + stem.utf8CodeUnitCount)
      }
    }
  }
}
