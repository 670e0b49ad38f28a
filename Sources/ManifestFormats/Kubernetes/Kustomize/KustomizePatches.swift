import PortModel
import SourceText
import SourceYAML

/// Lays patches over objects as a kustomization says: the second stage of a build.
struct KustomizePatches {
  private let layer: KustomizeLayer
  /// What is wrong with them.
  private(set) var problems: [Problem] = []
  /// The files of those that change an object.
  private(set) var files: Set<ExactText> = []

  init(of layer: KustomizeLayer) {
    self.layer = layer
  }

  /// What a document of a patch is.
  private enum Form {
    case object(KubernetesObject)
    case operations
    /// It cannot be known: a template's expression, or a variable.
    case open
    case broken
  }

  mutating func lay(
    _ patches: [KustomizePatch], over objects: inout [BuiltObject], _ sources: inout KustomizeSources
  ) throws(KustomizeStop) {
    if patches.isEmpty { return }
    var found = BuiltObjects(objects)
    for patch in patches { try lay(patch, over: &found, &sources) }
    objects = found.rest
  }

  private mutating func lay(
    _ patch: KustomizePatch, over objects: inout BuiltObjects, _ sources: inout KustomizeSources
  ) throws(KustomizeStop) {
    let target = try target(of: patch)
    guard let documents = try documents(of: patch, &sources) else {
      let numbers = target.map { objects.numbers(pickedBy: $0) } ?? objects.numbersOfAll()
      try sources.count(comparisons: objects.takeComparisons())
      for number in numbers { objects.open(number, by: opening(by: patch, at: patch.place)) }
      return
    }
    for document in documents {
      let form = form(of: document, in: patch)
      switch form {
      case .broken:
        throw refusal(.neither, at: document.entries.first?.key.range ?? document.textRange)
      case .operations where target == nil: throw refusal(.withoutTarget, at: patch.place)
      case .object, .operations, .open: break
      }
      let numbers: [Int]
      var unfollowed = patch.options?.textRange ?? target?.unfollowed?.textRange
      switch (target, form) {
      case (let target?, _): numbers = objects.numbers(pickedBy: target)
      case (nil, .object(let object)):
        numbers = objects.numbers(meantBy: object)
        // Which of several is meant kustomize does not say.
        if numbers.count > 1 { unfollowed = patch.place }
        if numbers.isEmpty, !objects.isEmpty, sources.areWhole { report(patchOf: object) }
      default: numbers = objects.numbersOfAll()
      }
      try sources.count(comparisons: objects.takeComparisons())
      if case .open = form { unfollowed = unfollowed ?? document.range }
      if !numbers.isEmpty, case .file(let path) = patch.content { files.insert(path.path.exact) }
      if let unfollowed {
        for number in numbers { objects.open(number, by: opening(by: patch, at: unfollowed)) }
      } else {
        try lay(document, of: patch, over: numbers, of: &objects, sources)
      }
    }
  }

  private mutating func lay(
    _ document: YAMLNode, of patch: KustomizePatch, over numbers: [Int], of objects: inout BuiltObjects,
    _ sources: KustomizeSources
  ) throws(KustomizeStop) {
    var isRefused = false
    for number in numbers.reversed() {
      try sources.checkNodes()
      let shown = objects[number].object.shown
      let effect = objects.apply(
        document, to: number, openingWith: opening(by: patch, at: patch.place), sources.store)
      // Once is enough, however many objects it is for.
      guard case .refused(let refusal, let place) = effect, !isRefused else { continue }
      isRefused = true
      switch refusal {
      case .missingPath(let path): problems.report(.brokenInclude(.missingPath(path, object: shown)), at: place)
      case .failedTest(let path): problems.report(.brokenInclude(.failedTest(path, object: shown)), at: place)
      case .unknownOperation(let name): problems.report(.brokenInclude(.brokenPatch(.operation(name))), at: place)
      }
    }
  }

  private func opening(by patch: KustomizePatch, at place: SourceRange) -> BuiltObject.Opening {
    .notFollowed(
      BuiltObject.NotFollowed(field: "\(patch.list.key)", place: place, folder: layer.file.folder))
  }

  private mutating func refusal(_ broken: Problem.BrokenPatch, at place: SourceRange) -> KustomizeStop {
    problems.report(.brokenInclude(.brokenPatch(broken)), at: place)
    return .refused
  }

  private mutating func target(of patch: KustomizePatch) throws(KustomizeStop) -> KustomizeTarget? {
    guard let node = patch.target else { return nil }
    do throws(KustomizeTarget.Broken) {
      return try KustomizeTarget(node)
    } catch {
      throw refusal(error.fault, at: error.place)
    }
  }

  /// The documents of a patch; nothing where they are not in view.
  private mutating func documents(
    of patch: KustomizePatch, _ sources: inout KustomizeSources
  ) throws(KustomizeStop) -> [YAMLNode]? {
    let roots: [YAMLNode]
    switch patch.content {
    case .file(let path):
      roots = try sources.roots(at: path)
      // What is empty may be laid over what a target picks.
      let mayBeEmpty = sources.holdsOthers(at: path) || patch.target != nil && sources.isEmpty(at: path)
      if roots.isEmpty, mayBeEmpty { return [] }
      if let file = sources.file(at: path), let fault = jsonFault(in: file.bytes) {
        let place = SourceRange(file: file.id, start: fault.lowerBound, end: fault.upperBound)
        throw refusal(.noJSON(file.text(in: place)), at: place)
      }
    case .inline(let text):
      roots = try sources.roots(in: text)
      if text.isScalar, !text.isOpen, patch.list != .merges {
        // Of the newer list, kustomize takes off what is blank around a patch.
        let bytes = Array(text.bytes)
        let start = patch.list == .patches ? bytes.prefix { $0.isBlank || $0.endsLine }.count : 0
        if let fault = jsonFault(in: Array(bytes[start...])) {
          let fault = start + fault.lowerBound..<start + fault.upperBound
          throw refusal(.noJSON(String(decoding: bytes[fault], as: UTF8.self)), at: text.range(ofText: fault))
        }
      }
    case .notInView: return nil
    case .broken(let broken): throw refusal(broken, at: patch.place)
    }
    if roots.isEmpty { throw refusal(.neither, at: patch.place) }
    return roots.flatMap { root in
      root.value("kind")?.text.hasSuffix("List") == true && root.has("items") ? Array(root.items(of: "items")) : [root]
    }
  }

  /// Where a text that begins as lists in JSON do is none: what begins so, kustomize takes for nothing else.
  private func jsonFault(in text: [UInt8]) -> Range<Int>? {
    guard text.first == UInt8(ascii: "["), let start = StrictJSON.fault(in: text) else { return nil }
    let word = text[start...].prefix { $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "_") }
    // Where the text ends too soon, its last byte stands for what is lacking.
    if start == text.count { return start - 1..<start }
    return start..<start + max(word.count, 1)
  }

  /// What a document of a patch is, as kustomize tells it.
  private func form(of document: YAMLNode, in patch: KustomizePatch) -> Form {
    if document.isOpen { return .open }
    if document.isSequence {
      if document.items.contains(where: \.isOpen) { return .open }
      let isList = document.count > 0 && document.items.allSatisfy(\.isMapping)
      return isList && patch.list != .merges ? .operations : .broken
    }
    guard document.isMapping, patch.list != .operations else { return .broken }
    let metadata = document.value("metadata")
    let (kind, name) = (document.value("kind"), metadata?.value("name"))
    if [kind, metadata, name].contains(where: { $0?.isOpen == true }) { return .open }
    guard let kind, kind.isScalar, !kind.isNull, let name, name.isScalar, !name.isNull, !name.bytes.isEmpty else {
      return .broken
    }
    let version = document.value("apiVersion")?.text ?? ""
    return .object(KubernetesObject(document, kind: kind.text, version: version))
  }

  /// Says that there is no object that a patch is for, where all that is brought in is in view.
  private mutating func report(patchOf object: KubernetesObject) {
    if PortlessKind.all.contains(where: { object.kind == "\($0.kind)" && object.group == "\($0.group)" }) { return }
    problems.report(.brokenInclude(.missingObject(object.shown)), at: object.place)
  }
}
