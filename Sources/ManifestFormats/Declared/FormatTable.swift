import SourceText
import SourceYAML

/// A declared format by what it is recognised by; the rest of it is made where a document of it is met.
package struct KnownFormat: Sendable {
  package let id: String
  package let recognition: [DeclaredFormat.Recognition]
  package let comments: DeclaredFormat.Comments?
  /// Whether a value may begin with a placeholder as no value of YAML does.
  package let placesBeginValues: Bool
  /// Whether its keys are in upper or in lower case.
  package let isAnyCase: Bool
  /// Words of which one stands in whatever has a port; nothing where that is not known.
  package let placeWords: [String]
  package let definition: @Sendable () -> DeclaredFormat

  package init(
    id: String, recognition: [DeclaredFormat.Recognition], comments: DeclaredFormat.Comments?, placesBeginValues: Bool,
    isAnyCase: Bool, placeWords: [String], definition: @escaping @Sendable () -> DeclaredFormat
  ) {
    self.id = id
    self.recognition = recognition
    self.comments = comments
    self.placesBeginValues = placesBeginValues
    self.isAnyCase = isAnyCase
    self.placeWords = placeWords
    self.definition = definition
  }

  package init(_ format: DeclaredFormat) {
    self.init(
      id: format.id, recognition: format.recognition, comments: format.comments,
      placesBeginValues: format.placesBeginValues, isAnyCase: format.keys == .anyCase, placeWords: format.placeWords
    ) { format }
  }
}

/// The declared formats of a run, made ready to recognise documents by the keys of their roots.
package struct FormatTable: Sendable {
  private let index: FormatIndex
  /// What lies beside the file that is read, of all that the formats ask for.
  private var neighbours: [String] = []

  package init(_ formats: [KnownFormat] = []) {
    index = FormatIndex(formats)
  }

  package var formats: [KnownFormat] { index.formats }

  /// The hidden folders that a walk looks into, by their names from the folder that they lie in.
  package var hiddenFolders: [HiddenFolder] { index.hiddenFolders }

  package static let none = FormatTable()

  /// The table for one file, whose neighbours are asked for where a format is told by them.
  package func reading(_ file: SourceFile, isThere: (_ path: String) -> Bool) -> FormatTable {
    var table = self
    for number in index.besides.indices where index.besides[number].file.matches(file.path) {
      let name = index.besides[number].name
      if !table.neighbours.contains(name), isThere(file.folder + name) { table.neighbours.append(name) }
    }
    return table
  }

  /// What is read as one of a format.
  struct Document {
    let format: DeclaredFormat
    /// Where it stands: mostly the root of what it is told by.
    let root: YAMLNode
    /// Where more of it stands in the same object.
    var others: [YAMLNode] = []
    /// The same document as a format has it that tells it by what lies beside its file, where it holds another's too.
    var besides: [Document] = []
  }

  /// The document that a file's is, or that stands in it.
  func document(in root: YAMLNode, path: String) -> Document? {
    let told = document(in: root, by: rowByNeighbours(root, path))
    let other = document(
      in: root,
      by: index.rows.first {
        $0.recognition.beside == nil && $0.recognition.holds(for: root, path: path, beside: neighbours)
      })
    guard var document = other, let told else { return other ?? told }
    document.besides = [told]
    return document
  }

  /// Whether a document is a format's by what lies beside its file: then it is no other's, whatever it looks like.
  func tellsByNeighbours(_ root: YAMLNode, path: String) -> Bool {
    rowByNeighbours(root, path) != nil
  }

  private func rowByNeighbours(_ root: YAMLNode, _ path: String) -> FormatIndex.Row? {
    guard !neighbours.isEmpty else { return nil }
    return index.rows.first {
      $0.recognition.beside != nil && $0.recognition.holds(for: root, path: path, beside: neighbours)
    }
  }

  /// The document that something is, or that stands in it, which has an `apiVersion` and a `kind` as Kubernetes' objects
  /// have.
  func document(inObject root: YAMLNode, path: String) -> Document? {
    guard !index.objectRows.isEmpty, let version = root.value("apiVersion"), version.isScalar else { return nil }
    guard mayBegin(version.bytes) else { return nil }
    let holds = { (row: FormatIndex.Row) in
      row.mayHold(version.bytes) && row.recognition.holds(for: root, path: path, beside: neighbours)
    }
    guard let first = index.objectRows.firstIndex(where: holds) else { return nil }
    var document = document(in: root, by: index.objectRows[first])
    for row in index.objectRows[(first + 1)...] where row.format == index.objectRows[first].format && holds(row) {
      guard let place = root.value(at: row.recognition.place), place.range != document?.root.range else { continue }
      document?.others.append(place)
    }
    return document
  }

  /// Whether the first byte of an `apiVersion` is that of one of the formats': it mostly is not, and the rows need not be
  /// looked at, which took 1 % of a tree.
  private func mayBegin(_ version: YAMLText) -> Bool {
    index.objectStarts[Int(version.first ?? 0)]
  }

  private func document(in root: YAMLNode, by row: FormatIndex.Row?) -> Document? {
    guard let row, let place = root.value(at: row.recognition.place) else { return nil }
    return Document(format: formats[row.format].definition(), root: place)
  }

  /// The documents in a list of Kubernetes' objects.
  func documents(inListAt root: YAMLNode, path: String) -> [Document] {
    guard !index.objectRows.isEmpty, root.has("items") || root.has("objects") else { return [] }
    var found: [Document] = []
    KubernetesReader.visitObjects(in: root) { object, _, _ in
      if let document = document(inObject: object, path: path) { found.append(document) }
    }
    return found
  }

  /// Whether objects of a kind may be of a format.
  func mayTake(apiVersion: YAMLText, kind: YAMLText) -> Bool {
    mayBegin(apiVersion)
      && index.objectRows.contains { row in
        row.mayHold(apiVersion)
          && row.recognition.kind.map { String(decoding: kind, as: UTF8.self).matches(glob: $0) } ?? true
      }
  }

  /// Whether a file may hold a manifest, by the words that stand in it; where those are common, by its name too.
  ///
  /// - Parameter withPlaces: Whether a word counts only beside one that stands where ports do.
  func mayStand(in file: SourceFile, withPlaces: Bool) -> Bool {
    // Some are told by their neighbours alone.
    if !neighbours.isEmpty { return true }
    return file.bytes.withUnsafeBufferPointer {
      index.words.mayStand(in: $0, ofFileAt: file.path, withPlaces: withPlaces)
    }
  }

  /// Whether a text that another file holds under a name may be a document of a format.
  func mayBeEmbedded(in text: UnsafeBufferPointer<UInt8>, named name: String) -> Bool {
    index.embeddedWords.mayStand(in: text, ofFileAt: name, withPlaces: true)
  }

  /// Whether one of the texts that a text holds may be.
  func mayBeEmbedded(in text: UnsafeBufferPointer<UInt8>) -> Bool {
    index.wordsOfFiles.mayStand(in: text, ofFileAt: "", withPlaces: true)
  }

  /// A file as it is YAML: what its format has that is none is written in YAML's way, each character in its place.
  func asYAML(_ file: SourceFile) -> SourceFile {
    // Asking for the names of each file took 3 % of a run.
    if file.mayBeginJSON, index.commented.contains(where: { $0.matches(file.path) }) { return file.withCommentsOfYAML }
    let variables = file.variablesInJSON
    if !variables.isEmpty { return file.writing(variables: variables) }
    // Few files have such a value, and there are many names.
    let places = file.placesOfBuilds
    return !places.isEmpty && index.withPlaces.contains { $0.matches(file.path) } ? file.writing(places) : file
  }

  /// Whether a file that cannot be read is one of a format, as far as its lines tell.
  func beginLine(of file: SourceFile) -> Bool {
    file.bytes.withUnsafeBufferPointer { index.words.beginLine(of: $0) }
  }

  /// Whether a format names the folder of a file: then it is to be YAML. By its name alone it may be a template, or
  /// another program's.
  func names(_ path: String) -> Bool {
    index.rows.contains { row in row.recognition.files.contains { $0.namesFolder && $0.matches(path) } }
  }
}

/// What formats are recognised by: each file's table shares it.
private final class FormatIndex: Sendable {
  let formats: [KnownFormat]
  /// The ways to recognise any document.
  let rows: [Row]
  /// Those of them that ask for an `apiVersion` or a `kind`, as Kubernetes' objects have.
  let objectRows: [Row]
  /// The bytes with which their `apiVersion`s may begin.
  let objectStarts: [Bool]
  /// What stands in their documents.
  let words: ManifestWords
  let hiddenFolders: [HiddenFolder]
  /// The files in which comments of JSON may stand.
  let commented: [PathGlob]
  /// The files in which a value may begin with a placeholder.
  let withPlaces: [PathGlob]
  /// What some files are told by: what lies beside them is called so.
  let besides: [(file: PathGlob, name: String)]

  /// What stands in documents that others hold as files, by the files' names, and where these are not known. Few runs
  /// meet such: making them at each start took an eighth of it.
  private let embedded = OnceTable<EmbeddedName, ManifestWords>()

  private enum EmbeddedName {
    case known, unknown
  }

  struct Row: Sendable {
    let recognition: DeclaredFormat.Recognition
    /// What `apiVersion` begins with, up to the pattern's first sign.
    let start: String
    let format: Int

    init(_ recognition: DeclaredFormat.Recognition, format: Int) {
      self.recognition = recognition
      self.format = format
      start = recognition.apiVersion.flatMap { String($0.utf8.prefix { !$0.isGlobSign }) } ?? ""
    }

    /// Whether an `apiVersion` begins as it must.
    func mayHold(_ version: YAMLText) -> Bool {
      let isSame = version.withBytes { own in start.utf8.withContiguousStorageIfAvailable { own.holds($0, at: 0) } }
      return isSame.flatMap(\.self) ?? true
    }
  }

  init(_ formats: [KnownFormat]) {
    self.formats = formats
    rows = formats.enumerated().flatMap { number, format in format.recognition.map { Row($0, format: number) } }
    objectRows = rows.filter { $0.recognition.isOfObjects }
    var objectStarts = [Bool](repeating: objectRows.contains { $0.start.isEmpty }, count: 256)
    for row in objectRows { if let first = row.start.utf8.first { objectStarts[Int(first)] = true } }
    self.objectStarts = objectStarts
    words = ManifestWords(beside: Self.tellings(of: rows, formats))
    commented = formats.filter { $0.comments == .json }.flatMap { $0.recognition.flatMap(\.files) }
    withPlaces = formats.filter(\.placesBeginValues).flatMap { $0.recognition.flatMap(\.files) }
    besides = rows.flatMap { row in
      row.recognition.beside.map { name in row.recognition.files.map { ($0, name) } } ?? []
    }
    hiddenFolders = rows.flatMap { $0.recognition.files.compactMap { HiddenFolder($0) } }
  }

  private static func tellings(of rows: [Row], _ formats: [KnownFormat]) -> [ManifestWords.Telling] {
    let places = formats.map { format in
      format.placeWords.compactMap { ManifestWords.Text($0, isAnyCase: format.isAnyCase) }
    }
    return rows.compactMap { row in
      // What is told by its neighbours is not told by its words.
      guard row.recognition.beside == nil, let word = row.recognition.word else { return nil }
      return ManifestWords.Telling(
        word: word, places: places[row.format], beginsLine: row.recognition.begins(with: word),
        files: row.recognition.files, isAnyCase: formats[row.format].isAnyCase)
    }
  }

  /// What stands in documents that others hold as files, whose names are known.
  var embeddedWords: ManifestWords {
    embedded.value(for: .known) { ManifestWords(beside: Self.tellings(of: rows, formats), withOwn: false) }
  }

  /// The same where the names are not known.
  var wordsOfFiles: ManifestWords {
    embedded.value(for: .unknown) {
      ManifestWords(beside: Self.tellings(of: rows, formats).compactMap(\.ofUnknownFile), withOwn: false)
    }
  }
}

extension ManifestWords.Telling {
  /// The same for a file of whatever name, in a text that holds its name too; nothing where the name has a folder.
  fileprivate var ofUnknownFile: ManifestWords.Telling? {
    if files.isEmpty { return self }
    let names = files.compactMap { $0.namesFolder ? nil : $0.parts.last }.compactMap { name in
      name.split { $0.utf8.first?.isGlobSign ?? false || $0 == "]" }.max { $0.utf8.count < $1.utf8.count }
    }
    if names.isEmpty { return nil }
    return ManifestWords.Telling(
      word: word, places: names.compactMap { ManifestWords.Text(String($0), isAnyCase: isAnyCase) }, beginsLine: false,
      files: [], isAnyCase: isAnyCase)
  }
}

extension DeclaredFormat.Recognition {
  fileprivate var isOfObjects: Bool {
    apiVersion != nil || kind != nil
  }

  /// A word that stands in each such document, beside those of Kubernetes: the longest key that it must have is the rarest.
  fileprivate var word: String? {
    if apiVersion != nil { return nil }
    let words = literalKeys + when.compactMap(\.word)
    // Of those as long, what stands there again is the commoner: `properties`.
    return words.max { a, b in
      (a.utf8.count, words.count { $0.isExactly(b) }) < (b.utf8.count, words.count { $0.isExactly(a) })
    }
  }

  private var literalKeys: [String] {
    keys.flatMap(\.steps).compactMap { step in if case .key(let key) = step { key.text } else { nil } }
  }

  /// Whether its word is the one key that a document begins with, and none of the others is as rare.
  fileprivate func begins(with word: String) -> Bool {
    guard case .key(let root)? = keys.first?.steps.first, root.text.isExactly(word) else { return false }
    return literalKeys.count { $0.utf8.count >= word.utf8.count } == 1
  }

  /// Whether a document is of the format; its path is looked at last.
  fileprivate func holds(for root: YAMLNode, path: String, beside neighbours: [String]) -> Bool {
    if let beside, !neighbours.contains(beside) { return false }
    guard keys.allSatisfy({ $0.leadsSomewhere(in: root) }), !unless.contains(where: { $0.leadsSomewhere(in: root) })
    else { return false }
    guard when.allSatisfy({ $0.holds(for: root) }) else { return false }
    if let apiVersion, root.value("apiVersion")?.text.matches(glob: apiVersion) != true { return false }
    if let kind, root.value("kind")?.text.matches(glob: kind) != true { return false }
    if !place.isEmpty, root.value(at: place)?.isNull ?? true { return false }
    return files.isEmpty || files.contains { $0.matches(path) }
  }
}

extension PathGlob {
  fileprivate var namesFolder: Bool {
    parts.dropLast().contains { $0 != "**" }
  }
}

extension DeclaredFormat.TextPattern {
  fileprivate func holds(for root: YAMLNode) -> Bool {
    guard let value = root.value(at: path), value.isScalar, !value.isNull else { return false }
    return patterns.contains { value.text.matches(glob: $0) }
  }
}

/// A hidden folder that a format names, with the names of its files.
package struct HiddenFolder: Hashable, Sendable {
  /// The folder and those above it up to the outermost hidden one: `.github`, `workflows`.
  package let names: [String]
  /// The pattern of its files.
  package let files: String

  /// What a pattern names, if that is one hidden folder wherever it lies.
  init?(_ glob: PathGlob) {
    let parts = glob.parts.drop { $0 == "**" }
    guard let first = parts.first, first.hasPrefix("."), parts.count > 1, let files = parts.last else { return nil }
    names = Array(parts.dropLast())
    self.files = files
    if names.contains(where: { $0.utf8.contains(where: \.isGlobSign) }) { return nil }
  }
}
