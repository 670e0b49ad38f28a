/// How a finding is mended, before it is known how the text that it points at is written.
package enum Remedy: Hashable, Sendable {
  /// Another text in the place of the one that the finding points at.
  case write(String)
  /// Another text in the place of the whole scalar that the finding points into.
  case rewrite(String)
  /// Quotes around the text.
  case quote
  /// No quotes around it.
  case unquote
  /// Without the entry of a list that the finding points into.
  case dropEntry
  /// Without the comment that the finding points into, where it says nothing else.
  case dropComment
  /// A host port that is free in the place of the one that the finding points at.
  case anotherPort
  /// An address that no other host reaches before the host port that the finding points at.
  case loopback

  package var safety: Fix.Safety {
    switch self {
    case .write, .rewrite, .quote, .unquote, .dropEntry, .dropComment: .safe
    case .anotherPort, .loopback: .unsafe
    }
  }
}

extension Problem.Cause {
  /// How the problem is mended; nothing where what is meant can only be guessed.
  package var remedy: Remedy? {
    switch self {
    case .sexagesimalPort, .invalidPort(.unquoted), .nonDecimalPort(_, _, .quote): .quote
    case .nonDecimalPort(_, let number, .write): .write("\(number)")
    case .invalidPort(.quotedNumber), .invalidPort(.quotedNumberAsName): .unquote
    case .invalidPort(.unknownKey(_, let suggestion?, _)): .write(suggestion)
    case .brokenInclude(.brokenKustomization(.unknownField(_, let suggestion?))): .write(suggestion)
    case .invalidPort(.protocolOnHostPort(_, let entry?)): .rewrite(entry)
    case .invalidProtocol(.lowerCase(_, let expected)), .invalidProtocol(.repeated(_, let expected, _)):
      .write(expected)
    case .unusedSuppression(let unused): unused.remedy
    default: nil
    }
  }
}

extension Problem.UnusedSuppression {
  fileprivate var remedy: Remedy? {
    switch self {
    case .silencesNothing, .requiredRule, .bare: .dropComment
    case .unknownRule(_, let suggestion?): .write(suggestion)
    case .unknownRule, .unknownWord, .everyRule, .exception, .baseline, .pattern: nil
    }
  }
}
