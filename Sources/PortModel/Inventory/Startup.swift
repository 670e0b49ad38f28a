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
    /// Files whose paths are not written.
    package static let files = Unseen(rawValue: 2)
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

    /// Adds texts, unless they come to too much.
    fileprivate mutating func add(_ texts: [(some Collection<UInt8>)?]) -> Bool {
      let count = texts.reduce(0) { $0 + ($1?.count ?? 1) + 1 }
      guard bytes.count + count <= Records.most else { return false }
      for text in texts {
        if let text {
          bytes.append(contentsOf: text.lazy.map { $0 >= Records.noValue ? UInt8(ascii: "?") : $0 })
        } else {
          bytes.append(Records.noValue)
        }
        bytes.append(Records.end)
      }
      return true
    }

    fileprivate mutating func append(_ other: Records) -> Bool {
      guard bytes.count + other.bytes.count <= Records.most else { return false }
      bytes += other.bytes
      return true
    }
  }

  package mutating func add<Text: Collection<UInt8>>(variable name: Text, value: Text?) {
    if !variables.add([name, value]) { unseen.insert(.rest) }
  }

  package mutating func add(toCommand word: some Collection<UInt8>) {
    if !command.add([word]) { unseen.insert(.rest) }
  }

  package mutating func add(toEntrypoint word: some Collection<UInt8>) {
    if !entrypoint.add([word]) { unseen.insert(.rest) }
  }

  package mutating func add(file path: some Collection<UInt8>) {
    if !files.add([path]) { unseen.insert(.rest) }
  }

  /// Whether a variable or a word of the command holds one of some texts.
  package func holds(anyOf texts: [StaticString]) -> Bool {
    texts.contains { variables.contains($0) || command.contains($0) || entrypoint.contains($0) }
  }

  /// Lays over this what a later text says: of a variable its value counts, and its command takes the place of this one.
  package mutating func overlay(_ later: Startup) {
    if !variables.append(later.variables) || !files.append(later.files) { unseen.insert(.rest) }
    if !later.command.isEmpty { command = later.command }
    if !later.entrypoint.isEmpty { entrypoint = later.entrypoint }
    unseen.formUnion(later.unseen)
  }
}
