import SourceText

/// What a manifest gives to a process when it starts it, as far as that is seen.
package struct Startup: Sendable {
  /// The variables, each with its value; nothing where the value is not written.
  package private(set) var variables = Records()
  /// The words of the command.
  package private(set) var command = Records()
  /// The words that stand before those of the command.
  package private(set) var entrypoint = Records()
  /// The paths at which files and folders are given to it.
  package private(set) var files = Records()
  /// What more there is.
  package var unseen: Unseen = []

  package init() {}

  package var isEmpty: Bool {
    variables.isEmpty && command.isEmpty && entrypoint.isEmpty && files.isEmpty && unseen.isEmpty
  }

  package struct Unseen: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
      self.rawValue = rawValue
    }

    /// Variables that a file or another object holds.
    package static let variables = Unseen(rawValue: 1)
    /// Files that hold secrets, whose paths are not written.
    package static let secrets = Unseen(rawValue: 2)
    /// Files that hold settings, whose paths are not written.
    package static let configs = Unseen(rawValue: 16)
    /// The image is built from what is not seen.
    package static let build = Unseen(rawValue: 4)
    /// There was more than is kept.
    package static let rest = Unseen(rawValue: 8)
  }

  /// Texts one behind the other: most of what starts a process is never asked about.
  package struct Records: Sendable {
    /// Each text ends in a byte that no UTF-8 text holds.
    private var bytes: [UInt8] = []
    private static let end: UInt8 = 0xFF
    private static let noValue: UInt8 = 0xFE
    /// How much is kept.
    private static let most = 16 << 10

    package var isEmpty: Bool { bytes.isEmpty }

    /// The texts, decoded.
    package var texts: [String] {
      bytes.split(separator: Records.end, omittingEmptySubsequences: false).dropLast()
        .map { String(decoding: $0, as: UTF8.self) }
    }

    /// Names with their values; nothing for a value that is not written.
    package var pairs: [(name: String, value: String?)] {
      let parts = bytes.split(separator: Records.end, omittingEmptySubsequences: false).dropLast()
      return stride(from: 0, to: parts.count - 1, by: 2).map { number in
        let value = parts[parts.startIndex + number + 1]
        let isWritten = value.first != Records.noValue
        let name = String(decoding: parts[parts.startIndex + number], as: UTF8.self)
        return (name, isWritten ? String(decoding: value, as: UTF8.self) : nil)
      }
    }

    fileprivate func contains(_ text: StaticString) -> Bool {
      bytes.contains(text: text)
    }

    /// Adds a text, or that a value is not written.
    fileprivate mutating func add(_ text: UnsafeBufferPointer<UInt8>?) {
      guard let text else {
        bytes.append(Records.noValue)
        return bytes.append(Records.end)
      }
      let start = bytes.count
      bytes.append(contentsOf: text)
      // What stands for an end may stand in what is no UTF-8.
      for index in start..<bytes.count where bytes[index] >= Records.noValue { bytes[index] = UInt8(ascii: "?") }
      bytes.append(Records.end)
    }

    /// Whether there is room for that many bytes more.
    fileprivate func hasRoom(for count: Int) -> Bool {
      bytes.count + count <= Records.most
    }

    fileprivate mutating func append(_ other: Records) -> Bool {
      guard hasRoom(for: other.bytes.count) else { return false }
      bytes += other.bytes
      return true
    }
  }

  // The texts are given as memory: what is generic over their type is slow from another module.

  package mutating func add(variable name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>?) {
    guard variables.hasRoom(for: name.count + (value?.count ?? 1) + 2) else { return noteRest() }
    variables.add(name)
    variables.add(value)
  }

  package mutating func add(toCommand word: UnsafeBufferPointer<UInt8>) {
    guard command.hasRoom(for: word.count + 1) else { return noteRest() }
    command.add(word)
  }

  package mutating func add(toEntrypoint word: UnsafeBufferPointer<UInt8>) {
    guard entrypoint.hasRoom(for: word.count + 1) else { return noteRest() }
    entrypoint.add(word)
  }

  package mutating func add(file path: UnsafeBufferPointer<UInt8>) {
    guard files.hasRoom(for: path.count + 1) else { return noteRest() }
    files.add(path)
  }

  /// A part that a manifest may take back as a whole.
  package enum Part: CaseIterable, Sendable {
    case variables, command, entrypoint, volumes, variableFiles, secrets, configs, build
  }

  /// Takes back what earlier texts say of a part.
  package mutating func remove(_ part: Part) {
    switch part {
    case .variables: variables = Records()
    case .command: command = Records()
    case .entrypoint: entrypoint = Records()
    case .volumes: files = Records()
    case .variableFiles: unseen.remove(.variables)
    case .secrets: unseen.remove(.secrets)
    case .configs: unseen.remove(.configs)
    case .build: unseen.remove(.build)
    }
  }

  /// Takes back what earlier texts say of some variables.
  package mutating func remove(variables names: Set<ExactText>) {
    let pairs = variables.pairs
    variables = Records()
    for (name, value) in pairs where !names.contains(name.exact) {
      Array(name.utf8).withUnsafeBufferPointer { variables.add($0) }
      if let value { Array(value.utf8).withUnsafeBufferPointer { variables.add($0) } } else { variables.add(nil) }
    }
  }

  private mutating func noteRest() {
    unseen.insert(.rest)
  }

  /// Whether a variable or a word of the command holds one of some texts.
  package func holds(anyOf texts: [StaticString]) -> Bool {
    texts.contains { variables.contains($0) || command.contains($0) || entrypoint.contains($0) }
  }

  /// What tells nginx-proxy which port to send requests to; the process itself does not read it.
  package static let proxyVariable: StaticString = "VIRTUAL_PORT"

  /// The numbers that stand in variables' values and in words of the command, as far as they may be ports.
  ///
  /// - Parameter name: A variable that is passed over.
  package func numbers(besides name: StaticString? = nil) -> Set<UInt16> {
    let passed = name.map { "\($0)".exact }
    let values = variables.pairs.filter { $0.name.exact != passed }.compactMap(\.value)
    var numbers: Set<UInt16> = []
    for text in values + command.texts + entrypoint.texts {
      for digits in text.utf8.split(whereSeparator: { !$0.isASCIIDigit }) where digits.first != UInt8(ascii: "0") {
        if let number = UInt16(Substring(digits)) { numbers.insert(number) }
      }
    }
    return numbers
  }

  /// Whether a number stands in a variable's value, or in a word of the command.
  package func mentions(_ port: UInt16) -> Bool {
    numbers().contains(port)
  }

  /// Whether a number stands somewhere in what starts the process, and one of some signs does.
  package func mentions(_ port: UInt16, behindAnyOf signs: [StaticString]) -> Bool {
    holds(anyOf: signs) && mentions(port)
  }

  /// Lays over this what a later text says: of a variable its value counts, and its command takes the place of this one.
  package mutating func overlay(_ later: Startup) {
    if !variables.append(later.variables) || !files.append(later.files) { unseen.insert(.rest) }
    if !later.command.isEmpty { command = later.command }
    if !later.entrypoint.isEmpty { entrypoint = later.entrypoint }
    unseen.formUnion(later.unseen)
  }
}
