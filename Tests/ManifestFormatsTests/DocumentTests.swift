import PortModel
import SourceText
import Testing

@testable import ManifestFormats

/// What manifests come to: claims, references and problems, each with its place.
///
/// The cases stand in `Fixtures/*-cases.txt`: a manifest, or what stands below a common beginning, and what it comes
/// to. `> ` is a claim, `& ` a reference, `! ` a problem.
@Suite struct DocumentTests {
  @Test(arguments: try DocumentCase.read("kubernetes-objects-cases.txt"))
  func kubernetesObjects(_ example: DocumentCase) {
    #expect(example.outcome(below: "", as: "k8s.yaml") == example.expected)
  }

  @Test(arguments: try DocumentCase.read("kubernetes-containers-cases.txt"))
  func kubernetesContainers(_ example: DocumentCase) {
    let pod = """
      apiVersion: v1
      kind: Pod
      metadata: {name: p}
      spec:
        containers:
          - name: c
            image: x

      """
    #expect(example.outcome(below: pod, as: "k8s.yaml") == example.expected)
  }

  @Test(arguments: try DocumentCase.read("kubernetes-services-cases.txt"))
  func kubernetesServices(_ example: DocumentCase) {
    let service = """
      apiVersion: v1
      kind: Service
      metadata: {name: s}
      spec:
        selector: {app: a}

      """
    #expect(example.outcome(below: service, as: "k8s.yaml") == example.expected)
  }
}

/// The `.env` beside a Compose file, which decides before any default does.
@Suite struct EnvironmentFileTests {
  @Test(arguments: [
    ("${P}:80", "P=9090", ["1:35-39 'a' publish 9090/tcp on every to 80 at 1:40-42 '${P}', P=9090 1:1-7"]),
    ("${P:-8080}:80", "P=9090", ["1:35-45 'a' publish 9090/tcp on every to 80 at 1:46-48 '${P:-8080}', P=9090 1:1-7"]),
    ("${P:-8080}:80", "P=", ["1:40-44 'a' publish 8080/tcp on every to 80 at 1:46-48 '8080'"]),
    ("${P:-8080}:80", "", ["1:40-44 'a' publish 8080/tcp on every to 80 at 1:46-48 '8080'"]),
    (
      "${P}80:80", "P=127.0.0.1:",
      ["1:39-41 'a' publish 80/tcp on 127.0.0.1 to 80 at 1:42-44 '80', 'P' is set here 1:1-13"]
    ),
    ("${P}80:80", "P=", ["1:39-41 'a' publish 80/tcp on every to 80 at 1:42-44 '80'"]),
  ])
  func decides(_ entry: String, _ environment: String, _ rows: [String]) {
    let text = "services: {a: {image: x, ports: ['\(entry)']}}\n"
    let (file, reading) = readToEnd(text, as: "app/compose.yaml", others: ["app/.env": environment])
    #expect(reading.rows(in: file) == rows)
    #expect(reading.problems(in: file) == [])
  }
}

/// A manifest and what it comes to.
struct DocumentCase: CustomTestStringConvertible {
  var manifest: String
  var expected: [String]

  var testDescription: String { manifest }

  /// The cases of a file: blocks between empty lines, those that begin with `#` left out.
  static func read(_ name: String) throws -> [DocumentCase] {
    let blocks = try fixtureText(name).split(separator: "\n\n").map { $0.split(separator: "\n") }
    return blocks.filter { $0.first?.hasPrefix("#") == false }.map { lines in
      let isOutcome = { (line: Substring) in ["> ", "& ", "! "].contains { line.hasPrefix($0) } }
      return DocumentCase(
        manifest: lines.filter { !isOutcome($0) }.map { $0 + "\n" }.joined(),
        expected: lines.filter(isOutcome).map(String.init))
    }
  }

  func outcome(below beginning: String, as path: String) -> [String] {
    let (file, reading) = readToEnd(beginning + manifest, as: path)
    return reading.rows(in: file).map { "> " + $0 } + reading.references(in: file).map { "& " + $0 }
      + reading.problems(in: file).map { "! " + $0 }
  }
}
