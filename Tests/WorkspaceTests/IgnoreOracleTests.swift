import Foundation
import SourceText
import TestSupport
import Testing
import Workspace

/// What is left out of a walk, held against what git says of the same tree.
@Suite struct IgnoreOracleTests {
  /// How many trees are made: more of them are held against git with `PORTLINT_IGNORE_TREES=10000`.
  private static let count =
    ProcessInfo.processInfo.environment["PORTLINT_IGNORE_TREES"].flatMap { Int($0) } ?? 200

  /// How many trees are of one repository: each of them costs a start of git.
  private static let treesOfRepository = 20

  private static let names = [
    "a", "b", "ab", "a-b", "build", "x.log", "a.yaml", "b.yaml", "ab.yaml", "[a].yaml", "a b.yaml", "a .yaml",
    "#c.yaml",
    "!d.yaml", "\u{E9}.yaml", "A.yaml", "a*b.yaml", "back\\slash.yaml", "0.yaml",
  ]

  private static let pieces = [
    "*", "**", "?", "/", "/", "a", "b", "ab", ".yaml", "build", "[ab]", "[!a]", "[^b]", "[a-b]", "[[:alpha:]]", "[]a]",
    "\\a", "\\*", "\\[", "**/", "/**", "/**/", "*.yaml", "[", "\\", " ", "!", "#", "-", "[[:digit:]-]", "[a\\]]", "x",
    "[[:nope:]]", "[[:a]", "\u{E9}", "[\u{E9}]",
  ]

  private static func pattern(_ chance: inout Seeded) -> String {
    var text = chance.below(5) == 0 ? "!" : ""
    if chance.below(3) == 0 { text += "/" }
    switch chance.below(4) {
    case 0: text += names[chance.below(names.count)]
    case 1: text += names[chance.below(names.count)] + "/" + pieces[chance.below(pieces.count)]
    default: for _ in 0...chance.below(4) { text += pieces[chance.below(pieces.count)] }
    }
    if chance.below(4) == 0 { text += "/" }
    if chance.below(12) == 0 { text += " " }
    if chance.below(20) == 0 { text += "\r" }
    return text
  }

  private static func lines(_ chance: inout Seeded) -> String {
    let start = chance.below(20) == 0 ? "\u{FEFF}" : ""
    let lines = (0..<1 + chance.below(6)).map { _ in pattern(&chance) }
    return start + lines.joined(separator: "\n") + (chance.below(4) == 0 ? "" : "\n")
  }

  /// Writes a tree below a folder, whose path is given from the repository's.
  private static func makeTree(at path: String, in root: URL, depth: Int, _ chance: inout Seeded) throws {
    let folder = root.appending(path: path)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    if chance.below(depth == 0 ? 4 : 2) > 0 || depth == 0 {
      try Data(lines(&chance).utf8).write(to: folder.appending(path: ".gitignore"))
    }
    for name in names where chance.below(4) == 0 {
      if name.hasSuffix(".yaml"), chance.below(4) > 0 {
        try Data().write(to: folder.appending(path: name))
      } else if depth < 2 {
        try makeTree(at: path + "/" + name, in: root, depth: depth + 1, &chance)
      }
    }
  }

  /// The manifests that git does not ignore, by their paths from the repository.
  private static func kept(byGitIn root: URL) throws -> Set<ExactText> {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["git", "-c", "core.excludesFile=", "ls-files", "-z", "--others", "--exclude-standard"]
    process.currentDirectoryURL = root
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let paths = data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    return Set(paths.filter { $0.hasSuffix(".yaml") }.map(\.exact))
  }

  private static func initialise(_ root: URL) throws -> Bool {
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["git", "init", "--quiet", "--template=", root.path]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus == 0
  }

  @Test func aWalkFindsWhatGitDoesNotIgnore() throws {
    var chance = Seeded(18)
    var (found, ignored) = (0, 0)
    for number in 0..<(Self.count + Self.treesOfRepository - 1) / Self.treesOfRepository {
      let root = FileManager.default.temporaryDirectory.appending(path: "portlint-ignore-\(UUID().uuidString)")
      defer { try? FileManager.default.removeItem(at: root) }
      try #require(try Self.initialise(root))
      try FileManager.default.createDirectory(at: root.appending(path: ".git/info"), withIntermediateDirectories: true)
      try Data(Self.lines(&chance).utf8).write(to: root.appending(path: ".git/info/exclude"))
      for tree in 0..<Self.treesOfRepository {
        try Self.makeTree(at: "tree-\(tree)", in: root, depth: 0, &chance)
      }
      let path = root.path + "/"
      let tree = Tree.holding([path])
      func walk(heeding: Bool) -> Set<ExactText> {
        let candidates = Discovery.candidates(for: [path], in: tree, heedsIgnoreFiles: heeding)
        return Set(candidates.map { String(decoding: $0.path.utf8.dropFirst(path.utf8.count), as: UTF8.self).exact })
      }
      let (own, git, all) = (walk(heeding: true), try Self.kept(byGitIn: root), walk(heeding: false))
      let files = DiskFiles(in: tree)
      let asked = all.filter { !files.isIgnored(path + $0.text) }
      #expect(own == git, "in \(number): \(Self.difference(own, git))")
      #expect(asked == git, "in \(number): \(Self.difference(asked, git))")
      found += own.count
      ignored += all.count - own.count
    }
    #expect(found > Self.count && ignored > Self.count)
  }

  private static func difference(_ own: Set<ExactText>, _ git: Set<ExactText>) -> String {
    let (more, fewer) = (own.subtracting(git).sorted(), git.subtracting(own).sorted())
    return "not ignored \(more.prefix(5)), ignored \(fewer.prefix(5)), of \(own.count)"
  }
}
