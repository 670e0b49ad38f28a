import ManifestFormats
import PolicyEngine
import PortModel
import SourceText
import SourceYAML
import Workspace

/// Takes the bytes for a policy, for a rule and for a baseline.
func fuzzPolicy(_ bytes: [UInt8]) {
  let file = SourceFile(id: FileID(0), path: ".portlint.yaml", contents: bytes)
  let first = problems(of: file)
  if isChosen(bytes) { precondition(first == problems(of: file), "decoded twice, it is not the same") }
  for problem in first {
    check(problem.place, in: file, "problem")
    precondition(!problem.message.isEmpty)
  }
}

/// Takes the bytes for a format, which must read what it says of itself.
func fuzzFormat(_ bytes: [UInt8]) {
  let file = SourceFile(id: FileID(0), path: "format.yaml", contents: bytes)
  let (format, found) = decodeFormat(file)
  precondition((format == nil) != found.isEmpty, "a format without a word, or one with problems")
  if isChosen(bytes) { precondition(found == decodeFormat(file).problems, "decoded twice, it is not the same") }
  for problem in found + decodeFormatExamples(file).problems {
    check(problem.place, in: file, "problem")
    precondition(!problem.message.isEmpty)
  }
  for path in (format?.claims.map(\.path) ?? []) + (format?.references.map(\.path) ?? []) {
    let read = try? DocumentPath(path.description, anyCase: format?.keys == .anyCase)
    precondition(read == path, "a path is not what it says")
  }
}

private func problems(of file: SourceFile) -> [DecodingProblem] {
  let (written, inPolicy) = decodePolicy(file)
  var problems = inPolicy
  let tables = BuiltIn.portTables
  _ = Policy(
    rules: BuiltIn.rules(), layers: [Policy.Layer(.policyFile, written)], overrides: Policy.Overrides(),
    knownServices: BuiltIn.knownServices, exposed: BuiltIn.exposed, tables: tables, problems: &problems)
  let (_, inRule) = decodeRule(file, knownPorts: Set(tables.keys), isOwn: true, taken: ["port-conflict"])
  let (_, inExamples) = decodeRuleExamples(file)
  let (_, inBaseline) = decodeBaseline(file)
  return problems + inRule + inExamples + inBaseline
}
