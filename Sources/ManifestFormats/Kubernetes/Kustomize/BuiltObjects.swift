import PortModel
import SourceText
import SourceYAML

/// Objects that patches are laid over, found by what these ask of them.
///
/// Each patch is held against those objects only that have the name, the label or the annotation that it asks for.
struct BuiltObjects {
  private var all: [BuiltObject]
  private var isRemoved: [Bool]
  /// How many are left.
  private var count: Int
  /// The objects by the names that they have or had; some may be there no more.
  private var byName: [ExactText: [Int]] = [:]
  /// The same names in their order, once the beginning of one is asked for.
  private var sortedNames: [ExactText]?
  /// The objects by labels and annotations likewise, once one is asked for.
  private var marked: Marked?
  /// How often an object was held against a patch since that was asked last.
  private var comparisons = 0

  /// A label or an annotation.
  struct Mark: Hashable {
    var isAnnotation: Bool
    var key: ExactText
    var value: ExactText
  }

  private struct Marked {
    var labels: [Labels?] = []
    var annotations: [Labels?] = []
    var places: [Mark: [Int]] = [:]

    mutating func note(_ number: Int) {
      for (labels, isAnnotation) in [(labels[number], false), (annotations[number], true)] {
        for label in labels?.all ?? [] {
          guard let value = label.value else { continue }
          places[Mark(isAnnotation: isAnnotation, key: label.key.exact, value: value.exact), default: []].append(number)
        }
      }
    }
  }

  init(_ objects: [BuiltObject]) {
    all = objects
    count = objects.count
    isRemoved = Array(repeating: false, count: objects.count)
    for number in objects.indices { noteNames(of: number) }
  }

  /// What is left of them.
  var rest: [BuiltObject] {
    all.indices.filter { !isRemoved[$0] }.map { all[$0] }
  }

  var isEmpty: Bool { count == 0 }

  subscript(number: Int) -> BuiltObject { all[number] }

  /// The numbers of all.
  mutating func numbersOfAll() -> [Int] {
    comparisons += all.count
    return all.indices.filter { !isRemoved[$0] }
  }

  /// How often an object was held against a patch since this was asked last.
  mutating func takeComparisons() -> Int {
    defer { comparisons = 0 }
    return comparisons
  }

  /// The numbers of those that a target picks, in their order.
  mutating func numbers(pickedBy target: KustomizeTarget) -> [Int] {
    if target.asksForMarks, marked == nil { mark() }
    let candidates: [Int]
    if let beginnings = target.beginningsOfNames {
      candidates = beginnings.flatMap { numbers(named: $0) }
    } else if let marks = target.marks {
      candidates = marks.flatMap { marked?.places[$0] ?? [] }
    } else {
      candidates = Array(all.indices)
    }
    comparisons += candidates.count
    return picked(of: candidates) { number in
      guard
        all[number].names.contains(where: {
          target.picks(all[number].object, called: $0.name.text, in: $0.namespace?.text)
        })
      else { return false }
      guard target.asksForMarks, let marked else { return true }
      return target.picks(labels: marked.labels[number], annotations: marked.annotations[number])
    }
  }

  /// The numbers of those that have or had a name.
  private mutating func numbers(named name: KustomizeTarget.Beginning) -> [Int] {
    if name.isWhole { return byName[name.text.exact] ?? [] }
    let names = sortedNames ?? byName.keys.sorted()
    sortedNames = names
    let first = names.indices.firstBehind { names[$0] < name.text.exact }
    return names[first...].prefix { $0.text.utf8.starts(with: name.text.utf8) }.flatMap { byName[$0] ?? [] }
  }

  /// The numbers of those that a patch speaks of, in their order.
  mutating func numbers(meantBy other: KubernetesObject) -> [Int] {
    guard let name = other.name, let candidates = byName[name.exact] else { return [] }
    comparisons += candidates.count
    return picked(of: candidates) { all[$0].isMeant(by: other) }
  }

  private func picked(of candidates: [Int], _ isPicked: (Int) -> Bool) -> [Int] {
    let picked = candidates.filter { !isRemoved[$0] && isPicked($0) }
    // Under a name or a mark that it had before and has again, an object stands twice.
    return zip(picked, picked.dropFirst()).allSatisfy(<) ? picked : Set(picked).sorted()
  }

  mutating func open(_ number: Int, by opening: BuiltObject.Opening) {
    all[number].open(by: opening)
  }

  /// Lays a patch over an object.
  mutating func apply(
    _ patch: YAMLNode, to number: Int, openingWith opening: BuiltObject.Opening, _ store: NodeStore
  ) -> BuiltObject.Effect {
    let names = all[number].names.count
    let effect = all[number].apply(patch, openingWith: opening, store)
    if case .removed = effect {
      isRemoved[number] = true
      count -= 1
    }
    if all[number].names.count != names { noteNames(of: number) }
    if marked != nil {
      let (labels, annotations) = (all[number].object.marks("labels"), all[number].object.marks("annotations"))
      if marked?.labels[number] != labels || marked?.annotations[number] != annotations {
        marked?.labels[number] = labels
        marked?.annotations[number] = annotations
        marked?.note(number)
      }
    }
    return effect
  }

  private mutating func noteNames(of number: Int) {
    for name in all[number].names { byName[name.name, default: []].append(number) }
    sortedNames = nil
  }

  private mutating func mark() {
    var marked = Marked(
      labels: all.map { $0.object.marks("labels") }, annotations: all.map { $0.object.marks("annotations") })
    for number in all.indices { marked.note(number) }
    self.marked = marked
  }
}

extension KubernetesObject {
  /// The object's labels or annotations; nothing where one cannot be known.
  fileprivate func marks(_ key: StaticString) -> Labels? {
    node.value("metadata")?.value(key).map(\.labels) ?? Labels()
  }
}
