import Testing
import Workspace

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
}
