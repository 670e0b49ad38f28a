import PortModel

/// The keys of a format file, in the order in which they are written.
package enum FormatKey: String, CaseIterable {
  case format
  case summary
  case comments
  case recognise
  case unresolved
  case defaulted
  case arguments
  case yaml
  case keys
  case calls
  case choices
  case parameters
  case parts
  case owner
  case claims
  case references
  case why
  case sources
  case passes
  case fails
}

/// The keys of what says which names stand for values.
package enum ParametersKey: String, CaseIterable {
  case by
  case values
}

/// The keys of one way to recognise a document.
package enum RecognitionKey: String, CaseIterable {
  case keys
  case apiVersion
  case kind
  case at
  case files
  case beside
  case when
  case unless
}

/// The keys of an owner.
package enum DeclaredOwnerKey: String, CaseIterable {
  case kind
  case at
  case name
  case namedBy = "named-by"
  case image
  case runsIf = "runs-if"
  case idleIf = "idle-if"
}

/// The keys of a claim.
package enum ClaimKey: String, CaseIterable {
  case at
  case owner
  case role
  case scope
  case unit
  case unitBy = "unit-by"
  case model
  case refuses
  case when
  case unless
  case usedBy = "used-by"
  case entry
  case port
  case address
  case `protocol`
  case target
}

/// The keys of a claim that is one text.
package enum TextEntryKey: String, CaseIterable {
  case path
  case options
  case grammar
  case only
  case split
  case behind
  case before
  case dynamic
  case `default`
  case address
  case `protocol`
}

/// The keys of the ports that a runtime keeps for itself.
package enum RefusedKey: String, CaseIterable {
  case ports
  case targets
  case by
}

/// The keys of a claim's field.
package enum ClaimFieldKey: String, CaseIterable {
  case path
  case grammar
  case to
  case dynamic
  case sameAs = "same-as"
  case `default`
  case names
  case values
}

/// The keys of a reference.
package enum ReferenceKey: String, CaseIterable {
  case at
  case owner
  case grammar
  case to
  case host
  case none
  case `default`
  case called
  case field
  case toward
  case when
  case unless
  case usedBy = "used-by"
}

/// The words for where a claim is made.
package enum ScopeWord: String, CaseIterable {
  case host
  case node
  case nodePorts = "node-ports"
  case namespace
  case virtual
  case job

  var kind: Scope.Kind {
    switch self {
    case .host: .host
    case .node: .node
    case .nodePorts: .nodePorts
    case .namespace: .networkNamespace
    case .virtual: .virtual
    case .job: .job
    }
  }
}

/// The words for transport protocols.
package enum TransportWord: String, CaseIterable {
  case tcp
  case udp
  case sctp

  var transport: TransportProtocol { TransportProtocol(name: rawValue) }
}

/// The words for the conflict models that need nothing but what a claim itself says.
package enum ModelWord: String, CaseIterable {
  case docker
  case linux
  case nodePorts = "node-ports"

  var model: ConflictModel {
    switch self {
    case .docker: .docker
    case .linux: .linux
    case .nodePorts: .nodePorts
    }
  }
}
