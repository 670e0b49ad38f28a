import Synchronization
import Testing

@testable import portlint

/// The line that shows how far a run over many files has come.
@Suite struct ProgressTests {
  /// What was written to the terminal.
  private final class Screen: Sendable {
    let text = Mutex("")
  }

  private static func screen(after delay: Duration, _ steps: (Progress) -> Void) -> String {
    let screen = Screen()
    let progress = Progress(of: ["a.yaml", "b.yaml"], after: delay, pause: .zero) { line in
      screen.text.withLock { $0 += line }
    }
    steps(progress)
    return screen.text.withLock { $0 }
  }

  @Test func countsTheFilesOfTheRunAndLeavesTheLineEmpty() {
    let text = Self.screen(after: .zero) { progress in
      // What is read beside them is not counted, and nothing beyond them.
      for path in ["a.yaml", ".env", "b.yaml", "b.yaml"] { progress.note(path) }
      progress.clear()
    }
    let lines = ["1", "2", "2"].map { "\rportlint: \($0) of 2 files read" }
    #expect(text == lines.joined() + "\r\u{1B}[K")
  }

  @Test func saysNothingOfARunThatEndsAtOnce() {
    let text = Self.screen(after: .seconds(60)) { progress in
      progress.note("a.yaml")
      progress.clear()
    }
    #expect(text == "")
  }
}
