import Foundation
import PackagePlugin

/// Puts the files of `rules/` or of `rules/formats/` into the binary: one command whose inputs are the files, so that a change,
/// an addition and a removal each rebuild it.
@main
struct RuleEmbedder: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
    let folder = target.directoryURL
    let inputs = try [folder, folder.appending(path: "presets"), folder.appending(path: "tables")]
      .flatMap(Self.dataFiles(in:))
    let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedFiles.swift")
    return [
      .buildCommand(
        displayName: "Embedding \(inputs.count) files of \(folder.lastPathComponent)",
        executable: try program(in: context),
        arguments: [folder.lastPathComponent, output.path, folder.path] + inputs.map(\.path),
        inputFiles: inputs,
        outputFiles: [output])
    ]
  }

  /// The program of this package, or the one that the environment names.
  private func program(in context: PluginContext) throws -> URL {
    let built = ProcessInfo.processInfo.environment["PORTLINT_EMBED_RULES"].map { URL(filePath: $0) }
    return try built ?? context.tool(named: "embed-rules").url
  }

  private static func dataFiles(in folder: URL) throws -> [URL] {
    guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
    return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { ["yaml", "tsv"].contains($0.pathExtension) }
      .sorted { $0.path < $1.path }
  }
}
