import PolicyEngine
import PortModel
import Reporters
import SourceText
import Workspace

/// Every rule, with none off.
private let policy: Policy = {
  let rules = BuiltIn.rules()
  let severities = Dictionary(
    rules.filter { $0.severity == nil }.map { ($0.id, Severity?.some(.info)) }, uniquingKeysWith: { a, _ in a })
  guard let policy = try? BuiltIn.policy(rules: rules, severities: severities) else { fatalError("no policy") }
  return policy
}()

/// The variables that entries may name.
private let variables = Array("A=8080\nB=\nC=$A-8090\nIP=127.0.0.1\nP=udp\n".utf8)

/// Takes the bytes for one entry of `ports`: in quotes behind an even first byte, else as they are.
func fuzzComposeEntry(_ bytes: [UInt8]) {
  guard let first = bytes.first else { return }
  var text = Array("services:\n  a:\n    image: b\n    ports:\n      - ".utf8)
  if first % 2 == 0 {
    text.append(UInt8(ascii: "'"))
    for byte in bytes.dropFirst() {
      // Doubled, a quote is text.
      if byte == UInt8(ascii: "'") { text.append(byte) }
      text.append(byte)
    }
    text += Array("'\n  b:\n    image: b\n    ports: ['8080:80']\n".utf8)
  } else {
    text += bytes.dropFirst()
  }
  lint(["compose.yaml": text, ".env": variables], again: isChosen(bytes))
}

/// Lints the bytes as a manifest beside another one.
func fuzzManifest(_ bytes: [UInt8]) {
  lint(["a.yaml": bytes], again: isChosen(bytes))
}

/// The names by which some formats are told, and one by which none is.
private let declaredNames = [
  "a.yaml", "application.yml", ".github/workflows/a.yml", "devcontainer.json", "render.yaml", "umbrel-app.yml",
]

/// Lints what stands behind the first byte under the name that it picks, as a file of a declared format.
func fuzzDeclared(_ bytes: [UInt8]) {
  guard let first = bytes.first else { return }
  lint([declaredNames[Int(first) % declaredNames.count]: Array(bytes.dropFirst())], again: isChosen(bytes))
}

/// Lints the files, and once more `again`, in every format.
private func lint(_ written: [String: [UInt8]], again: Bool) {
  let report = reportOn(written)
  let said = again ? texts(of: report) : [write(report, as: .text, options: options)]
  if again { precondition(said == texts(of: reportOn(written)), "linted twice, it is not the same") }
  for text in said {
    for scalar in text.unicodeScalars where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) {
      precondition(scalar == "\n", "a control character is shown as it is")
    }
  }
  for diagnostic in report.diagnostics {
    checkPlace(diagnostic.place, in: report, "finding")
    for related in diagnostic.related { checkPlace(related.place, in: report, "related") }
  }
  for row in report.rows { checkPlace(report.inventory.bindings[row].place, in: report, "binding") }
}

private func reportOn(_ written: [String: [UInt8]]) -> Report {
  let candidates = written.keys.filter { $0 != ".env" }.sorted().map { Candidate($0, .named) }
  return Workspace(policy: policy, files: WrittenFiles(written), workers: 1).lint(candidates)
}

private let options: ReportOptions = {
  var options = ReportOptions(version: "0")
  options.showsInfo = true
  return options
}()

private func texts(of report: Report) -> [String] {
  var inventory = ""
  writeInventory(report, as: .json, options: options, to: &inventory)
  return OutputFormat.allCases.map { write(report, as: $0, options: options) } + [inventory]
}

private func checkPlace(_ place: SourceRange, in report: Report, _ what: StaticString) {
  guard let file = report.files[place.file] else { fatalError("\(what): it lies in no file") }
  check(place, in: file, what)
}
