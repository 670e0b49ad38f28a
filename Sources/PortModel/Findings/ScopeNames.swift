import SourceText

/// What the hosts and clusters of a run are called that its claims are told apart by.
package struct ScopeNames: Sendable {
  /// The hosts and clusters that several files may share, by their numbers.
  package var shared: [Label] = []
  /// Which of them a file's host is.
  package var hosts: [FileID: Int32] = [:]

  package init() {}

  package enum Kind: String, CaseIterable, Sendable {
    /// A host of one file's.
    case host
    /// The host that a Compose project runs on.
    case project
    /// The cluster that the files of a folder go to.
    case cluster
    /// A host or cluster that the policy or the command line makes of several files.
    case deployment
  }

  /// A host or cluster as a report names it.
  package struct Label: Hashable, Sendable {
    package var kind: Kind
    /// The name that a policy or a manifest gives to it.
    package var name: String?
    /// The file or the folder that makes it.
    package var path: String?

    package init(_ kind: Kind, name: String? = nil, path: String? = nil) {
      self.kind = kind
      self.name = name
      self.path = path
    }
  }

  /// The host or cluster of an owner.
  ///
  /// - Parameters:
  ///   - unit: What one of its claims collides in; nothing for an owner without any.
  ///   - paths: What files are called.
  package func label(of owner: Owner, claimingIn unit: Scope.Unit?, paths: some FilePaths) -> Label {
    if case .deployment(let number)? = owner.cluster ?? unit, shared.indices.contains(Int(number)) {
      return shared[Int(number)]
    }
    var file = owner.place.file
    if case .manifest(let written, _)? = unit { file = written }
    if let number = hosts[file], shared.indices.contains(Int(number)) { return shared[Int(number)] }
    return Label(owner.format == .compose ? .project : .host, name: owner.hostName, path: paths.path(of: file))
  }
}
