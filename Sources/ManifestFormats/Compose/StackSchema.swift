import SourceYAML

/// What `docker stack deploy` takes of what Compose takes: of anything else it refuses the whole file.
///
/// Source: docker/cli `cli/compose/schema/data/config_schema_v3.13.json`.
enum StackSchema {
  private static let rootKeys = names("version services networks volumes secrets configs")

  private static let serviceKeys = names(
    """
    deploy build cap_add cap_drop cgroupns_mode cgroup_parent command configs container_name credential_spec depends_on \
    devices dns dns_search domainname entrypoint env_file environment expose external_links extra_hosts group_add \
    healthcheck hostname image init ipc isolation labels links logging mac_address network_mode networks pid ports \
    privileged read_only restart security_opt shm_size secrets sysctls stdin_open stop_grace_period stop_signal tmpfs \
    tty ulimits oom_score_adj user userns_mode volumes working_dir
    """)

  private static let reservationKeys = names("cpus memory generic_resources")

  /// The keys of a port entry in long form that it lacks.
  static let lackingPortKeys = names("host_ip name app_protocol")

  /// Whether a document holds what the schema lacks, so that it is no stack's.
  static func refuses(_ root: YAMLNode) -> Bool {
    // The second version is another format.
    if let version = root.value("version"), version.bytes.first == UInt8(ascii: "2") { return true }
    return hasOthers(root, than: rootKeys) || root.entries(of: "services").contains { refuses(service: $0.value) }
  }

  /// Whether a port entry of a document is none of the schema's: in what is called a stack, that is a mistake.
  static func refusesPorts(of root: YAMLNode) -> Bool {
    root.entries(of: "services").contains { service in
      service.value.items(of: "ports").contains { $0.entries.contains(where: refusesInPort) }
    }
  }

  /// Whether a field of a port entry in long form is none of the schema's: a key that it lacks, or text where no variable
  /// stands for a number.
  private static func refusesInPort(_ field: YAMLEntry) -> Bool {
    let key = field.key.text
    return lackingPortKeys.contains(key) || (numericPortKeys.contains(key) && isTextForNumber(field.value))
  }

  static let numericPortKeys = names("target published")

  static func isTextForNumber(_ value: YAMLNode) -> Bool {
    value.isScalar && ScalarValue(value) == .string && !value.isOpen
  }

  private static func refuses(service: YAMLNode) -> Bool {
    if hasOthers(service, than: serviceKeys) { return true }
    if service.value("depends_on")?.isMapping == true { return true }
    if service.items(of: "env_file").contains(where: \.isMapping) { return true }
    let reservations = service.value("deploy")?.value("resources")?.value("reservations")
    return reservations.map { hasOthers($0, than: reservationKeys) } ?? false
  }

  private static func hasOthers(_ mapping: YAMLNode, than keys: Set<String>) -> Bool {
    mapping.entries.contains { entry in
      guard entry.key.isScalar else { return false }
      let key = entry.key.text
      return !keys.contains(key) && !key.hasPrefix("x-")
    }
  }

  private static func names(_ text: String) -> Set<String> {
    Set(text.split(separator: " ").map(String.init))
  }
}
