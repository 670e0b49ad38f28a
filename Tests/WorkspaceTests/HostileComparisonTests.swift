import PolicyEngine
import PortModel
import Reporters
import SourceText
import Testing
import Workspace

extension HostileProjectTests {
  // MARK: - What is compared

  @Test func rangesThatAllOverlapHaveAnEnd() throws {
    let services = (1...10).map { "  s\($0): {image: a, ports: ['\($0)-2000:\($0)-2000']}\n" }.joined()
    let whole = try report(on: ["compose.yaml": "services:\n\(services)"], mostPairs: 45)
    #expect(whole.diagnostics.count { $0.rule == "port-conflict" } == 9)
    #expect(whole.isComplete)
    let cut = try report(on: ["compose.yaml": "services:\n\(services)"], mostPairs: 44)
    #expect(
      findings(cut).filter { $0.contains("limit-exceeded") } == [
        """
        compose.yaml:11:28: error: more than 44 pairs of claims overlap by the time this one is compared; no further \
        ones are [limit-exceeded]
        """
      ])
    #expect(!cut.isComplete)
  }

  /// What is compared here and there in a scope adds up.
  @Test func rangesApartHaveOneEnd() throws {
    let services = [0, 3000].flatMap { start in
      (1...10).map { "  s\(start + $0): {image: a, ports: ['\(start + $0)-\(start + 2000):80-\(2080 - $0)']}\n" }
    }.joined()
    let whole = try report(on: ["compose.yaml": "services:\n\(services)"], mostPairs: 90)
    #expect(whole.diagnostics.count { $0.rule == "port-conflict" } == 18)
    #expect(whole.isComplete)
    let cut = try report(on: ["compose.yaml": "services:\n\(services)"], mostPairs: 89)
    #expect(findings(cut).filter { $0.hasSuffix("[limit-exceeded]") }.map { $0.prefix(16) } == ["compose.yaml:21:"])
    #expect(!cut.isComplete)
  }

  @Test func addressesThatMeetAClaimOnAllHaveAnEnd() throws {
    let own = (1...10).map { "  a\($0): {image: a, ports: ['127.0.0.\($0):80:80']}\n" }.joined()
    let every = (1...10).map { "  e\($0): {image: a, ports: ['80:80']}\n" }.joined()
    let text = "services:\n\(own)\(every)"
    // The first claim on every address meets ten, and so does each of the nine behind it.
    #expect(try report(on: ["compose.yaml": text], mostPairs: 90).isComplete)
    let cut = try report(on: ["compose.yaml": text], mostPairs: 89)
    #expect(
      findings(cut).filter { $0.contains("limit-exceeded") } == [
        """
        compose.yaml:21:28: error: more than 89 pairs of claims overlap by the time this one is compared; no further \
        ones are [limit-exceeded]
        """
      ])
  }

  @Test func profilesCountAmongWhatIsCompared() throws {
    let services = (1...10).map { "  s\($0): {image: a, profiles: [a\($0), b\($0)], ports: ['80:80']}\n" }.joined()
    // Each of 45 pairs counts for itself and the two profiles of either.
    #expect(try report(on: ["compose.yaml": "services:\n\(services)"], mostPairs: 225).isComplete)
    #expect(try !report(on: ["compose.yaml": "services:\n\(services)"], mostPairs: 224).isComplete)
  }

  @Test(arguments: ["labels: [", "profiles: ["])
  func whatAServiceHandsOnCounts(_ opening: String) throws {
    let base = opening + (0..<199).map { "l\($0)" }.joined(separator: ", ") + "]"
    let services = (0..<101).map { "  s\($0): {extends: base}\n" }.joined()
    let report = try report(on: ["compose.yaml": "services:\n  base: {image: a, \(base)}\n\(services)"])
    #expect(report.diagnostics.map(\.variant) == ["brought-in"])
  }

  /// As many pods as services, and each service wants a port of all pods that none has.
  private func podsAndServices(_ count: Int, name: (Int) -> String) -> String {
    (0..<count).map { number in
      """
      ---
      {apiVersion: v1, kind: Pod, metadata: {name: p\(number), labels: {app: a}}, spec: {containers: [
        {name: c, image: i, ports: [{containerPort: 80, name: \(name(number))}]}]}}
      ---
      {apiVersion: v1, kind: Service, metadata: {name: s\(number)}, spec: {selector: {app: a}, ports: [
        {port: 80, targetPort: htp}]}}

      """
    }.joined()
  }

  @Test func manyReferencesToManyPodsAreAnsweredTogether() throws {
    let report = try report(on: ["k.yaml": podsAndServices(500) { _ in "http" }], of: "k.yaml")
    let unresolved = findings(report).filter { $0.contains("dangling-port-reference") }
    #expect(unresolved.count == 500)
    #expect(
      unresolved.first?.contains(
        "error: Service 's0' sends to the port 'htp', which Pod 'p0' does not have (did you mean 'http'?) ") == true,
      "\(unresolved.first ?? "")")
  }

  @Test func ofVeryManyNamesNoneIsSuggested() throws {
    let report = try report(on: ["k.yaml": podsAndServices(101) { "http\($0)" }], of: "k.yaml")
    let unresolved = findings(report).filter { $0.contains("dangling-port-reference") }
    #expect(unresolved.count == 101)
    #expect(!unresolved.contains { $0.contains("did you mean") })
  }

  /// A line is not looked through anew for each of its variables.
  @Test func aLineOfVariablesIsReadOnce() throws {
    let text = String(repeating: "${A:-${B:-x}}", count: 150_000)
    let report = try report(on: ["compose.yaml": "services: {a: {image: b, ports: ['\(text):80']}}\n"])
    #expect(report.diagnostics.map(\.rule) == ["invalid-port"])
  }

  // MARK: - What is said stays short

  @Test func aFileOfOneLineIsShownInPart() throws {
    let zeros = String(repeating: "\0", count: 1_000_000)
    let report = try report(on: ["compose.yaml": "services: {a: {image: \"\(zeros)"])
    let text = write(report, as: .text, options: ReportOptions(version: "0"))
    #expect(text.hasPrefix("compose.yaml:1:24: error: not YAML: control characters are not allowed [yaml-syntax]\n"))
    #expect(text.utf8.count < 2000)
  }

  @Test func aLongValueIsShownInPart() throws {
    let digits = String(repeating: "9", count: 100_000)
    let report = try report(on: ["compose.yaml": "services: {a: {image: b, ports: ['\(digits)']}}"])
    let shown = String(repeating: "9", count: 512) + "..."
    #expect(
      findings(report) == [
        "compose.yaml:1:35: error: 'a' has the port '\(shown)', which is not in 1-65535 [invalid-port]"
      ])
  }

  @Test func aLongNameIsSaidInPart() throws {
    let name = String(repeating: "k", count: 100_000)
    let ports = (1...100).map { "'8080:\($0)'" }.joined(separator: ", ")
    let report = try report(on: ["compose.yaml": "services: {? \(name) : {image: a, ports: [\(ports)]}}"])
    #expect(report.diagnostics.count { $0.rule == "port-conflict" } == 99)
    for format in [OutputFormat.text, .compact, .json] {
      #expect(write(report, as: format, options: ReportOptions(version: "0")).utf8.count < 1_000_000)
    }
  }
}
