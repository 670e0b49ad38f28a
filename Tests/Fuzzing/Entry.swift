import SourceText

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// What is fuzzed.
enum Entry: String {
  /// Bytes to YAML trees.
  case yaml
  /// A port entry of a Compose file, in short or long form.
  case compose
  /// A manifest to an inventory, judged and reported.
  case kubernetes
  /// A policy file, a rule file and a baseline.
  case policy
  /// A format file.
  case format
  /// A document of a declared format, under one of the names by which some are told.
  case declared

  /// What the program's argument `--entry=NAME` names; libFuzzer passes over arguments that begin with two dashes.
  static let named: Entry = {
    let name = CommandLine.arguments.first { $0.hasPrefix("--entry=") }?.dropFirst(8) ?? ""
    guard let entry = Entry(rawValue: String(name)) else {
      fatalError("--entry=NAME must name yaml, compose, kubernetes, policy, format or declared")
    }
    return entry
  }()
}

/// Runs one input, and holds it to what must be true of any.
func fuzz(_ entry: Entry, _ bytes: [UInt8]) {
  let before = clock()
  switch entry {
  case .yaml: fuzzYAML(bytes)
  case .compose: fuzzComposeEntry(bytes)
  case .kubernetes: fuzzManifest(bytes)
  case .policy: fuzzPolicy(bytes)
  case .format: fuzzFormat(bytes)
  case .declared: fuzzDeclared(bytes)
  }
  // A second of the processor's time for 100 kB, twice read; the sanitizers take some of it.
  let seconds = Double(clock() - before) / Double(CLOCKS_PER_SEC)
  precondition(seconds < 4 + 4 * Double(bytes.count) / 100_000, "\(seconds) s for \(bytes.count) bytes")
}

/// Whether an input is one of those, one in sixteen, that dear checks are made of.
func isChosen(_ bytes: [UInt8]) -> Bool {
  bytes.reduce(0, &+) % 16 == 0
}

/// Holds that a range lies in the file, and between characters where the file is UTF-8.
func check(_ range: SourceRange, in file: SourceFile, _ what: StaticString) {
  precondition(range.file == file.id, "\(what): another file")
  precondition(range.start <= range.end && Int(range.end) <= file.bytes.count, "\(what): \(range) is not in the file")
  guard file.isText else { return }
  for offset in [Int(range.start), Int(range.end)] where offset < file.bytes.count {
    precondition(!file.bytes[offset].isUTF8Continuation, "\(what): \(range) cuts a character")
  }
}

extension SourceFile {
  /// Whether the bytes are UTF-8.
  var isText: Bool {
    String(validating: bytes, as: UTF8.self) != nil
  }
}
