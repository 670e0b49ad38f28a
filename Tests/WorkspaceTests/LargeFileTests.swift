import Foundation
import Testing

@testable import Workspace

/// Lists of Kubernetes' objects may be larger than other files.
@Suite struct LargeFileTests {
  /// What reading a file comes to that begins so and is so many MiB large.
  private static func size(of head: String, megabytes: Int) throws -> Result<Int, ReadFailure> {
    let folder = FileManager.default.temporaryDirectory.appending(path: "portlint-list-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "list.json").path()
    try head.write(toFile: path, atomically: false, encoding: .utf8)
    let file = try #require(FileHandle(forUpdatingAtPath: path))
    // What was never written takes no room.
    try file.truncate(atOffset: UInt64(megabytes) << 20)
    let files = DiskFiles(in: Tree.holding([path]))
    return Result { () throws(ReadFailure) in try files.contents(of: path).count }
  }

  @Test(
    arguments: [
      ("{\"apiVersion\": \"v1\", \"items\": [", 64, .success(64 << 20)),
      ("{\"apiVersion\": \"v1\", \"items\": [", 65, .success(65 << 20)),
      ("apiVersion: v1\nitems:\n", 256, .success(256 << 20)),
      ("apiVersion: v1\nitems:\n", 257, .failure(.tooLarge(limit: 256))),
      ("apiVersion: v1\nkind: ConfigMap\n", 64, .success(64 << 20)),
      ("apiVersion: v1\nkind: ConfigMap\n", 65, .failure(.tooLarge(limit: 64))),
      (String(repeating: "#", count: 4096) + "\napiVersion: v1\nitems:\n", 65, .failure(.tooLarge(limit: 64))),
    ] as [(String, Int, Result<Int, ReadFailure>)])
  func onlyListsAreAsLarge(_ head: String, _ megabytes: Int, _ expected: Result<Int, ReadFailure>) throws {
    #expect(try LargeFileTests.size(of: head, megabytes: megabytes) == expected)
  }
}
