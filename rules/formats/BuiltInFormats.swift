import ManifestFormats

/// The files of this folder, as they are put into the binary by the `RuleEmbedder` plugin: what they mean, worked out by
/// the build, and their text for people and tests.
package enum BuiltInFormats {
  /// One file of `rules/formats/`.
  package struct EmbeddedFile: Sendable {
    /// The name of the file, such as `kind.yaml`.
    package let name: StaticString
    package let text: StaticString
  }
}
