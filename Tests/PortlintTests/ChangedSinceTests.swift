import Foundation
import Testing

/// `--changed-since`: everything is judged, and reported is what changed files take part in.
@Suite struct ChangedSinceTests {
  private static let clash = "services: {a: {image: a, ports: ['80:80']}, b: {image: b, ports: ['80:80']}}\n"

  private static func git(_ arguments: [String], in folder: URL) throws {
    let git = Process()
    git.executableURL = URL(filePath: "/usr/bin/env")
    git.arguments = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com"] + arguments
    git.currentDirectoryURL = folder
    git.environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "GIT_CONFIG_GLOBAL": "/dev/null",
      "GIT_CONFIG_NOSYSTEM": "1",
    ]
    git.standardOutput = FileHandle.nullDevice
    git.standardError = FileHandle.nullDevice
    try git.run()
    git.waitUntilExit()
    #expect(git.terminationStatus == 0, "\(arguments)")
  }

  private static func write(_ files: [String: String], in folder: URL) throws {
    for (path, text) in files {
      let file = folder.appending(path: path)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
  }

  /// What is asked for where a test says nothing of it.
  private static let usual = ["--changed-since", "HEAD", "--format", "compact", "--quiet"]

  private static func run(
    _ files: [String: String], changed: [String: String], prepare: (URL) throws -> Void = { _ in }
  ) throws -> Run {
    try run(usual, files, changed: changed, prepare: prepare)
  }

  /// A run on files that were committed, and then changed.
  private static func run(
    _ arguments: [String], _ files: [String: String], changed: [String: String], input: String = "",
    shell: String? = nil, prepare: (URL) throws -> Void = { _ in }
  ) throws -> Run {
    try Run(arguments, files: files, input: input, shell: shell) { folder in
      try prepare(folder)
      try git(["init", "-q"], in: folder)
      try git(["add", "-A"], in: folder)
      try git(["commit", "-q", "-m", "All."], in: folder)
      try write(changed, in: folder)
    }
  }

  /// The files and lines of the findings.
  private static func places(_ run: Run) -> [String] {
    run.output.matches(of: /(?m)^(.+?:\d+):\d+: [a-z]+: .* \[[a-z-]+\]$/).map { String($0.output.1) }
  }

  @Test func onlyWhatChangedFilesTakePartInIsReported() throws {
    let files = ["a/compose.yaml": Self.clash, "b/compose.yaml": Self.clash, ".gitignore": "ignored\n"]
    let changed = [
      "b/compose.yaml": "# Changed.\n" + Self.clash, "c/compose.yaml": Self.clash,
      "d e/\u{E9}\n/compose.yaml": Self.clash,
      "ignored/compose.yaml": Self.clash,
    ]
    let run = try Self.run(files, changed: changed)
    #expect(run.status == 1)
    #expect(Self.places(run) == ["b/compose.yaml:2", "c/compose.yaml:1", "d e/\u{E9}\\u{A}/compose.yaml:1"])
    let some = try Self.run(["--changed-since", "HEAD", "--format", "compact", "a", "c"], files, changed: changed)
    #expect(Self.places(some) == ["c/compose.yaml:1"])
    // All was judged.
    #expect(some.output.hasSuffix("2 files, 4 ports: 1 error, 0 warnings\n"))
  }

  @Test func nothingIsReportedWhereNothingHasChanged() throws {
    let run = try Self.run(["--changed-since", "HEAD"], ["compose.yaml": Self.clash], changed: [:])
    #expect(run.status == 0)
    #expect(run.output == "1 file, 2 ports: 0 errors, 0 warnings\n")
    // The revision counts, and not what is committed.
    let later = try Run(
      ["--changed-since", "HEAD~1", "--format", "compact", "--quiet"], files: ["a.txt": ""],
      prepare: { folder in
        try Self.git(["init", "-q"], in: folder)
        for _ in 0..<2 {
          try Self.git(["add", "-A"], in: folder)
          try Self.git(["commit", "-q", "-m", "All."], in: folder)
          try Self.write(["compose.yaml": Self.clash], in: folder)
        }
      })
    #expect(Self.places(later) == ["compose.yaml:1"])
  }

  @Test func theOtherSideOfAFindingSuffices() throws {
    let files = [
      ".portlint.yaml": "deployments: [{files: ['[ab].yaml']}]\n",
      "a.yaml": "services: {a: {image: a, ports: ['80:80']}}\n",
      "b.yaml": "services: {b: {image: b, ports: ['80:80']}}\n",
    ]
    let run = try Self.run(files, changed: ["a.yaml": "services: {a: {image: a2, ports: ['80:80']}}\n"])
    #expect(Self.places(run) == ["b.yaml:1"])
    #expect(try Self.run(files, changed: [".portlint.yaml": "# \n" + files[".portlint.yaml"]!]).output == "")
    let variable = ["compose.yaml": "services: {a: {image: a, ports: ['$P:80', '80:81']}}\n", ".env": "P=81\n"]
    #expect(Self.places(try Self.run(variable, changed: [".env": "P=80\n"])) == ["compose.yaml:1"])
  }

  @Test func whatIsReadOtherwiseThanByItsPathCounts() throws {
    let link = { (folder: URL) throws in
      try FileManager.default.createSymbolicLink(
        atPath: folder.appending(path: "compose.yaml").path, withDestinationPath: "real/a.txt")
    }
    let run = try Self.run(["real/a.txt": ""], changed: ["real/a.txt": Self.clash], prepare: link)
    #expect(Self.places(run) == ["compose.yaml:1"])
    let input = try Self.run(Self.usual + ["-"], ["compose.yaml": ""], changed: [:], input: Self.clash)
    #expect(Self.places(input) == ["<stdin>:1"])
    // From a folder below the work tree's, of which files elsewhere are named.
    let below = try Self.run(
      Self.usual + ["../b", "."], ["a/compose.yaml": Self.clash, "b/compose.yaml": Self.clash],
      changed: ["b/compose.yaml": Self.clash + "#"], shell: "cd a")
    #expect(Self.places(below) == ["../b/compose.yaml:1"])
    // A repository within another is unknown to that as a whole.
    let nested = try Self.run(["a.txt": ""], changed: ["new/compose.yaml": Self.clash]) { folder in
      let inner = folder.appending(path: "new")
      try Self.write(["b.txt": ""], in: inner)
      try Self.git(["init", "-q"], in: inner)
      try Self.write([".git/info/exclude": "new\n"], in: folder)
    }
    #expect(nested.status == 0)
  }

  struct Deletion: CustomTestStringConvertible {
    let testDescription: String
    let files: [String: String]
    var links: [String: String] = [:]
    /// Done in the folder once all is committed.
    let change: String
    let places: [String]
  }

  private static let one = "services: {a: {image: a, ports: ['80:80']}}\n"

  static let deletions = [
    Deletion(
      testDescription: "an included file, with its folder",
      files: ["compose.yaml": "include: [b/o.yaml]\n" + clash, "b/o.yaml": one, "c/compose.yaml": clash],
      change: "rm -r b", places: ["compose.yaml:1", "compose.yaml:2"]),
    Deletion(
      testDescription: "an override",
      files: [
        "a/compose.yaml": clash, "a/compose.override.yaml": "services: {a: {ports: !override []}}\n",
        "c/compose.yaml": clash,
      ],
      change: "rm a/compose.override.yaml", places: ["a/compose.yaml:1"]),
    Deletion(
      testDescription: "a file that variables name, and one of a kustomization",
      files: [
        "a/.env": "COMPOSE_FILE=d/a.yaml:d/b.yaml\n", "a/d/a.yaml": clash, "a/d/b.yaml": one,
        "k/kustomization.yaml": "resources: [base, p.yaml]\n",
        "k/base/kustomization.yaml": "resources: []\n",
        "k/p.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: a}]}\n",
      ],
      change: "rm a/d/b.yaml k/base/kustomization.yaml",
      places: ["a/.env:1", "a/d/a.yaml:1", "k/kustomization.yaml:1"]),
    Deletion(
      testDescription: "a link that leads elsewhere now",
      files: ["one.yml": one, "two.yml": clash, "three.yml": clash], links: ["compose.yaml": "one.yml"],
      change: "ln -sf two.yml compose.yaml", places: ["two.yml:1"]),
  ]

  /// What is no more takes part in what is found where it is lacking.
  @Test(arguments: deletions) func whatWasDeletedCounts(_ row: Deletion) throws {
    let run = try Run(
      Self.usual, files: row.files, shell: row.change,
      prepare: { folder in
        for (name, target) in row.links {
          try FileManager.default.createSymbolicLink(
            atPath: folder.appending(path: name).path, withDestinationPath: target)
        }
        for arguments in [["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "All."]] {
          try Self.git(arguments, in: folder)
        }
      })
    #expect(Self.places(run) == row.places)
  }

  @Test func whatWasNotJudgedIsSaidAllTheSame() throws {
    let run = try Self.run(["compose.yaml": "services: {}\n"], changed: [:]) { folder in
      try FileManager.default.createSymbolicLink(
        atPath: folder.appending(path: "gone.yaml").path, withDestinationPath: "gone.yaml")
    }
    #expect(run.status == 2)
    #expect(run.output.contains("gone.yaml:1:1: error: ") && run.output.contains("[unreadable-file]"))
  }

  /// Filters are programs, and whose they are nobody knows.
  @Test(arguments: ["clean", "process"]) func noFilterOfTheRepositoryIsRun(_ kind: String) throws {
    let files = ["compose.yaml": "services: {}\n", ".gitattributes": "compose.yaml filter=x\n"]
    let run = try Run(
      Self.usual, files: files,
      prepare: { folder in
        for arguments in [["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "All."]] {
          try Self.git(arguments, in: folder)
        }
        try Self.git(["config", "filter.x.\(kind)", "touch '\(folder.path)/ran'; cat"], in: folder)
        try Self.git(["config", "filter.x.required", "true"], in: folder)
        try Self.write(["compose.yaml": Self.clash], in: folder)
      },
      inspect: { folder in
        #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "ran").path))
      })
    #expect(Self.places(run) == ["compose.yaml:1"])
  }

  /// Git writes the index anew where a file is as it was but for its time, and a hook waits for that.
  @Test(arguments: ["HEAD", "HEAD~1"]) func noHookIsRunAndNothingIsWritten(_ revision: String) throws {
    var index = Data()
    let run = try Run(
      ["--changed-since", revision, "--format", "compact", "--quiet"], files: ["compose.yaml": Self.clash],
      prepare: { folder in
        try Self.git(["init", "-q"], in: folder)
        for name in ["a", "b"] {
          try Self.write(["\(name)/compose.yaml": Self.clash], in: folder)
          try Self.git(["add", "-A"], in: folder)
          try Self.git(["commit", "-q", "-m", "All."], in: folder)
        }
        for name in ["post-index-change", "post-checkout", "pre-commit"] {
          let hook = folder.appending(path: ".git/hooks/\(name)")
          try Self.write([".git/hooks/\(name)": "#!/bin/sh\ntouch '\(folder.path)/ran'\n"], in: folder)
          try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: hook.path)
        }
        try FileManager.default.setAttributes(
          [.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: folder.appending(path: "compose.yaml").path
        )
        index = try Data(contentsOf: folder.appending(path: ".git/index"))
      },
      inspect: { folder in
        #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "ran").path))
        let now = try Data(contentsOf: folder.appending(path: ".git/index"))
        #expect(now == index)
      })
    #expect(Self.places(run) == (revision == "HEAD" ? [] : ["b/compose.yaml:1"]))
  }

  /// Settings keep git from telling files, and from running nothing.
  @Test func settingsOfGitHideNothing() throws {
    let run = try Run(
      Self.usual, files: ["a.txt": ""],
      prepare: { folder in
        try Self.write(["ignore": "compose.yaml\n"], in: folder.appending(path: ".git-settings"))
        for arguments in [
          ["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "All."],
          ["config", "core.excludesFile", folder.appending(path: ".git-settings/ignore").path],
        ] {
          try Self.git(arguments, in: folder)
        }
        try Self.write(["compose.yaml": Self.clash], in: folder)
      })
    #expect(Self.places(run) == ["compose.yaml:1"])
  }

  @Test func whatAChangedKustomizationBuildsCounts() throws {
    let base = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 99999}]}\n"
    let files = [
      "a/kustomization.yaml": "resources: [../base]\n", "base/kustomization.yaml": "resources: [s.yaml]\n",
      "base/s.yaml": base,
    ]
    let run = try Self.run(files, changed: ["a/kustomization.yaml": "resources: [../base]\nnamePrefix: a-\n"])
    #expect(Self.places(run) == ["base/s.yaml:4"])
  }

  @Test func whatChangedVariablesNameCounts() throws {
    let files = [
      ".env": "COMPOSE_FILE=a.yaml\n", "a.yaml": Self.one, "b.yaml": "services: {b: {image: b, ports: ['80:80']}}\n",
    ]
    let run = try Self.run(files, changed: [".env": "COMPOSE_FILE=a.yaml:b.yaml\n"])
    #expect(Self.places(run) == ["b.yaml:1"])
  }

  /// What a kustomization made of other files, they stand for by themselves without it.
  @Test(arguments: [nil, "resources: [s.yaml]\n"])
  func whatAKustomizationNamedCounts(_ now: String?) throws {
    let bad = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 99999}]}\n"
    let port = "{op: replace, path: /spec/ports/0/port, value: 80}"
    let files = [
      "base/kustomization.yaml": "resources: [s.yaml, ../other/t.yaml, ../far]\n",
      "base/s.yaml": bad.replacing("99999", with: "80"), "other/t.yaml": bad, "other/u.yaml": bad,
      "far/kustomization.yaml": "resources: [v.yaml]\npatches: [{patch: '- \(port)', target: {kind: None}}]\n",
      "far/v.yaml": bad,
    ]
    let run = try Run(
      Self.usual, files: files,
      prepare: { folder in
        for arguments in [["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "All."]] {
          try Self.git(arguments, in: folder)
        }
        try FileManager.default.removeItem(at: folder.appending(path: "base/kustomization.yaml"))
        if let now { try Self.write(["base/kustomization.yaml": now], in: folder) }
      })
    #expect(Self.places(run) == ["far/v.yaml:4", "other/t.yaml:4"])
  }

  /// What a project included or extended, stands for itself without it.
  @Test(arguments: [
    (nil, true), ("services: {z: {image: z}}\n", true),
    ("services: {z: {extends: {file: ./b.yaml, service: b}, ports: !reset []}}\n", false),
  ])
  func whatAComposeFileNamedCounts(_ now: String?, _ isDropped: Bool) throws {
    for before in [
      "include: [b.yaml]\n", "include: [{path: [./b.yaml]}]\n", "include: ['${B:-b}.yaml']\n",
      "services: {z: {extends: {file: b.yaml, service: b}}}\n",
    ] {
      let files = [
        "compose.yaml": before, "b.yaml": Self.clash, "c.yaml": Self.clash.replacing("80", with: "81"),
        "d.yaml": "include: [c.yaml]\n", "x/y.yaml": "",
      ]
      let run = try Run(
        Self.usual, files: files,
        prepare: { folder in
          for arguments in [["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "All."]] {
            try Self.git(arguments, in: folder)
          }
          try FileManager.default.removeItem(at: folder.appending(path: "compose.yaml"))
          if let now { try Self.write(["compose.yaml": now], in: folder) }
        })
      #expect(Self.places(run).contains("b.yaml:1") == isDropped, "\(before)\(run.output)\(run.errors)")
      // Without the file that Docker picks, each that lies beside it is another project.
      #expect(Self.places(run).contains("c.yaml:1") == (now == nil))
    }
  }

  @Test func whatVariablesNamedCounts() throws {
    let files = [
      ".env": "COMPOSE_FILE=a/x.yml:b/y.yml\n", "a/x.yml": Self.one, "b/y.yml": Self.clash, "c/z.yml": Self.clash,
    ]
    let run = try Self.run(files, changed: [".env": "A=1\n"])
    #expect(Self.places(run) == ["b/y.yml:1"])
  }

  /// Nobody can say that what git ignores is what it was.
  @Test func variablesThatGitIgnoresCount() throws {
    let compose = "services: {a: {image: a, ports: ['$P:80', '80:81']}}\n"
    let files = [
      ".gitignore": ".env\n", "a/compose.yaml": compose, "b/compose.yaml": compose, "c/compose.yaml": Self.clash,
    ]
    let run = try Self.run(files, changed: ["a/.env": "P=80\n"])
    #expect(Self.places(run) == ["a/compose.yaml:1"])
  }

  @Test func whatGitWasToldToPassOverCounts() throws {
    let files = ["a/compose.yaml": Self.clash, "b/compose.yaml": Self.clash, "c/compose.yaml": Self.clash]
    let run = try Run(
      Self.usual, files: files,
      prepare: { folder in
        for arguments in [
          ["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "All."],
          ["update-index", "--assume-unchanged", "a/compose.yaml"],
          ["update-index", "--skip-worktree", "b/compose.yaml"],
        ] {
          try Self.git(arguments, in: folder)
        }
        try Self.write(["a/compose.yaml": "# \n" + Self.clash, "b/compose.yaml": "# \n" + Self.clash], in: folder)
      })
    #expect(Self.places(run) == ["a/compose.yaml:2", "b/compose.yaml:2"])
  }

  /// A submodule has changed since the commit that the tree around it had of it then.
  @Test func theFilesOfSubmodulesCount() throws {
    func commit(_ folder: URL, _ files: [String: String]) throws {
      try Self.write(files, in: folder)
      try Self.git(["add", "-A"], in: folder)
      try Self.git(["commit", "-q", "-m", "All."], in: folder)
    }
    let changed = Self.clash + "# Changed.\n"
    let run = try Run(
      Self.usual + ["."], files: [:], shell: "cd tree",
      prepare: { folder in
        let (other, tree) = (folder.appending(path: "other"), folder.appending(path: "tree"))
        let sub = tree.appending(path: "sub")
        for made in [other, tree] {
          try Self.write(["a.txt": ""], in: made)
          try Self.git(["init", "-q"], in: made)
        }
        try commit(
          other,
          ["same/compose.yaml": Self.clash, "committed/compose.yaml": Self.clash, "dirty/compose.yaml": Self.clash])
        for name in ["sub", "late"] {
          if name == "late" { try commit(tree, ["own/compose.yaml": Self.clash]) }
          try Self.git(["-c", "protocol.file.allow=always", "submodule", "add", "-q", other.path, name], in: tree)
        }
        try commit(sub, ["committed/compose.yaml": changed])
        try Self.write(["dirty/compose.yaml": changed, "new/compose.yaml": Self.clash], in: sub)
        // What git compares a submodule by is no business of the tree around it.
        try Self.git(["config", "submodule.sub.ignore", "all"], in: tree)
        try Self.git(["config", "filter.x.clean", "touch '\(folder.path)/ran'; cat"], in: sub)
        try Self.write([".gitattributes": "* filter=x\n"], in: sub)
      },
      inspect: { folder in
        #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "ran").path))
      })
    #expect(
      Self.places(run) == [
        "late/committed/compose.yaml:1", "late/dirty/compose.yaml:1", "late/same/compose.yaml:1",
        "sub/committed/compose.yaml:1", "sub/dirty/compose.yaml:1", "sub/new/compose.yaml:1",
      ])
  }

  @Test func whatGitCannotSayEndsTheRun() throws {
    let files = ["compose.yaml": Self.clash]
    for (revision, words) in [
      ("none", "git knows no revision 'none'"), ("HEAD..HEAD", "git knows no revision 'HEAD..HEAD'"),
      ("HEAD:compose.yaml", "git knows no revision 'HEAD:compose.yaml'"), ("-p", "'-p' is no revision"),
      ("--output=x", "'--output=x' is no revision"),
      ("\u{1B}[31m", "git knows no revision '\\u{1B}[31m'"),
    ] {
      let run = try Self.run(["--changed-since=\(revision)"], files, changed: [:])
      #expect(run.status == 2)
      #expect(run.output == "")
      #expect(run.errors == "portlint: --changed-since: \(words)\n")
    }
    let none = try Run(["--changed-since", "HEAD"], files: files)
    #expect(none.status == 2)
    #expect(none.errors.hasPrefix("portlint: --changed-since: git says: fatal: not a git repository"))
    let without = try Run(["--changed-since", "HEAD"], files: files, environment: ["PATH": "/none"])
    #expect(without.status == 2)
    #expect(without.errors == "portlint: --changed-since: git cannot be run: No such file or directory\n")
    let baseline = try Self.run(["--changed-since", "HEAD", "--write-baseline", "b.json"], files, changed: [:])
    #expect(baseline.status == 2)
    #expect(baseline.errors == "portlint: --write-baseline writes all findings: leave --changed-since out\n")
  }

  @Test func aShallowCloneIsCalledOne() throws {
    let run = try Run(
      ["--changed-since", "HEAD~1"],
      prepare: { folder in
        try Self.write(["compose.yaml": Self.clash], in: folder.appending(path: "origin"))
        try Self.git(["init", "-q", "origin"], in: folder)
        for _ in 0..<2 {
          try Self.git(["-C", "origin", "add", "-A"], in: folder)
          try Self.git(["-C", "origin", "commit", "-q", "-m", "All."], in: folder)
          try Self.write(["compose.yaml": "services: {}\n"], in: folder.appending(path: "origin"))
        }
        let origin = folder.appending(path: "origin").absoluteString
        try Self.git(["clone", "-q", "--depth", "1", origin, "clone"], in: folder)
        for name in [".git", "compose.yaml"] {
          try FileManager.default.moveItem(
            at: folder.appending(path: "clone/\(name)"), to: folder.appending(path: name))
        }
      })
    #expect(run.status == 2)
    #expect(run.errors.hasSuffix("git knows no revision 'HEAD~1'; the clone is shallow: fetch more of it\n"))
  }
}
