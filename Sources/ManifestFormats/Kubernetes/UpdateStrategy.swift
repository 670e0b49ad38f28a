import PortModel
import SourceText
import SourceYAML

extension PodReader {
  /// Where it is said, or goes without saying, that an update starts a new pod and waits for it before it ends an old one.
  var updateThatStartsFirst: SourceRange? {
    guard object.group == "apps" else { return nil }
    switch object.kind {
    case "Deployment": return surgeOfDeployment
    case "DaemonSet": return surgeOfDaemonSet
    default: return nil
    }
  }

  /// A Deployment of one pod surges unless it is told otherwise; the numbers are rounded as by `ResolveFenceposts`.
  private var surgeOfDeployment: SourceRange? {
    let replicas = object.spec?.value("replicas")
    guard replicas.map({ $0.isNull || $0.wholeNumber == 1 }) ?? true else { return nil }
    guard let strategy = object.spec?.value("strategy"), !strategy.isNull else { return object.place }
    guard strategy.isRolling, let numbers = strategy.rollingUpdate else { return nil }
    let surge = numbers.value("maxSurge")
    let unavailable = numbers.value("maxUnavailable")
    guard let most = surge.pods(of: 1, roundingUp: true, default: "25%"), most > 0,
      unavailable.pods(of: 1, roundingUp: false, default: "25%") == 0
    else { return nil }
    return (surge ?? unavailable ?? strategy.value("type"))?.range ?? object.place
  }

  /// A DaemonSet ends the old pod first unless it is told to surge.
  private var surgeOfDaemonSet: SourceRange? {
    guard let strategy = object.spec?.value("updateStrategy"), strategy.isRolling,
      let surge = strategy.rollingUpdate?.value("maxSurge"), !surge.isNull,
      let pods = YAMLNode?.some(surge).pods(of: 1, roundingUp: true, default: "0"), pods > 0
    else { return nil }
    return surge.textRange
  }
}

extension YAMLNode {
  /// Whether an update strategy is the one that goes pod by pod.
  fileprivate var isRolling: Bool {
    guard isMapping, !isOpen else { return false }
    return value("type").map { $0.isNull || $0.isText("RollingUpdate") } ?? true
  }

  /// The numbers of a strategy; nothing where they cannot be known.
  fileprivate var rollingUpdate: YAMLNode? {
    guard let numbers = value("rollingUpdate"), !numbers.isNull else { return self }
    return numbers.isMapping && !numbers.isOpen ? numbers : nil
  }
}

extension YAMLNode? {
  /// How many of some pods a number or a percentage is; nothing where that cannot be known.
  fileprivate func pods(of all: Int32, roundingUp: Bool, default text: String) -> Int? {
    if let number = self?.wholeNumber { return number }
    if let node = self, !node.isNull, !node.isScalar || node.isOpen { return nil }
    let written = self.flatMap { $0.isNull ? nil : $0.text } ?? text
    guard written.hasSuffix("%"), let percent = Int32(written.dropLast()) else { return nil }
    // Of two numbers of 32 bits, so it fits.
    return (Int(all) * Int(percent) + (roundingUp ? 99 : 0)) / 100
  }
}
