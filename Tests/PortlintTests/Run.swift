import Foundation

/// A run of `portlint`, in a folder of its own.
struct Run {
  let status: Int32
  let output: String
  let errors: String

  /// The executable that the environment names, else the one that is built beside the tests.
  static let executable: URL = {
    if let named = ProcessInfo.processInfo.environment["PORTLINT_PROGRAM"] { return URL(filePath: named) }
    let beside = [Bundle.main.executableURL, Bundle.main.bundleURL].compactMap { $0?.deletingLastPathComponent() }
    let built = beside.map { $0.appending(path: "portlint") }
    return built.first { FileManager.default.isExecutableFile(atPath: $0.path) } ?? built[0]
  }()

  init(
    _ arguments: [String], files: [String: String] = [:], input: String = "", environment: [String: String] = [:],
    outputPath: String? = nil, shell: String? = nil, prepare: (URL) throws -> Void = { _ in },
    inspect: (URL) throws -> Void = { _ in }
  ) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (path, text) in files {
      let file = folder.appending(path: path)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    try prepare(folder)
    let process = Process()
    process.executableURL = shell == nil ? Self.executable : URL(filePath: "/bin/sh")
    // A shell sets its own limits, or does what else is to be done, and then becomes the program.
    process.arguments =
      shell.map { ["-c", "\($0) && exec \"$0\" \"$@\"", Self.executable.path] + arguments } ?? arguments
    process.currentDirectoryURL = folder
    // Those of a sanitizer hold for the program as they do for its tests.
    let sanitizers = ProcessInfo.processInfo.environment.filter {
      // What `.ci/mutate` breaks is to be broken in the program too.
      $0.key.hasSuffix("SAN_OPTIONS") || $0.key == "PORTLINT_BREAK"
    }
    process.environment = environment.merging(sanitizers) { own, _ in own }
    let (standardInput, standardOutput, standardError) = (Pipe(), Pipe(), Pipe())
    process.standardInput = input.isEmpty ? FileHandle.nullDevice : standardInput
    process.standardOutput = outputPath.flatMap { FileHandle(forWritingAtPath: $0) } ?? standardOutput
    process.standardError = standardError
    // What a pipe holds is written before: a program that reads none of it may be gone afterwards, and SIGPIPE ends tests.
    precondition(input.utf8.count <= 1 << 16)
    try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try standardInput.fileHandleForWriting.close()
    try process.run()
    if outputPath != nil { try standardOutput.fileHandleForWriting.close() }
    output = String(decoding: standardOutput.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    errors = String(decoding: standardError.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    status = process.terminationStatus
    try inspect(folder)
  }
}
