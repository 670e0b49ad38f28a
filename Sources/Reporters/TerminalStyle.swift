import PortModel

/// How a terminal that shows colours sets a part of a report off.
enum TerminalStyle {
  case bold
  case faint
  case note
  case help
  case severity(Severity)

  /// The parameters of ANSI's "select graphic rendition".
  fileprivate var code: String {
    switch self {
    case .bold: "1"
    case .faint: "2"
    case .note: "36"
    case .help: "32"
    case .severity(.error): "1;31"
    case .severity(.warning): "1;33"
    case .severity(.info): "1;34"
    }
  }
}

extension ReportOptions {
  func label(_ severity: Severity) -> String {
    style("\(severity.rawValue):", .severity(severity))
  }

  func style(_ text: String, _ style: TerminalStyle) -> String {
    isColoured ? "\u{1B}[\(style.code)m\(text)\u{1B}[0m" : text
  }
}
