import PortModel
import SourceYAML

/// Whether a container's process may bind ports below 1024, as far as its pod says.
///
/// Kubernetes lowers no limit itself: containerd does from 2.0 on, CRI-O and older ones do not, and none does on the
/// host's network.
struct PodPrivilege {
  private let isOnHostNetwork: Bool
  /// Whether the pod says that the process does not run as root.
  private let isNotRoot: Bool
  private let hasCapability: Bool
  /// The first port that needs no privilege, where the pod sets it.
  private let unprivilegedStart: Int?

  /// What a pod says for all of its containers: looked up once, however many there are.
  struct Common {
    fileprivate let isOnHostNetwork: Bool
    fileprivate let user: YAMLNode?
    fileprivate let isNonRoot: YAMLNode?
    fileprivate let unprivilegedStart: Int?

    init(of spec: YAMLNode, isOnHostNetwork: Bool) {
      self.isOnHostNetwork = isOnHostNetwork
      let context = spec.value("securityContext")
      user = context?.value("runAsUser")
      isNonRoot = context?.value("runAsNonRoot")
      let setting = context?.value("sysctls")?.items.first {
        $0.value("name")?.isText("net.ipv4.ip_unprivileged_port_start") == true
      }
      // One that cannot be read may be any number, 0 too.
      unprivilegedStart = setting.map { Int($0.value("value")?.text ?? "") ?? 0 }
    }
  }

  init(of container: YAMLNode, in pod: Common) {
    isOnHostNetwork = pod.isOnHostNetwork
    unprivilegedStart = pod.unprivilegedStart
    let own = container.value("securityContext")
    if let user = own?.value("runAsUser") ?? pod.user {
      isNotRoot = user.wholeNumber.map { $0 > 0 } ?? false
    } else {
      isNotRoot = (own?.value("runAsNonRoot") ?? pod.isNonRoot)?.isTrue == true
    }
    let added = own?.value("capabilities")?.items(of: "add").contains {
      $0.isOpen || $0.isReservedPortCapability
    }
    hasCapability = own?.value("privileged")?.isTrue == true || added == true
  }

  /// What it takes to bind a port, and whether the process has it.
  func privilege(for port: UInt16) -> Binding.Privilege {
    guard port < 1024, isNotRoot else { return .unneeded }
    if hasCapability { return .held }
    if let unprivilegedStart { return Int(port) >= unprivilegedStart ? .held : .missing }
    return isOnHostNetwork ? .missing : .dependsOnRuntime
  }
}
