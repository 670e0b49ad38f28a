import Foundation
import Testing
import Workspace

/// A folder with many below it is walked by several workers: what they find is the same, and in the order of paths.
@Suite struct FolderWalkTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "portlint-walk-\(UUID().uuidString)")
    for number in 0..<200 {
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
    let expected = (0..<200).flatMap { number in
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
    #expect(found.count == 802)
    #expect(names.allSatisfy { bytes.contains(Array($0.utf8.suffix(10))) })
  }
}
