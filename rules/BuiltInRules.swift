/// The files of this folder, as they are put into the binary by the `RuleEmbedder` plugin.
///
/// This target hands out text and knows nothing of what it means.
package enum BuiltInRules {
  /// One file of `rules/`, in two parts.
  package struct EmbeddedFile: Sendable {
    /// The path below `rules/`, such as `port-conflict.yaml` or `tables/known-services.yaml`.
    package let name: StaticString
    /// What a run needs: everything before the line `why:`.
    package let head: StaticString
    /// What a person reads: `why`, `references`, `passes` and `fails`.
    package let tail: StaticString
  }
}
