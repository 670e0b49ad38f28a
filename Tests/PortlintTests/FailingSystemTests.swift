import Foundation
import Testing

/// What becomes of a run where the system gives too little: disk, stack, descriptors, folders.
@Suite struct FailingSystemTests {
  #if os(Linux)
    @Test func aFullDiskIsSaid() throws {
      let run = try Run(["compose.yaml"], files: ["compose.yaml": Manifests.clean], outputPath: "/dev/full")
      #expect(run.status == 2)
      #expect(run.errors == "portlint: standard output: No space left on device\n")
      let file = try Run(["--format", "json=/dev/full", "compose.yaml"], files: ["compose.yaml": Manifests.clean])
      #expect(file.status == 2)
      #expect(file.errors == "portlint: /dev/full: No space left on device\n")
    }

    @Test func namesThatAreNoTextAreSaid() throws {
      let run = try Run([".", "a\u{FFFD}.yaml"], files: ["compose.yaml": Manifests.clean]) { folder in
        for name in [[0xFF], [0xFE], [0x61, 0xFF]] as [[UInt8]] {
          let path = Array(folder.path.utf8) + [UInt8(ascii: "/")] + name + Array(".yaml".utf8)
          let file = fopen(path.map { CChar(bitPattern: $0) } + [0], "w")
          #expect(file.map(fclose) == 0)
        }
      }
      #expect(run.status == 2)
      let said = run.output.split(separator: "\n").filter { $0.contains("[unreadable-file]") }
      #expect(
        said
          == ["a", "a", "", ""].map {
            "\($0)\u{FFFD}.yaml:1:1: error: cannot be read: its name is not UTF-8 [unreadable-file]"
          })
    }

    /// A report that is written in several parts fails at the first of them, or at a later one.
    @Test(arguments: [(Manifests.clash, "-f 0"), (Manifests.crowd, "-f 0"), (Manifests.crowd, "-f 200")])
    func aFileThatMayNotGrowIsWrittenWholeOrNotAtAll(_ manifest: String, _ limits: String) throws {
      let files = ["compose.yaml": manifest, "out.json": "before"]
      let run = try Run(
        ["--format", "json=out.json", "--format", "compact"], files: files, shell: "ulimit \(limits)",
        inspect: { folder in
          let kept = try String(contentsOf: folder.appending(path: "out.json"), encoding: .utf8)
          let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
          #expect(kept == "before")
          #expect(names.sorted() == ["compose.yaml", "out.json"])
        })
      #expect(run.status == 2)
      #expect(run.errors == "portlint: out.json: File too large\n")
      // What goes elsewhere is still said.
      #expect(run.output.contains("[port-conflict]"))
    }

    @Test(arguments: ["text", "json"])
    func anOutputThatEndsInTheMiddleIsSaid(_ format: String) throws {
      let output = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
      try Data().write(to: output)
      defer { try? FileManager.default.removeItem(at: output) }
      let run = try Run(
        ["--format", format], files: ["compose.yaml": Manifests.crowd], outputPath: output.path, shell: "ulimit -f 200")
      #expect(run.status == 2)
      #expect(run.errors == "portlint: standard output: File too large\n")
      #expect(try Data(contentsOf: output).count > 100_000)
    }
  #endif

  @Test func aFolderThatIsGoneIsSaid() throws {
    let run = try Run([], shell: "mkdir gone && cd gone && rmdir ../gone")
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
    #expect(run.errors == "portlint: the current folder: No such file or directory\n")
  }

  @Test func aLongReportIsWhole() throws {
    var written = ""
    // A report may be the longer, the more was read.
    let manifest = Manifests.crowd + "#" + String(repeating: "x", count: 100_000) + "\n"
    let run = try Run(["--format", "text", "--format", "text=out.txt"], files: ["compose.yaml": manifest]) { _ in
    } inspect: { folder in
      written = try String(contentsOf: folder.appending(path: "out.txt"), encoding: .utf8)
    }
    #expect(run.status == 1)
    #expect(run.output.utf8.count > 500_000)
    #expect(run.output.split(separator: "\n").count { $0.hasSuffix("[port-conflict]") } == 1999)
    #expect(
      run.output.hasSuffix("\n1 file, 2000 ports: 1999 errors, 0 warnings (why: portlint explain port-conflict)\n"))
    #expect(run.output == written)
  }

  @Test func aFileIsWrittenInThePlaceOfTheOldOne() throws {
    let files = ["compose.yaml": Manifests.clash, "old.json": "before"]
    let run = try Run(
      ["--format", "json=old.json", "--format", "json=new.json"], files: files,
      prepare: { folder in
        let permissions = [FileAttributeKey.posixPermissions: 0o640]
        try FileManager.default.setAttributes(permissions, ofItemAtPath: folder.appending(path: "old.json").path)
      },
      inspect: { folder in
        let old = try Data(contentsOf: folder.appending(path: "old.json"))
        let new = try Data(contentsOf: folder.appending(path: "new.json"))
        #expect(old.starts(with: Data("{".utf8)))
        #expect(old == new)
        let path = folder.appending(path: "old.json").path
        let permissions = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(permissions as? Int == 0o640)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names.count == 3)
      })
    #expect(run.status == 1)
    #expect(run.output.isEmpty)
  }

  @Test func aReportThatCannotBeWrittenIsSaid() throws {
    let run = try Run(
      ["--format", "json=no/such/folder.json", "compose.yaml"], files: ["compose.yaml": Manifests.clash])
    #expect(run.status == 2)
    #expect(run.errors.hasPrefix("portlint: no/such/folder.json: "))
  }

  /// Chains within the limits need no larger stack than the smallest that systems give.
  @Test(arguments: ["extends", "include", "policy"])
  func chainsWithinTheLimitsFitASmallStack(_ kind: String) throws {
    var files = ["compose.yaml": Manifests.clean]
    switch kind {
    case "extends":
      let services = (0..<99).map { "  s\($0): {extends: s\($0 + 1)}\n" }.joined()
      files["compose.yaml"] = "services:\n\(services)  s99: {image: a}\n"
    case "include":
      for number in 0..<98 { files["c\(number).yaml"] = "include: [c\(number + 1).yaml]\n" }
      files["c98.yaml"] = "services: {a: {image: a}}\n"
      files["compose.yaml"] = "include: [c0.yaml]\n"
    default:
      for number in 0..<98 { files["p\(number).yaml"] = "extends: ./p\(number + 1).yaml\n" }
      files["p98.yaml"] = "rules: {}\n"
      files[".portlint.yaml"] = "extends: ./p0.yaml\n"
    }
    let run = try Run(["--quiet"], files: files, shell: "ulimit -s 256")
    #expect(run.status == 0)
    #expect(run.output.isEmpty)
  }

  /// As deep as is read, for each format.
  @Test(arguments: [
    "services: ", "services: {a: ", "x-a: ", "portlint: ", "portlint: 1, services: ",
    "apiVersion: v1, kind: List, items: ",
    "apiVersion: v1, kind: Pod, spec: ", "apiVersion: a/v1, kind: Foo, spec: ",
  ])
  func deepCollectionsFitASmallStack(_ start: String) throws {
    for (open, close) in [("{a: ", "}"), ("[", "]"), ("{<<: ", "}"), ("{items: [", "]}"), ("{spec: ", "}")] {
      let depth = (200 - start.filter { $0 == "{" }.count - 1) / open.filter { "[{".contains($0) }.count
      let nested = String(repeating: open, count: depth) + String(repeating: close, count: depth)
      let ends = String(repeating: "}", count: start.filter { $0 == "{" }.count + 1)
      let text = "{\(start)\(nested)\(ends)"
      let run = try Run(["--quiet", "a.yaml"], files: ["a.yaml": text], shell: "ulimit -s 256")
      #expect((0...2).contains(run.status), "\(open)")
      #expect(!run.output.contains("limit-exceeded"), "\(open)")
    }
  }

  @Test func whereThereAreFewDescriptorsTheRunEnds() throws {
    var files: [String: String] = [:]
    for number in 0..<100 { files["p\(number)/compose.yaml"] = Manifests.clean }
    let run = try Run(["--quiet"], files: files, shell: "ulimit -n 4")
    #expect(run.status == 0 || run.status == 2 && (run.output + run.errors).contains("oo many open files"))
  }
}
