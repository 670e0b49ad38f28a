import Foundation
import Testing
import Workspace

/// A policy that lies in some folder above was not asked for.
@Suite struct FoundPolicyTests {
  @Test func itIsTheUsersOwnOrNobodys() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.path + "/.portlint.yaml"
    try Data("extends: strict\n".utf8).write(to: URL(filePath: path))
    var files = DiskFiles(in: Tree.holding([folder.path]))
    let owner = UInt32(try #require(FileManager.default.attributesOfItem(atPath: path)[.ownerAccountID] as? Int))
    files.user = owner
    #expect(try files.foundPolicy(at: path) == Array("extends: strict\n".utf8))
    files.user = owner + 1
    let reason = "the policy belongs to another user: name it with --config if it is to be used"
    if owner == 0 {
      // What the system's own user wrote may be used by all.
      #expect(throws: Never.self) { try files.foundPolicy(at: path) }
      try FileManager.default.setAttributes([.ownerAccountID: 12345], ofItemAtPath: path)
      files.user = 0
    }
    #expect(throws: ReadFailure.unreadable(reason: reason)) { try files.foundPolicy(at: path) }
    #expect(try files.contents(of: path) == Array("extends: strict\n".utf8))
  }
}
