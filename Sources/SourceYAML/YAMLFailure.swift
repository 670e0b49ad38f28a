import SourceText

/// The guards that keep a file from taking more than its share of time or memory.
package struct YAMLLimits: Sendable {
  /// How deep collections may nest; libyaml is quadratic in the depth of flow collections.
  package var depth = 200
  /// What one document's nodes, at 32 bytes each, and their tags may take, in MiB: a tree is kept as a whole, and a
  /// prefix of `%TAG` stands in each tag that uses it.
  package var nodes = 80
  /// What the nodes of one document's `items` may take, in bytes, before those that are complete are lent for themselves,
  /// if it is a list of objects; no more than all nodes.
  package var items: Int {
    get { min(itemsAlone, nodes << 20) }
    set { itemsAlone = newValue }
  }
  private var itemsAlone = 32 << 20
  /// How many documents a file may have.
  package var documents = 1_000_000
  /// How many nodes one document's aliases may stand for, all together.
  package var aliasedNodes = 50_000
  /// How many lines of directives (`%TAG`) may follow one another; libyaml is quadratic in their number.
  package var directives = 100
  /// How many documents of a file may be refused before the rest is left alone.
  package var failures = 10_000

  package init() {}

  package static let standard = YAMLLimits()
}

/// Why a document could not be read to its end.
package struct YAMLFailure: Sendable {
  package enum Reason: Sendable {
    /// libyaml rejects the stream: what it met, and the construct it was in.
    case syntax(String, context: String?, contextPlace: SourceRange?)
    /// A tab stands where libyaml takes only spaces.
    case tab
    /// An IPv6 address stands in brackets or braces without quotes, where a colon at its end is YAML's own.
    case unquotedAddress(String)
    /// An alias names an anchor that the document has not defined.
    case undefinedAlias(String)
    /// An alias stands inside the node that its anchor names.
    case recursiveAlias(String, anchor: SourceRange)
    /// Collections nest deeper than the limit.
    case tooDeep(limit: Int)
    /// A document's nodes and tags take more than the limit, in MiB.
    case tooManyNodes(limit: Int)
    /// The file has more documents than the limit.
    case tooManyDocuments(limit: Int)
    /// Aliases stand for more nodes than the limit.
    case tooManyAliasedNodes(limit: Int)
    /// More directive lines follow one another than the limit.
    case tooManyDirectives(limit: Int)
    /// More documents of the file are refused than the limit.
    case tooManyFailures(limit: Int)
  }

  package private(set) var reason: Reason
  package private(set) var place: SourceRange
  /// The first of a template's expressions that stands in the document before a failure of syntax, outside comments,
  /// quotes and block scalars.
  package internal(set) var template: SourceRange?

  init(reason: Reason, place: SourceRange, template: SourceRange? = nil) {
    self.reason = reason
    self.place = place
    self.template = template
  }

  /// Puts it where what was read is written.
  fileprivate mutating func move(_ place: (SourceRange) -> SourceRange) {
    self.place = place(self.place)
    template = template.map(place)
    switch reason {
    case .syntax(let text, let context, let contextPlace):
      reason = .syntax(text, context: context, contextPlace: contextPlace.map(place))
    case .recursiveAlias(let name, let anchor): reason = .recursiveAlias(name, anchor: place(anchor))
    default: break
    }
  }

  /// Whether the text is at fault, and no guard stopped the reading.
  var isOfText: Bool {
    switch reason {
    case .syntax, .tab, .unquotedAddress, .undefinedAlias, .recursiveAlias: true
    case .tooDeep, .tooManyNodes, .tooManyDocuments, .tooManyAliasedNodes, .tooManyDirectives, .tooManyFailures: false
    }
  }

  /// Whether one document is at fault, so that the others may be read.
  var isOfDocument: Bool {
    switch reason {
    case .tooManyDocuments, .tooManyDirectives, .tooManyFailures: false
    case .tooDeep, .tooManyNodes, .tooManyAliasedNodes: true
    case .syntax, .tab, .unquotedAddress, .undefinedAlias, .recursiveAlias: true
    }
  }
}

/// What reading a stream came to.
package struct YAMLOutcome: Sendable {
  /// How many documents were read to their end.
  package var documents = 0
  /// How many documents need not be read.
  package var passedOver = 0
  /// Why documents could not be read: first what libyaml says of the uncut stream.
  package var failures: [YAMLFailure] = []
  /// Where the first of a template's blocks begins of which documents were left alone behind a failure.
  package var blockLeftOut: SourceRange?

  /// Why the stream could not be read further, if it could not.
  package var failure: YAMLFailure? { failures.first }

  /// Puts what is wrong where what was read is written.
  mutating func move(_ place: (SourceRange) -> SourceRange) {
    for number in failures.indices { failures[number].move(place) }
    blockLeftOut = blockLeftOut.map(place)
  }
}
