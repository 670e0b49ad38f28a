import PolicyEngine

/// The files of this folder, as they are put into the binary by the `RuleEmbedder` plugin: what they mean, worked out by
/// the build, and their text for people and tests.
package enum BuiltInRules {
  /// One file of `rules/`, in two parts.
  package struct EmbeddedFile: Sendable {
    /// The path below `rules/`, such as `port-conflict.yaml` or `tables/known-services.yaml`.
    package let name: StaticString
    /// Everything before the line `why:`, which says what the rule does.
    package let head: StaticString
    /// What a person reads: `why`, `references`, `passes` and `fails`.
    package let tail: StaticString
  }
}
