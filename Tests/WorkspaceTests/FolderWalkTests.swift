import Foundation
import PolicyEngine
import PortModel
import SourceText
import Testing

@testable import Workspace

/// A folder with many below it is walked by several workers: what they find is the same, and in the order of paths.
@Suite struct FolderWalkTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "portlint-walk-\(UUID().uuidString)")
    for number in 0..<80 {
      let inner = folder.appending(path: "team-\(number % 7)/app \(number)/deploy")
      try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
      for name in ["compose.yaml", "b.yml", "notes.txt", "../a.json", "../../\(number).yaml"] {
        try Data("a: b\n".utf8).write(to: inner.appending(path: name))
      }
    }
    let link = folder.appending(path: "team-1/link.yaml")
    try FileManager.default.createSymbolicLink(
      at: link, withDestinationURL: folder.appending(path: "team-0/app 0/a.json"))
    try FileManager.default.createDirectory(
      at: folder.appending(path: "team-2/.hidden"), withIntermediateDirectories: true)
    try Data("a: b\n".utf8).write(to: folder.appending(path: "team-2/.hidden/c.yaml"))
  }

  private func found(workers: Int) -> [String] {
    defer { try? FileManager.default.removeItem(at: folder) }
    return Discovery.candidates(for: [folder.path()], in: Tree.holding([folder.path()]), workers: { workers })
      .map { String($0.path.dropFirst(folder.path().count + 1)) }
  }

  @Test(arguments: [1, 2, 5]) func findsEachFileOnceInTheOrderOfPaths(workers: Int) {
    let expected = (0..<80).flatMap { number in
      let team = "team-\(number % 7)"
      return [
        "\(team)/app \(number)/deploy/compose.yaml", "\(team)/app \(number)/deploy/b.yml",
        "\(team)/app \(number)/a.json", "\(team)/\(number).yaml",
      ]
    }
    #expect(found(workers: workers) == expected.sorted())
  }

  /// Formats name files in hidden folders: those are found wherever such a folder lies, and read as these formats alone.
  @Test func findsWhatFormatsNameInHiddenFolders() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let workflow = "on: push\njobs: {a: {container: {image: b, ports: [\"80:80\"]}}}\n"
    let files = [
      ".github/workflows/test.yml": workflow, ".github/workflows/readme.md": workflow, ".github/other.yml": workflow,
      "team-1/.github/workflows/test.yaml": workflow, "team-1/.gitlab/workflows/test.yml": workflow,
      ".github/workflows/inner/test.yml": workflow,
      ".github/workflows/compose.yml": "services: {web: {image: a, ports: [\"80:80\", \"80:81\"]}}\n",
    ]
    for (path, text) in files {
      let file = folder.appending(path: path)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    let root = folder.path() + "/"
    let policy = LoadedPolicy.recommended()
    func read(_ paths: [String]) -> [String] {
      let tree = Tree.holding(paths)
      let candidates = Discovery.candidates(for: paths, in: tree, formats: policy.formats)
      let report = Workspace(policy, files: DiskFiles(in: tree), workers: 1).lint(candidates)
      return report.inventory.bindings.compactMap { report.files[$0.place.file]?.path }.map {
        String($0.dropFirst(root.utf8.count))
      }
    }
    let workflows = [".github/workflows/test.yml", "team-1/.github/workflows/test.yaml"]
    #expect(read([root]) == workflows)
    let compose = ".github/workflows/compose.yml"
    #expect(read([root, root + compose]).sorted() == ([compose, compose] + workflows).sorted())
  }

  // MARK: - Ignore files

  private func write(_ files: [String: String]) throws {
    for (path, text) in files {
      let file = folder.appending(path: path)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
  }

  private func found(in path: String = "", heeding: Bool = true) -> [Candidate] {
    let named = [folder.path() + (path.isEmpty ? "" : "/" + path)]
    return Discovery.candidates(for: named, in: Tree.holding(named), heedsIgnoreFiles: heeding)
  }

  private func paths(in path: String = "", heeding: Bool = true) -> [String] {
    found(in: path, heeding: heeding).map { String($0.path.dropFirst(folder.path().count + 1)) }
      .filter { !$0.hasPrefix("team-") }
  }

  private static let ignoring = [
    ".git/HEAD": "", ".gitignore": "build/\n*.gen.yaml\n", ".git/info/exclude": "mine.yaml\n",
    "build/a.yaml": "", "build/.gitignore": "!a.yaml\n", "a.gen.yaml": "", "mine.yaml": "", "sub/mine.yaml": "",
    "sub/.gitignore": "!b.gen.yaml\n", "sub/b.gen.yaml": "", "sub/c.gen.yaml": "", "sub/kept.yaml": "",
    "other/.ignore": "x.yaml\n", "other/x.yaml": "", "other/y.yaml": "",
    "nested/.git": "gitdir: elsewhere\n", "nested/n.gen.yaml": "", "nested/.ignore": "no.yaml", "nested/no.yaml": "",
    ".github/workflows/w.yml": "", ".github/.gitignore": "w.yml",
  ]

  @Test func leavesOutWhatIgnoreFilesSay() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try write(Self.ignoring)
    #expect(paths() == ["nested/n.gen.yaml", "other/y.yaml", "sub/b.gen.yaml", "sub/kept.yaml"])
    #expect(paths(in: "sub") == ["sub/b.gen.yaml", "sub/kept.yaml"])
    #expect(paths(heeding: false).count == 11)
    // What is named is read, and looked through.
    #expect(paths(in: "build") == ["build/a.yaml"])
    #expect(found(in: "a.gen.yaml").contains { $0.origin == .named })
    let named = [folder.path() + "/sub", folder.path() + "/sub/c.gen.yaml"]
    let both = Discovery.candidates(for: named, in: Tree.holding(named))
    #expect(both.count { $0.origin != .context } == 3)
  }

  @Test func gitsFilesCountWhereGitHasTheFolder() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    var files = Self.ignoring
    files[".git/HEAD"] = nil
    files[".git/info/exclude"] = nil
    try write(files)
    #expect(paths().contains("a.gen.yaml") && !paths().contains("other/x.yaml"))
  }

  @Test func hiddenFilesOfFormatsMayBeLeftOut() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try write(Self.ignoring)
    let named = [folder.path()]
    let formats = LoadedPolicy.recommended().formats
    func workflows(heeding: Bool) -> Int {
      Discovery.candidates(for: named, in: Tree.holding(named), formats: formats, heedsIgnoreFiles: heeding).count {
        $0.path.hasSuffix("w.yml")
      }
    }
    #expect(workflows(heeding: true) == 0 && workflows(heeding: false) == 1)
  }

  /// What it takes is the same in whatever order folders are looked through, and so is what is found when it is too much.
  @Test func tooManyPatternsAreSaidAndNotHeeded() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try write(Self.ignoring)
    let named = [folder.path()]
    let outcome = Discovery.outcome(
      for: named, in: Tree.holding(named), formats: .none, heedsIgnoreFiles: true, notesPassedOver: false,
      mostIgnoreSteps: 100, workers: { 2 })
    let failed = outcome.candidates.filter { $0.failure != nil }
    #expect(failed.map(\.path) == named && failed.map(\.failure) == [.tooManyIgnoreSteps(limit: 100)])
    #expect(outcome.candidates.count == found(heeding: false).count + 1)
    let report = Workspace(.recommended(), files: DiskFiles(in: Tree.holding(named)), workers: 1).lint(failed)
    #expect(
      report.diagnostics.map(\.message) == [
        "telling what ignore files leave out of the folder takes more than 100 steps; none of them is heeded"
      ])
    #expect(!report.isComplete)
  }

  /// It is asked of each file that is not there whether git ignores it.
  @Test func whatIsAskedOfSinglePathsHasALimitToo() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let lines = (0..<100).map { "a*b*\($0)\n" }.joined()
    let includes = (0..<100).map { "ab/ab/abab\($0)" }
    try write([
      ".git/HEAD": "", ".gitignore": lines + "gone\n",
      "compose.yaml":
        "include: [gone, \(includes.joined(separator: ", "))]\nservices: {a: {image: a, ports: ['99999:1']}}\n",
    ])
    let named = [folder.path()]
    func report(_ most: Int) -> Report {
      let tree = Tree.holding(named)
      return Workspace(.recommended(), files: DiskFiles(in: tree, mostIgnoreSteps: most), workers: 1)
        .lint(Discovery.candidates(for: named, in: tree, heedsIgnoreFiles: true))
    }
    let limited = report(10_000)
    #expect(!limited.isComplete)
    let rules = Dictionary(grouping: limited.diagnostics, by: \.rule).mapValues(\.count)
    #expect(rules == ["limit-exceeded": 1, "invalid-port": 1, "broken-include": 101])
    #expect(report(100_000_000).diagnostics.count { $0.rule == "broken-include" } == 0)
  }

  /// Each folder on the way is looked at once, and none below one that is not there.
  @Test func noFileIsLookedForBelowWhatIsNotThere() {
    var read: [String] = []
    let line = IgnoreFiles().line(leavingOut: "a/b/c/d/e.yaml", onlyOfGit: true) {
      $0 == "a/"
    } read: {
      read.append($0)
      return $0 == "a/.gitignore" ? Array("e.yaml\n".utf8) : nil
    }
    #expect(read == [".git/info/exclude", ".gitignore", "a/.gitignore"])
    #expect(line == IgnoreLine(file: "a/.gitignore", number: 1))
  }

  @Test(arguments: [
    ("d/./../d/f", "d/f"), ("d/none/../f", "d/f"), ("none/deep/../../l/f", "d/f"), ("l/none", "d/none"),
    ("out", "none/there"), ("out/../x", "none/x"), ("loop", nil), ("loop/x", nil), ("d/f/x", "d/f/x"), ("l/..", ""),
    ("none/", "none"), ("none/l/f", "none/l/f"), ("none/../../none", "../none"),
    (String(repeating: "none/", count: 2000) + String(repeating: "../", count: 2000) + "l/f", "d/f"),
  ])
  func linksAreFollowedAsFarAsThereIsSomething(_ path: String, _ expected: String?) throws {
    try write(["d/f": ""])
    defer { try? FileManager.default.removeItem(at: folder) }
    for (link, target) in [("l", "d"), ("out", "none/there"), ("loop", "loop")] {
      try FileManager.default.createSymbolicLink(
        atPath: folder.appending(path: link).path(), withDestinationPath: target)
    }
    let root = try #require(realPath(of: folder.path()))
    let real = realPath(of: root + "/" + path)
    #expect(
      real
        == expected.map {
          $0.isEmpty ? root : $0.hasPrefix("../") ? root.folderPath + $0.dropFirst(3) : root + "/" + $0
        })
  }

  @Test func anIgnoreFileThatCannotBeReadIsSaid() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try write([
      ".git/HEAD": "", ".gitignore": String(repeating: "# long\n", count: 200_000), "a.yaml": "", "b/c.yaml": "",
    ])
    for path in ["", "b"] {
      let failed = found(in: path).filter { $0.failure != nil }
      #expect(failed.map(\.failure) == [.tooLarge(limit: 1)])
      #expect(failed.allSatisfy { $0.path.hasSuffix(".gitignore") })
    }
    #expect(found(in: "b", heeding: false).allSatisfy { $0.failure == nil })
  }

  /// To Swift both names are one text; to the system they are two.
  @Test func tellsNamesApartThatAreComposedInTwoWays() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let names = ["team-0/\u{E9}/a.yaml", "team-0/e\u{301}/a.yaml"]
    for name in names {
      let file = folder.appending(path: name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("a: b\n".utf8).write(to: file)
    }
    let path = folder.path()
    let paths = [path, path + "/../" + folder.lastPathComponent]
    let found = Discovery.candidates(for: paths, in: Tree.holding(paths))
    let bytes = Set(found.map { Array($0.path.utf8.suffix(10)) })
    #expect(found.count == 322)
    #expect(names.allSatisfy { bytes.contains(Array($0.utf8.suffix(10))) })
  }
}
