import Foundation
import Testing

private let clash = """
  services:
    web: {image: web, ports: ["8080:80"]}
    api: {image: api, ports: ["8080:80"]}
  """
private let files = ["compose.yaml": clash]

/// What the command line names is written, and nothing else: never through a link, whole or not at all.
@Suite struct OutputFileTests {
  /// Everything that writes a file, which is `out` but for `init`.
  static let writers = [
    ["--format", "json=out"], ["--format", "text=out"], ["--write-baseline", "out"], ["init", "--force"],
  ]

  private static func name(_ writer: [String]) -> String {
    writer[0] == "init" ? ".portlint.yaml" : "out"
  }

  private static func link(_ folder: URL, _ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder.appending(path: name).path, withDestinationPath: target)
  }

  private static func names(_ folder: URL, _ name: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: name).path).sorted()
  }

  private static func text(_ folder: URL, _ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  private static func status(_ folder: URL, _ name: String) -> stat {
    var status = stat()
    #expect(lstat(folder.appending(path: name).path, &status) == 0)
    return status
  }

  @Test(arguments: writers, [true, false])
  func aLinkIsNotWrittenThrough(_ writer: [String], _ isDangling: Bool) throws {
    let name = Self.name(writer)
    let run = try Run(writer, files: files.merging(isDangling ? [:] : ["target": "before"]) { $1 }) {
      try Self.link($0, name, to: "target")
    } inspect: { folder in
      let names = try Self.names(folder)
      #expect(names == ([name, "compose.yaml"] + (isDangling ? [] : ["target"])).sorted())
      #expect(Self.status(folder, name).st_mode & S_IFMT == S_IFLNK)
      if !isDangling { try #expect(Self.text(folder, "target") == "before") }
    }
    #expect(run.status == 2)
    #expect(
      run.errors.hasSuffix("portlint: \(name): a link is not written through; name the file that it leads to\n"))
  }

  /// Links on the way are the repository's where it can have made them.
  @Test(arguments: ["link/out.json", "./link/out.json", "real/../link/out.json", "real/sub/out.json"])
  func aLinkOfTheRepositoryIsNotFollowed(_ path: String) throws {
    let run = try Run(["--format", "json=\(path)"], files: files.merging(["real/x": ""]) { $1 }) { folder in
      try Self.link(folder, "link", to: "real")
      try Self.link(folder, "real/sub", to: ".")
    } inspect: { folder in
      try #expect(Self.names(folder, "real") == ["sub", "x"])
    }
    #expect(run.status == 2)
    let name = path.contains("sub") ? "sub" : "link"
    #expect(
      run.errors
        == "portlint: \(path): the link '\(name)' is not written through; name the folder that it leads to\n")
  }

  /// A work tree is one from any of its folders, and what is read is another's wherever one stands.
  @Test(arguments: [("cd work/here", "../link/out.json", "."), ("cd other", "../work/link/out.json", "../work")])
  func aLinkOfAWorkTreeIsNotFollowed(_ shell: String, _ path: String, _ input: String) throws {
    let inputs = ["work/here/compose.yaml": clash, "target/x": "", "other/x": ""]
    let isTree = input == "."
    let run = try Run(
      ["--format", "json=\(path)", input], files: inputs.merging(isTree ? ["work/.git/HEAD": ""] : [:]) { $1 },
      shell: shell, prepare: { try Self.link($0, "work/link", to: "../target") },
      inspect: { try #expect(Self.names($0, "target") == ["x"]) })
    #expect(run.status == 2)
    #expect(run.errors.contains("the link 'link' is not written through"))
  }

  /// As `/tmp` is one on some systems.
  @Test func aLinkOfTheUsersIsFollowed() throws {
    let inputs = ["here/compose.yaml": clash, "real/x": ""]
    let run = try Run(["--format", "json=../chain/out.json"], files: inputs, shell: "cd here") { folder in
      try Self.link(folder, "link", to: "\(folder.path)/real")
      try Self.link(folder, "chain", to: "./link/../link")
      try Self.link(folder, "circle", to: "circle")
    } inspect: { folder in
      try #expect(Data(contentsOf: folder.appending(path: "real/out.json")).starts(with: Data("{".utf8)))
      try #expect(Self.names(folder, "real").count == 2)
    }
    #expect(run.status == 1 && run.errors == "")
    let circle = try Run(["--format", "json=../circle/out.json"], files: inputs, shell: "cd here") {
      try Self.link($0, "circle", to: "circle")
    }
    #expect(circle.status == 2)
    #expect(circle.errors == "portlint: ../circle/out.json: Too many levels of symbolic links\n")
  }

  @Test(arguments: ["folder", "folder/", ".", "folder/..", "new/"])
  func aFolderIsNoFile(_ path: String) throws {
    let run = try Run(["--format", "json=\(path)"], files: files.merging(["folder/x": ""]) { $1 })
    #expect(run.status == 2)
    #expect(run.errors == "portlint: \(path): Is a directory\n")
  }

  @Test func aPipeIsNotWaitedFor() throws {
    let run = try Run(["--format", "json=pipe"], files: files) { folder in
      #expect(mkfifo(folder.appending(path: "pipe").path, 0o600) == 0)
    }
    #expect(run.status == 2)
    #expect(run.errors == "portlint: pipe: nobody reads from this pipe\n")
    let read = try Run(
      ["--format", "json=pipe"], files: files, shell: "mkfifo pipe && exec 3<>pipe",
      inspect: { #expect(Self.status($0, "pipe").st_mode & S_IFMT == S_IFIFO) })
    #expect(read.status == 1)
  }

  @Test(arguments: ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
  func aDescriptorIsWrittenToAsItIs(_ path: String) throws {
    let run = try Run(["--format", "json=\(path)"], files: files)
    #expect(run.status == 1)
    #expect(run.output.hasPrefix("{"))
    // What was in a file stays there.
    let kept = try Run(
      ["--format", "compact=\(path)"], files: files, shell: "exec >>out && echo before",
      inspect: {
        try #expect(Self.text($0, "out").hasPrefix("before\ncompose.yaml:3:30: "))
      })
    #expect(kept.status == 1)
  }

  @Test func whatElseADeviceIs() throws {
    try #expect(Run(["--format", "json=/dev/null"], files: files).status == 1)
    try #expect(Run(["--format", "json=/dev/stderr"], files: files).errors.hasPrefix("{"))
    let closed = try Run(["--format", "json=/dev/fd/9"], files: files)
    #expect(closed.status == 2 && closed.errors == "portlint: /dev/fd/9: Bad file descriptor\n")
  }

  #if os(Linux)
    /// As any user but root, from whom permissions keep nothing.
    @Test(
      .enabled(if: getuid() == 0),
      arguments: [
        ("open/file", "chmod 777 open && echo before >open/file", "Permission denied"),
        (
          "mine/file", "echo before >mine/file && chmod 444 mine/file && chown 65534 mine mine/file",
          "Permission denied"
        ),
        (
          "shut/file", "echo before >shut/file && chown 65534 shut/file",
          "its folder takes no new file to put in its place: Permission denied"
        ),
      ])
    func whatOneMayNotWriteIsKept(_ path: String, _ shell: String, _ reason: String) throws {
      let run = try Run(
        ["--format", "json=\(path)"], files: files,
        shell: "mkdir open mine shut && chmod 755 . && \(shell) && cp \"$0\" program && "
          + "exec setpriv --reuid 65534 --regid 65534 --clear-groups ./program \"$@\"",
        inspect: { try #expect(Self.text($0, path) == "before\n") })
      #expect(run.status == 2)
      #expect(run.errors == "portlint: \(path): \(reason)\n")
    }
  #endif

  /// What runs as its owner is not to run as another.
  @Test(.enabled(if: getuid() == 0))
  func theOwnerIsKeptAndWhatRunsAsAnotherIsNot() throws {
    let run = try Run(
      ["--format", "json=out"], files: files.merging(["out": "x"]) { $1 },
      shell: "chown 65534:65533 out && chmod 6754 out",
      inspect: { folder in
        let status = Self.status(folder, "out")
        #expect(status.st_uid == 65534 && status.st_gid == 65533)
        #expect(status.st_mode & 0o7777 == 0o754)
      })
    #expect(run.status == 1 && run.errors == "")
  }

  @Test func otherNamesOfAFileAreSaid() throws {
    let run = try Run(
      ["--format", "json=out"], files: files.merging(["out": "before"]) { $1 }, shell: "ln out other",
      inspect: { folder in
        try #expect(Self.text(folder, "other") == "before")
        #expect(Self.status(folder, "out").st_nlink == 1)
      })
    #expect(run.status == 1)
    #expect(run.errors == "portlint: out: its other names (hard links) keep what was there\n")
  }

  /// Starts portlint with no signal blocked, as `Process` does not.
  private static func spawn(_ arguments: [String], in folder: URL) throws -> pid_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let words = ["-c", "cd \"$0\" && exec \"$@\"", folder.path, Run.executable.path] + arguments
    var pointers = (["sh"] + words).map { strdup($0) } + [nil]
    defer { pointers.forEach { free($0) } }
    var process: pid_t = 0
    #expect(posix_spawn(&process, "/bin/sh", nil, &attributes, &pointers, [nil]) == 0)
    return process
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP, SIGXCPU])
  func nothingIsLeftBehindAfterASignal(_ signal: Int32) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let crowd = "services:\n" + (1...1000).map { "  s\($0): {image: a, ports: ['80:80']}\n" }.joined()
    try Data(crowd.utf8).write(to: folder.appending(path: "compose.yaml"))
    // Of so many, one is being written whenever the signal comes.
    let process = try Self.spawn((1...300).flatMap { ["--format", "json=out\($0)"] }, in: folder)
    var status: Int32 = 0
    while try !Self.names(folder).contains("out1") {
      try #require(waitpid(process, &status, WNOHANG) == 0)
    }
    #expect(kill(process, signal) == 0)
    #expect(waitpid(process, &status, 0) == process)
    #expect(status & 0x7F == signal)
    let names = try Self.names(folder)
    #expect(names.count < 300 && !names.contains { $0.hasPrefix(".") }, "\(names)")
    for name in names { try #expect(Self.text(folder, name).hasSuffix("}\n")) }
  }

  @Test(arguments: [
    (["text", "json"], "text and json would both be written to standard output"),
    (["text", "text"], "text and text would both be written to standard output"),
    (["json", "compact=/dev/stdout"], "json and compact would both be written to /dev/stdout"),
    (["text=/dev/fd/2", "json=/dev/stderr"], "text and json would both be written to /dev/stderr"),
    (["text=a", "json=./a"], "text and json would both be written to ./a"),
    (["text=old", "json=sub/../old"], "text and json would both be written to sub/../old"),
    (["text=old", "json=same"], "text and json would both be written to same"),
    (["text", "json=redirected"], "text and json would both be written to redirected"),
  ])
  func twoFormatsInOnePlaceAreBadUsage(_ formats: [String], _ message: String) throws {
    let run = try Run(
      formats.flatMap { ["--format", $0] }, files: files.merging(["old": "before", "sub/x": ""]) { $1 },
      shell: "ln old same && exec 3>redirected" + (message.hasSuffix("redirected") ? " >&3" : ""),
      inspect: { folder in
        try #expect(Self.text(folder, "old") == "before")
        #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "a").path))
      })
    #expect(run.status == 2 && run.output == "")
    #expect(run.errors == "portlint: --format: \(message); give each a file of its own\n")
  }

  @Test func formatsInPlacesOfTheirOwnAreFine() throws {
    for formats in [
      ["text", "json=/dev/stderr"], ["text=/dev/null", "json=/dev/null"], ["text", "json=a", "compact=b"],
    ] {
      try #expect(Run(formats.flatMap { ["--format", $0] }, files: files).status == 1)
    }
  }
}

/// What becomes of a run whose output is not taken.
@Suite struct OutputStatusTests {
  #if os(Linux)
    @Test(arguments: [
      ["--version"], ["--help"], ["help", "lint"], ["--generate-completion-script", "bash"], ["rules"], ["explain"],
      ["ports"], ["service", "ssh"], ["schema", "policy"], ["init", "--stdout"],
    ])
    func anAnswerThatIsNotTakenIsNone(_ arguments: [String]) throws {
      let run = try Run(arguments, files: files, outputPath: "/dev/full")
      #expect(run.status == 2)
      #expect(run.errors == "portlint: standard output: No space left on device\n")
    }
  #endif

  /// Whoever reads no further has seen enough: the status says what was found.
  @Test(arguments: [
    ([], 1), (["--format", "json"], 1), (["--fail-on", "never"], 0), (["--version"], 0), (["ports"], 0), (["rules"], 0),
    (["none.yaml"], 2),
  ])
  func aClosedPipeEndsQuietly(_ arguments: [String], _ status: Int) throws {
    // The only reader of the pipe is the process that goes on to be portlint, which closes it.
    let run = try Run(
      arguments, files: files, shell: "mkfifo pipe && exec 3<>pipe 4>pipe && exec 3<&- >&4")
    #expect(Int(run.status) == status)
    #expect(run.errors == "")
  }
}

/// What an option may be, said where it is something else.
@Suite struct OptionValueTests {
  @Test(arguments: [
    (["--format", "jsno"], "there is no format 'jsno'; did you mean 'json'?"),
    (["--format", "xml"], "there is no format 'xml'; it is one of text, grouped, compact, json"),
    (["--format", "Text=a"], "there is no format 'Text'; did you mean 'text'?"),
    (["--format", "json="], "a file's name stands behind the ="),
    (["--rule", "host-port"], "write RULE=SEVERITY, as in host-port=off"),
    (["--rule", "host-port=eror"], "there is no severity 'eror'; did you mean 'error'?"),
    (["rules", "--rule", "host-port=none"], "there is no severity 'none'; it is one of error, warning, info, off"),
  ])
  func isSaid(_ arguments: [String], _ message: String) throws {
    let run = try Run(arguments, files: files)
    #expect(run.status == 2)
    #expect(run.errors.contains(message), "\(run.errors)")
  }

  /// All rules, but those that say what was not judged, and before what is said of one.
  @Test func aStarStandsForAllRules() throws {
    try #expect(Run(["--rule", "*=off"], files: files).status == 0)
    try #expect(Run(["--rule", "port-conflict=error", "--rule", "*=off"], files: files).status == 1)
    try #expect(Run(["--rule", "*=warning"], files: files).output.contains(": warning: 'api' publishes 8080/tcp"))
    try #expect(Run(["--rule", "*=off", "none.yaml"], files: files).status == 2)
    let policy = files.merging([".portlint.yaml": "rules: {'*': off}\n"]) { $1 }
    let lines = { (run: Run) in
      // Before the headings stand the policy and the preset.
      run.output.split(separator: "\n").dropFirst(2).map { $0.split(separator: " ").prefix(2) }
    }
    try #expect(lines(Run(["rules", "--rule", "*=off"], files: files)) == lines(Run(["rules"], files: policy)))
  }
}

#if os(Linux)
  /// Without /proc, from which Swift takes the command line, nothing is linted that was not asked for.
  @Suite struct MissingProcTests {
    /// Whether a process of its own may have other mounts.
    static let mayMount: Bool = {
      let process = Process()
      process.executableURL = URL(filePath: "/bin/sh")
      process.arguments = ["-c", "unshare -rm mount -t tmpfs none /proc 2>/dev/null"]
      try? process.run()
      process.waitUntilExit()
      return process.terminationStatus == 0
    }()

    @Test(.enabled(if: mayMount), arguments: [["--version"], ["compose.yaml"], []])
    func isSaid(_ arguments: [String]) throws {
      let run = try Run(
        arguments, files: files,
        shell: "exec unshare -rm sh -c 'mount -t tmpfs none /proc && exec \"$0\" \"$@\"' \"$0\" \"$@\"")
      #expect(run.status == 2 && run.output == "")
      #expect(run.errors.hasPrefix("portlint: /proc is lacking"))
    }
  }
#endif
