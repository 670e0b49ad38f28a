import Foundation
import PolicyEngine
import PortModel
import Reporters
import Testing
import Workspace

/// Each folder of `examples/` says what portlint says of it, in `expected.txt`.
@Suite struct ExampleTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../examples").standardizedFileURL

  static let stories: [String] = {
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (names ?? []).filter { !$0.hasPrefix(".") }.sorted()
  }()

  struct Story {
    private(set) var files: [String: [UInt8]] = [:]
    fileprivate var expected = ""

    init(_ name: String) throws {
      let root = ExampleTests.folder.appending(path: name)
      for path in try FileManager.default.subpathsOfDirectory(atPath: root.path) {
        guard let contents = try? Data(contentsOf: root.appending(path: path)) else { continue }
        if path == "expected.txt" {
          expected = String(decoding: contents, as: UTF8.self)
        } else if !path.hasPrefix("expected.") {
          files[path] = Array(contents)
        }
      }
    }

    var candidates: [Candidate] {
      files.keys.filter { !$0.hasPrefix(".") }.filter {
        $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") || $0.hasSuffix(".json")
      }
      .sorted().map { Candidate($0, .found) }
    }

    func report(workers: Int) throws -> Report {
      let written = WrittenFiles(files)
      let policy = try PolicyLoader.load(PolicyRequest(), files: written)
      return Workspace(policy, files: written, workers: workers).lint(candidates)
    }

    fileprivate func output(workers: Int) throws -> String {
      var options = ReportOptions(version: "test")
      options.showsInfo = true
      return write(try report(workers: workers), as: .text, options: options)
    }
  }

  @Test(arguments: stories)
  func saysWhatIsExpected(_ name: String) throws {
    let story = try Story(name)
    #expect(try story.output(workers: 1) == story.expected)
    #expect(try story.output(workers: 2) == story.expected)
  }

  @Test func thereAreStories() {
    #expect(Self.stories.count >= 1)
  }
}
