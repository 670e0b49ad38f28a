import PolicyEngine
import Testing
import Workspace

/// Rules that are about one text share it out: one cause is one finding.
@Suite struct RuleBoundaryTests {
  struct Story: CustomTestStringConvertible {
    var testDescription: String
    var platform = Platform.linux
    var manifest: String
    /// The rules that have something to say, in order.
    var rules: [String]
  }

  @Test(arguments: stories)
  func oneCauseIsOneFinding(_ story: Story) throws {
    let policy = try BuiltIn.policy(rules: BuiltIn.rules(), platform: story.platform)
    let files = WrittenFiles(["deploy.yaml": Array(story.manifest.utf8)])
    let report = Workspace(policy: policy, files: files, workers: 1).lint([Candidate("deploy.yaml", .found)])
    #expect(report.diagnostics.map(\.rule) == story.rules)
  }

  @Test func aNetworkIsShownWhereItIsWhatLeavesAClaimWithoutEffect() throws {
    let policy = try BuiltIn.policy(rules: BuiltIn.rules())
    let text = "services: {web: {image: nginx, network_mode: host, ports: ['8080:80'], expose: [6379]}}"
    let files = WrittenFiles(["compose.yaml": Array(text.utf8)])
    let report = Workspace(policy: policy, files: files, workers: 1).lint([Candidate("compose.yaml", .found)])
    let related = Dictionary(
      report.diagnostics.map { ($0.rule, $0.related.map(\.message)) }, uniquingKeysWith: { $0 + $1 })
    #expect(related == ["ignored-port": ["the network is chosen here"]], "\(related)")
  }

  private static func compose(_ entries: String) -> String {
    "services:\n  web:\n    image: nginx\n    ports: [\(entries)]\n"
  }

  private static func nodePort(_ port: Int) -> String {
    """
    apiVersion: v1
    kind: Service
    metadata: {name: web}
    spec: {type: NodePort, ports: [{port: 80, nodePort: \(port)}]}
    """
  }

  static let stories = [
    Story(testDescription: "a low node port", manifest: nodePort(804), rules: ["node-port-range"]),
    Story(testDescription: "an unregistered node port", manifest: nodePort(4203), rules: ["node-port-range"]),
    Story(testDescription: "a high node port", manifest: nodePort(45000), rules: ["node-port-range"]),
    Story(
      testDescription: "a node port on a platform whose ephemeral range holds them", platform: .freebsd,
      manifest: nodePort(30080), rules: []),
    Story(
      testDescription: "an unregistered port where the system generates its own", platform: .glibc,
      manifest: compose(#""4203:80""#), rules: ["user-reserved-port"]),
    Story(
      testDescription: "an ephemeral port of another platform", platform: .macos,
      manifest: compose(#""45000:80", "49200:81""#), rules: ["ephemeral-port"]),
    Story(
      testDescription: "an entry that is no entry", manifest: compose(#""localhost:804:80""#),
      rules: ["invalid-address"]),
    Story(
      testDescription: "an entry that an unset variable changes", manifest: compose(#""${PORT}:80", "8080:80""#),
      rules: ["unset-variable"]),
    Story(
      testDescription: "an entry twice", manifest: compose(#""8080:80", "8080:80""#), rules: ["duplicate-port"]),
    Story(
      testDescription: "a port twice", manifest: compose(#""8080:80", "8080:81""#), rules: ["port-conflict"]),
    Story(
      testDescription: "a template", manifest: "{{ if .Values.web }}\nservices: {web: {ports: [localhost:804:80]}}\n",
      rules: ["template-not-rendered"]),
    Story(
      testDescription: "two mistakes at one place",
      manifest: """
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          hostNetwork: true
          securityContext: {runAsUser: 1000}
          containers: [{name: app, image: nginx, ports: [{containerPort: 804}]}]
        """, rules: ["privileged-port", "reserved-port"]),
  ]
}
