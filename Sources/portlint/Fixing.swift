import PolicyEngine
import PortModel
import Reporters
import SourceText
import Workspace

/// What is done about findings that can be mended.
struct Fixing: Equatable {
  /// Whether files are changed.
  var isWritten = false
  /// Whether it is shown what would be changed.
  var isShown = false
  /// Whether remedies count that are not safe.
  var isUnsafe = false

  /// How often what is mended is looked at anew: a remedy may bring others to light, and some wait for one beside them.
  fileprivate static let mostRounds = 10
}

extension LintSettings {
  func checkFixing() throws(RunFailure) {
    if fixing.isWritten, fixing.isShown {
      throw RunFailure(message: "--diff changes nothing, and --fix does: leave one of them out")
    }
    if fixing.isUnsafe, !fixing.isWritten, !fixing.isShown {
      throw RunFailure(message: "--unsafe-fixes goes with --fix or --diff")
    }
    if fixing.isShown, !format.isEmpty {
      throw RunFailure(message: "--diff writes no report: leave --format out, or run portlint once more for it")
    }
    if fixing.isWritten || fixing.isShown, writeBaseline != nil {
      throw RunFailure(message: "--write-baseline takes the findings as they are: leave --fix and --diff out")
    }
  }

  /// Shows what would be changed.
  func writeDiff(_ policy: LoadedPolicy) throws -> ExitStatus {
    var (report, files, _) = try mended(policy, common.inputs(policy))
    writeNotes(of: report)
    let changes = files.fixed.sorted { $0.key < $1.key }
    var isWritten = true
    for (path, change) in changes {
      let shows = files.shownBefore(path)
      isWritten =
        Console.standardOutput.write { output in
          let leftOut = unifiedDiff(of: path.text, from: change.before, to: change.after, showing: shows) {
            output.write(bytes: $0)
          }
          for line in leftOut {
            writeNote("\(path.text):\(line): a change that is not shown, for what stands beside it is not to be seen")
          }
        } && isWritten
    }
    writeUnread(of: &report)
    guard report.isComplete, isWritten else { return .incomplete }
    return changes.isEmpty ? .clean : .findings
  }

  /// Changes the files, and reports what is left.
  ///
  /// - Returns: The report, and whether all files could be changed.
  func fixed(_ policy: LoadedPolicy) throws -> (report: Report, isWhole: Bool) {
    let inputs = try common.inputs(policy)
    let (report, files, count) = try mended(policy, inputs)
    var written = 0
    for (path, change) in files.fixed.sorted(by: { $0.key < $1.key }) {
      guard files.isAsItWas(path) else {
        writeNote("\(path.text): changed meanwhile, and left alone")
        continue
      }
      do throws(RunFailure) {
        try OutputFile(path.text, besides: common.paths.isEmpty ? ["."] : common.paths)
          .write { $0.write(bytes: change.after[...]) }
        written += 1
      } catch {
        writeNote("not changed: " + error.message)
      }
    }
    let isWhole = written == files.fixed.count
    if written > 0 {
      writeNote(
        isWhole
          ? "\(counted(count, "finding")) mended in \(counted(written, "file"))"
          : "\(counted(written, "file")) of \(files.fixed.count) changed")
    }
    return (isWhole ? report : try common.report(policy, inputs, from: inputs.files), isWhole)
  }

  /// Mends what can be mended, without a change on the disk.
  ///
  /// - Returns: What is left, the files as they would be, and how many findings were mended.
  private func mended(
    _ policy: LoadedPolicy, _ inputs: Inputs
  ) throws -> (report: Report, files: FixedFiles, count: Int) {
    let own = Set(
      inputs.candidates.filter { $0.origin != .context && $0.standardInput == nil }.map(\.path.exact))
    var files = FixedFiles(inputs.files)
    var count = 0
    for _ in 0..<Fixing.mostRounds {
      var report = try common.report(policy, inputs, from: files)
      Mending.fill(&report, policy: policy.policy)
      let mended = files.apply(report, isUnsafe: fixing.isUnsafe) { own.contains($0.exact) }
      if mended.isEmpty { return (report, files, count) }
      count += mended.count
      // Where there is more than is judged, each round would bring as much anew.
      if report.diagnostics.contains(where: { $0.rule == "limit-exceeded" }) { break }
    }
    return (try common.report(policy, inputs, from: files), files, count)
  }
}
