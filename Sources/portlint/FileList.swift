import PolicyEngine
import PortModel
import Reporters
import SourceText
import Workspace

extension LintSettings {
  /// Lists what the run would read, and what it would pass over.
  func writeFileList(_ policy: LoadedPolicy) throws -> ExitStatus {
    guard format.isEmpty else {
      throw RunFailure(message: "--list-files is text, and no report: leave --format out")
    }
    if !policy.problems.isEmpty { return writeBrokenPolicy(policy) }
    var common = common
    common.listsFiles = true
    let files = try common.listedFiles(policy)
    let rows = files.map { [$0.path, $0.fate.state, $0.fate.formats, $0.reason(policy)] }
    let text = inForce(policy) + "\n" + tableText(headings: ["FILE", "STATE", "FORMAT", "WHY"], rows)
    let isWritten = Console.standardOutput.write(text)
    let isWhole = !files.contains { $0.fate.isUnjudged }
    let isNothing = !files.contains { if case .read = $0.fate { true } else { false } }
    return isWritten && isWhole && !(failsWithoutManifest && isNothing) ? .clean : .incomplete
  }
}

extension ListedFile {
  fileprivate func reason(_ policy: LoadedPolicy) -> String {
    let isPolicy = path.isPath(toFile: PolicyLoader.fileName)
    return isPolicy && fate == .passedOver(.noManifest) ? "a policy, and no manifest" : fate.reason(policy)
  }
}

extension ListedFile.Fate {
  fileprivate var state: String {
    switch self {
    case .read, .supplied: "read"
    case .unread: "not read"
    case .passedOver: "passed over"
    }
  }

  /// Whether portlint could not do its whole job.
  fileprivate var isUnjudged: Bool {
    guard case .unread(let rule) = self else { return false }
    return rule == "unreadable-file" || rule == "limit-exceeded"
  }

  fileprivate var formats: String {
    guard case .read(let formats) = self else { return "-" }
    return formats.map(\.id).joined(separator: ", ")
  }

  fileprivate func reason(_ policy: LoadedPolicy) -> String {
    switch self {
    case .read: return ""
    case .supplied(let file): return "for \(file)"
    case .unread(let rule): return "see the finding of \(rule)"
    case .passedOver(.noManifest): return "no manifest that portlint knows"
    case .passedOver(.commandLine(let pattern)): return "--exclude \(pattern)"
    case .passedOver(.policy(let place)):
      guard let file = policy.files.first(where: { $0.id == place.file }) else { return "the policy's exclude" }
      let line = LineTable(of: file.bytes).position(of: Int(place.start)).line
      return "excluded by \(file.shownPath):\(line)"
    case .passedOver(.walk(let reason)): return reason.words
    }
  }
}

extension PassedOver.Reason {
  fileprivate var words: String {
    switch self {
    case .ignored(let line): "ignored by \(line.file):\(line.number)"
    case .hidden: "hidden: it is walked where it is named"
    case .hiddenButForFormats: "hidden, but for the files that formats name"
    case .packages: "packages of Node"
    case .linkToFolder: "a link to a folder"
    case .lock: "an editor's lock"
    }
  }
}
