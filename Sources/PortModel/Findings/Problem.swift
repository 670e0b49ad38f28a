import SourceText

/// What reading a manifest found wrong with its text.
///
/// A problem says what is the case; the rule file of the same id says it in words. Each case of `Cause` belongs to one
/// rule that says `from: reading`, and what it carries is what that rule's messages may name.
package struct Problem: Sendable {
  package var cause: Cause
  package var owner: OwnerID?
  package var place: SourceRange
  package var related: [Related]

  /// For `report` alone.
  init(_ cause: Cause, owner: OwnerID?, at place: SourceRange, related: [Related]) {
    self.cause = cause
    self.owner = owner
    self.place = place
    self.related = related
  }

  package enum Cause: Hashable, Sendable {
    case unreadableFile(reason: String)
    /// A file of variables that Compose refuses.
    case refusedVariables(reason: String)
    case limitExceeded(Limit)
    case yamlSyntax(YAMLSyntax)
    case templateNotRendered(checked: Template)
    /// What a kustomization makes cannot be told; with its folder's path.
    case notBuilt(NotBuilt, folder: String)
    /// What a manifest brings in that cannot be looked at.
    case notInView(String, knownTo: Renderer)
    /// A Helm chart, by its folder's path, of whose templates some are no YAML before they are rendered.
    case chartNotRendered(String)
    case duplicateKey(String)
    case invalidInterpolation(String)
    case invalidPort(InvalidPort)
    case invalidProtocol(InvalidProtocol)
    case invalidAddress(String, InvalidAddress)
    case invalidPortName(InvalidPortName)
    /// With the text at fault.
    case invalidCombination(String, InvalidCombination)
    case unsetVariable(String, UnsetVariable)
    case missingVariable(String, UnsetVariable, VariableReader)
    case brokenInclude(BrokenInclude)
    /// What is wrong with a policy, a rule file or a baseline, in words.
    case policy(String, remedy: PolicyRemedy = .unknown)
    case unusedSuppression(UnusedSuppression)
    /// The name of a port that another container of the pod has a port of.
    case ambiguousPortName(String, other: String)
    /// An address on the node where nothing is to be had there.
    case ignoredAddress(String)
    /// An address that the runtime drops from the entry of a port.
    case droppedAddress(String, port: String)
    /// A list that is written, and taken away by its tag.
    case droppedPort(field: String)
    /// A text that is read as another number than a person reads.
    case nonDecimalPort(String, number: Int, remedy: NumberRemedy?)
    /// A text that readers of YAML 1.1 take for a number of base 60.
    case sexagesimalPort(String, number: Int)
  }

  /// What makes a number the one that a person reads.
  package enum NumberRemedy: Hashable, Sendable {
    /// The number in decimals: whoever understands the text means no other.
    case write
    /// Quotes, in which its digits are decimals.
    case quote

    /// - Parameter readsText: Whether the field takes a text, of decimals.
    package init?(of text: String, readsText: Bool) {
      let digits = text.utf8.filter { !"+-_".utf8.contains($0) }
      let hasLeadingZero = digits.count > 1 && digits.first == UInt8(ascii: "0") && digits.allSatisfy(\.isASCIIDigit)
      if !hasLeadingZero {
        self = .write
      } else if readsText, digits.count == text.utf8.count {
        self = .quote
      } else {
        return nil
      }
    }
  }

  /// What is known of how a policy's mistake is mended.
  package enum PolicyRemedy: Hashable, Sendable {
    case unknown
    /// A line of a policy that has the key at fault.
    case example(String)
    /// The file is none that people write, but a baseline.
    case baseline
  }

  /// What is idle in a comment, an annotation, an exception or a baseline.
  package enum UnusedSuppression: Hashable, Sendable {
    /// It names a rule that finds nothing there.
    case silencesNothing(rule: String)
    case unknownRule(String, suggestion: String?)
    /// It names a rule that nothing silences.
    case requiredRule(String)
    /// It names no rule.
    case bare
    /// A comment to portlint that begins with another word than `ignore`.
    case unknownWord(UnknownWord)
    /// A word for all rules.
    case everyRule(String)
    /// An exception of the policy.
    case exception(rule: String)
    /// A finding of the baseline that is gone.
    case baseline(rule: String, message: String)
    /// Patterns of paths in the policy that no file matches.
    case pattern(String, IdlePattern)
  }

  /// Where a policy has patterns of paths.
  package enum IdlePattern: String, CaseIterable, Hashable, Sendable {
    case deployment
    case project
    case exclude
  }

  /// A word of a comment to portlint that is none of its own.
  package struct UnknownWord: Hashable, Sendable {
    package var word: String
    /// The word of portlint's that it is nearly.
    package var suggestion: String?
    /// The whole comment as it was most likely to be written.
    package var meaning: String

    package init(word: String, suggestion: String?, meaning: String) {
      self.word = word
      self.suggestion = suggestion
      self.meaning = meaning
    }
  }

  package enum BrokenInclude: Hashable, Sendable {
    case missingFile(String)
    /// A file that is there and nothing of Compose's.
    case noComposeFile(String)
    /// A file that holds nothing, where Compose wants something.
    case emptyComposeFile(String)
    case missingService(String, file: String?)
    case missingNetworkService(String)
    case circle(String)
    /// An object that a patch is for.
    case missingObject(String)
    /// An object whose copies are to be counted.
    case nothingToScale(String)
    /// The file itself is a link, and nothing is where it leads.
    case link
    /// A path of a patch's operation, at which the object has nothing.
    case missingPath(String, object: String)
    /// A path of a patch's test, at which the object has something else.
    case failedTest(String, object: String)
    case brokenPatch(BrokenPatch)
    /// An object that has been brought in before.
    case objectTwice(String)
    /// A document that is none of Kubernetes' objects.
    case noObject
    /// A kustomization that is no component.
    case noComponent
    /// A component that is brought in as objects.
    case component
    /// A kustomization that kustomize refuses to build.
    case brokenKustomization(BrokenKustomization)
  }

  /// What kustomize refuses of a kustomization.
  package enum BrokenKustomization: Hashable, Sendable {
    case unknownField(String, suggestion: String?)
    /// A value of another type than its field holds.
    case type(String, field: String, expected: String)
    case kind(String)
    case version(String, kind: String, expected: String)
    /// It says nothing at all.
    case empty
    /// Another file of its folder is one too.
    case several(String)
    /// An object, by its kind, that has no name.
    case nameless(String)
    /// Something else than a mapping, as it is shown.
    case noMapping(String)
    /// An entry that names no file.
    case noPath
    /// An entry of a generator without a key, and how it is written.
    case noKey(expected: String)
    /// An entry of a generator in which two signs part a key from a file.
    case severalSigns
    /// A key of a generator that another entry has.
    case keyTwice(String)
    case namelessGenerator
    /// A generator, by its name, that another one makes the same object as.
    case generatorTwice(String)
  }

  /// What kustomize does not take for a patch, or for what one is for.
  package enum BrokenPatch: Hashable, Sendable {
    /// Neither an object with a kind and a name nor operations.
    case neither
    /// An entry without a patch.
    case empty
    /// An entry with two.
    case twofold
    /// Operations that are for no object.
    case withoutTarget
    case operation(String)
    /// It begins as JSON does, and is none, as the text shows that stands there.
    case noJSON(String)
    case pattern(String)
    case selector(String)
  }

  /// What of a kustomization is not known before kustomize builds it.
  package enum NotBuilt: Hashable, Sendable {
    /// What a field changes.
    case change(field: String)
    /// All, so that its files are taken as they are.
    case everything
  }

  /// What puts manifests together that are not known before.
  package enum Renderer: Hashable, Sendable {
    case compose
    case kustomize(folder: String)
  }

  /// A guard that stopped the reading.
  package enum Limit: Hashable, Sendable {
    case depth(Int)
    case aliasedNodes(Int)
    case directives(Int)
    /// In MiB.
    case size(Int)
    /// What a file of variables may come to, in MiB.
    case variables(Int)
    /// What variables may put into one text, in KiB.
    case replaced(Int)
    /// How many files the variables of a Compose project may name.
    case listedFiles(Int)
    /// What is read for one manifest, file by file, in MiB.
    case broughtInSize(Int)
    /// What a document's nodes and tags may take, in MiB.
    case nodes(Int)
    /// How many documents a file may have.
    case documents(Int)
    /// How many services a document of Compose's may have.
    case services(Int)
    /// How much may be wrong with one file.
    case problems(Int)
    /// How much a file may silence.
    case suppressions(Int)
    /// How far files and services may bring one another in.
    case steps(Int)
    /// How much a project's files and services may bring in.
    case broughtIn(Int)
    /// How much the projects of a run may bring in together.
    case broughtInTogether(Int)
    /// How often a kustomization's objects may be held against patches.
    case comparisons(Int)
    /// How many claims a file of its size may make.
    case claims(Int)
    /// How many claims the files of a run may make together that hardly take room.
    case claimsTogether(Int)
    /// How many terms may say which nodes a pod runs on.
    case nodeTerms(Int)
    /// How much is done to tell what ignore files leave out, in steps.
    case ignoreSteps(Int)
    /// How many pairs of claims that overlap are compared.
    case pairs(Int)
    /// How much is done to tell whom selectors pick, in steps.
    case selections(Int)
    /// How much is done to hold a policy against manifests, in steps.
    case conditions(Int)
    /// How many findings of one rule a run words and keeps.
    case findings(Int, rule: String)
  }

  /// What of a template could be checked.
  package enum Template: Hashable, Sendable {
    case nothing
    /// The documents that can be read as they are.
    case otherDocuments
  }

  package enum YAMLSyntax: Hashable, Sendable {
    case rejected(reason: String)
    /// A tab where only spaces may indent.
    case tab
    /// An IPv6 address in brackets without quotes.
    case unquotedAddress(String)
    case undefinedAlias(String)
    case recursiveAlias(String)
  }

  package enum InvalidPort: Hashable, Sendable {
    /// Neither a number nor a range.
    case notAPort(String)
    /// An address in the place of a port.
    case address(String)
    case outOfRange(String)
    case reversedRange(String)
    /// Host and container ranges of different lengths.
    case unequalRanges(host: String, container: String)
    case noContainerPort(String)
    /// 0 where the runtime refuses it.
    case zero(field: String)
    case missing(field: String)
    case unknownKey(String, suggestion: String?, owner: String)
    case notAList(field: String)
    /// A key with nothing behind it.
    case empty(field: String)
    case notAMapping(field: String)
    /// A value of a type that is no entry: a float, a boolean, nothing, a list.
    case notAnEntry(String)
    /// `- 8080: 80`, which YAML reads as a mapping.
    case spaceAfterColon(String)
    /// A range where one port is wanted.
    case rangeForOne(String, field: String)
    /// Text where Kubernetes wants a number.
    case quotedNumber(String, field: String)
    /// A mapping where only container ports stand.
    case mappingUnderExpose(String)
    /// A protocol behind the host's port.
    ///
    /// - Parameter entry: The whole entry with the protocol once, at its end; nothing where it has several.
    case protocolOnHostPort(String, entry: String?)
    /// All digits, but text, where Kubernetes wants a number or a name.
    case quotedNumberAsName(String, field: String)
    /// A number where Kubernetes wants text.
    case unquoted(String, field: String)
    /// Where a name alone is wanted.
    case unwanted(String, field: String)
    /// A port that the runtime keeps for itself.
    case reserved(String, by: String)
    /// A value that is none of the few that the field takes.
    case unknownValue(String, field: String, expected: String)
  }

  package enum InvalidProtocol: Hashable, Sendable {
    case unknown(String, expected: String)
    /// Right but for its case, where the format knows one case only.
    case lowerCase(String, expected: String)
    /// One and the same again and again, `udp/udp`.
    case repeated(String, of: String, expected: String)
  }

  package enum InvalidAddress: String, CaseIterable, Hashable, Sendable {
    case hostName = "host-name"
    case zone
    case leadingZeros = "leading-zeros"
    /// A port, with the address behind it.
    case misplaced
    case malformed
  }

  package enum InvalidPortName: Hashable, Sendable {
    case malformed(String, field: String, reason: String)
    case duplicate(String, owner: String)
    case missing(field: String)
    /// A port that needs a name though it is alone.
    case nameless(field: String)
    case notText(String, field: String)
  }

  /// Fields that the API refuses together.
  package enum InvalidCombination: String, CaseIterable, Hashable, Sendable {
    /// A node port in a Service that takes none.
    case nodePort = "node-port"
    /// A Service that takes node ports but has no address of its own.
    case headless
    /// A health check's node port where nothing asks for one.
    case healthCheck = "health-check"
    /// One port and protocol twice in a Service.
    case servicePortTwice = "service-port-twice"
    case ephemeralContainer = "ephemeral-container"
    /// A probe or a hook of a container that ends before the others begin.
    case initContainer = "init-container"
    /// The host's network in a user namespace of its own.
    case hostUsers = "host-users"
    case endPortAlone = "end-port-alone"
    case endPortWithName = "end-port-with-name"
    case endPortBelow = "end-port-below"
    /// The last port of a range, of two fields that go by other names.
    case lastPortBelow = "last-port-below"
    /// A host port where the host's network, or one that several share, has the container's own alone.
    case otherHostPort = "other-host-port"
    case backendNameAndNumber = "backend-name-and-number"
    case backendWithoutPort = "backend-without-port"
    case backendServiceAndResource = "backend-service-and-resource"
    case backendEmpty = "backend-empty"
    /// A route to a Service that names none of its ports.
    case routeWithoutPort = "route-without-port"
    case listenerTwice = "listener-twice"
    case listenerNameTwice = "listener-name-twice"
    /// Two servers of one of Istio's Gateways.
    case serverNameTwice = "server-name-twice"
    case entryNameTwice = "entry-name-twice"
    case entryNumberTwice = "entry-number-twice"
    /// A port of which Istio is not told what it speaks.
    case portWithoutProtocol = "port-without-protocol"
    /// The variable in which Knative tells a container its port.
    case portVariable = "port-variable"
    /// One port and protocol twice in a container, where the API tells ports apart by these.
    case containerPortTwice = "container-port-twice"
    case portOfTLSTwice = "port-of-tls-twice"
    /// Several ports where Knative takes one.
    case severalPorts = "several-ports"
    case tooManyPorts = "too-many-ports"
    /// Compose's `scale` and `deploy.replicas` with different numbers.
    case scaleAndReplicas = "scale-and-replicas"
    /// A name for one container where Compose is to start several.
    case containerNameAndCopies = "container-name-and-copies"
    case networkModeAndNetworks = "network-mode-and-networks"
    /// A port of the routing mesh of a service that has no address in a swarm.
    case meshWithoutAddress = "mesh-without-address"
    /// One entry twice in a list of a stack's.
    case entryTwice = "entry-twice"
  }

  /// What an entry silently becomes when its variable is unset.
  package enum UnsetVariable: String, CaseIterable, Hashable, Sendable {
    case randomPort = "random-port"
    case everyAddress = "every-address"
    case otherEntry = "other-entry"
    /// Nothing that Compose takes.
    case refusedEntry = "refused-entry"
  }

  /// Who lacks a variable.
  package enum VariableReader: Hashable, Sendable {
    /// The project, whose own file does not have it.
    case project
    /// A stack, for which that file is not read.
    case stack
  }
}
