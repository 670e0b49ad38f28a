import Testing

@testable import Workspace

/// What git ignores, as `git check-ignore` says it of the same files.
@Suite struct IgnoredPathsTests {
  static let files = [
    ".git/info/exclude": "*.mine\n",
    ".gitignore":
      "# a comment\n\n/root-only\nanywhere\nfolder/\na/b\n**/deep/*.yaml\n*.log\n!keep.log\nspaced \r\n\\#sign\nx/**\n",
    "sub/.gitignore": "/own.yaml\n!back.log\n",
  ]

  @Test(arguments: [
    ("root-only", true), ("sub/root-only", false), ("anywhere", true), ("sub/anywhere", true),
    ("anywhere/inside/file.yaml", true), ("folder", false), ("folder/", true), ("folder/file.yaml", true),
    ("sub/folder/file.yaml", true), ("a/b", true), ("sub/a/b", false), ("deep/c.yaml", true), ("a/c/deep/c.yaml", true),
    ("a/deep/c/c.yaml", false), ("c.log", true), ("keep.log", false), ("sub/c.log", true), ("sub/back.log", false),
    ("spaced", true), ("#sign", true), ("a comment", false), ("sub/own.yaml", true), ("own.yaml", false),
    ("c.mine", true),
    ("x/y", true), ("x", false), ("folder/../c.yaml", false), ("/c.log", false), ("", false),
  ])
  func isIgnored(_ path: String, _ isIgnored: Bool) {
    #expect(WrittenFiles(Self.files.mapValues { Array($0.utf8) }).isIgnored(path) == isIgnored)
  }

  /// The work grows with the pattern and the path, not with the ways to share the path among the stars.
  @Test func starsDoNotMultiply() throws {
    for piece in ["*a", "**/", "**/*a/", "?*", "[ab]*"] {
      var steps = 0
      let text = Array(String(repeating: piece, count: 200).utf8) + [UInt8(ascii: "b")]
      let pattern = try #require(IgnorePattern(text[...], line: 1))
      let path = Array(String(repeating: "aa/a", count: 250).utf8)
      #expect(!pattern.matches(path, from: 0, steps: &steps))
      #expect(steps < 500_000, "\(piece): \(steps)")
    }
  }

  /// Of lines that only say names, however many, a few are looked up.
  @Test func namesAreLookedUp() {
    let lines = (0..<10_000).map { "name-\($0)\n/folder/name-\($0)/\n" }.joined()
    let list = IgnoreList(Array(lines.utf8), path: ".gitignore", depth: 0, isOfGit: true)
    var steps = 0
    #expect(list.last(matching: Array("x/name-77".utf8), isFolder: false, steps: &steps)?.line == 155)
    #expect(list.last(matching: Array("folder/name-99".utf8), isFolder: true, steps: &steps)?.line == 200)
    #expect(list.last(matching: Array("folder/name".utf8), isFolder: false, steps: &steps) == nil)
    #expect(steps < 200)
  }
}
