import PortModel
import SourceText

/// What `COMPOSE_FILE` names, one of the variables that Compose itself heeds (compose-go `cli/options.go`).
package struct ComposeFileList: Sendable {
  /// The value of the variable.
  private let value: [UInt8]
  /// The names within it, by their offsets.
  private let names: [Range<Int>]

  /// - Returns: Nothing where no file is named.
  init?(in environment: ComposeEnvironment) {
    guard let value = environment.values["COMPOSE_FILE"], !value.isEmpty else { return nil }
    let written = environment.values["COMPOSE_PATH_SEPARATOR"] ?? ""
    self.init(Array(value.utf8), separator: Array((written.isEmpty ? ":" : written).utf8))
  }

  private init(_ value: [UInt8], separator: [UInt8]) {
    var names: [Range<Int>] = []
    var (start, at) = (0, 0)
    while at < value.count {
      let isEnd = value[at...].starts(with: separator)
      if isEnd, start < at { names.append(start..<at) }
      at += isEnd ? separator.count : 1
      if isEnd { start = at }
    }
    if start < at { names.append(start..<at) }
    self.value = value
    self.names = names
  }

  /// The paths of the files from where portlint runs, in their order.
  ///
  /// - Parameter folder: The project's folder, from which the names count.
  func paths(from folder: String) -> [String] {
    names.map { resolvedPath(String(decoding: value[$0], as: UTF8.self), from: folder) }
  }
}

extension ComposeFileList {
  /// A file that is named.
  package struct Name: Sendable {
    package var path: String
    /// What people are shown: the path, or the variable's name where other variables may have a part in it.
    package var shown: String
    package var place: SourceRange
  }

  /// The files that a file of variables names, each at the first place where it does.
  package static func files(namedIn variables: SourceFile, from folder: String) -> [Name] {
    var environment = ComposeEnvironment()
    environment.add([variables])
    guard let list = ComposeFileList(in: environment) else { return [] }
    let place = list.place(in: variables)
    var seen: Set<[UInt8]> = []
    return zip(list.names, list.paths(from: folder)).compactMap { name, path in
      guard seen.insert(Array(path.utf8)).inserted else { return nil }
      guard place.count == list.value.count else {
        let place = SourceRange(file: variables.id, start: place.lowerBound, end: place.upperBound)
        return Name(path: path, shown: "$COMPOSE_FILE", place: place)
      }
      let start = place.lowerBound + name.lowerBound
      let place = SourceRange(file: variables.id, start: start, end: start + name.count)
      return Name(path: path, shown: path, place: place)
    }
  }

  /// The offsets of the value where it stands as it is meant, and else those of the variable's name.
  private func place(in variables: SourceFile) -> Range<Int> {
    let bytes = variables.bytes
    let name = Array("COMPOSE_FILE".utf8)
    var place = 0..<0
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
      defer { start = end + 1 }
      var line = bytes[start..<end].drop(while: \.isBlank)
      if line.starts(with: "export ".utf8) { line = line.dropFirst(7).drop(while: \.isBlank) }
      guard line.starts(with: name) else { continue }
      let rest = line.dropFirst(name.count).drop(while: \.isBlank)
      guard rest.first == UInt8(ascii: "=") || rest.first == UInt8(ascii: ":") else { continue }
      // The last word counts.
      place = line.startIndex..<line.startIndex + name.count
      let written = rest.dropFirst().drop { $0.isBlank || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }
      if written.starts(with: value) { place = written.startIndex..<written.startIndex + value.count }
    }
    return place
  }
}

extension UInt8 {
  fileprivate var isBlank: Bool {
    self == UInt8(ascii: " ") || self == UInt8(ascii: "\t")
  }
}
