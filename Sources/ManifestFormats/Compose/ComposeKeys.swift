import SourceText
import SourceYAML

/// Which keys Compose knows where: what stands below others is a platform's own, which it takes out before Compose reads
/// the file (compose-spec `schema/compose-spec.json`).
indirect enum ComposeKeys: Sendable {
  /// Any key, as among labels.
  case free
  /// These, and extensions.
  case known([String: ComposeKeys])
  /// Names of the author's own, each with such a value.
  case named(ComposeKeys)

  /// What may stand below a key; nothing for one that Compose does not have.
  func below(_ key: YAMLNode) -> ComposeKeys? {
    switch self {
    case .free: return .free
    case .named(let value): return value
    case .known(let keys):
      guard key.isScalar else { return nil }
      let text = key.text
      return keys[text] ?? (text.hasPrefix("x-") ? .free : nil)
    }
  }

  private static func only(_ keys: String, _ others: [String: ComposeKeys] = [:]) -> ComposeKeys {
    let plain = keys.split(separator: " ").map { (String($0), ComposeKeys.free) }
    return .known(Dictionary(plain, uniquingKeysWith: { first, _ in first }).merging(others) { $1 })
  }

  static let file = only(
    "version name include networks volumes secrets configs models", ["services": .named(service)])

  private static let service = only(
    """
    annotations attach blkio_config cap_add cap_drop cgroup cgroup_parent command container_name cpu_count cpu_percent \
    cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares cpus cpuset credential_spec depends_on deploy develop \
    device_cgroup_rules devices dns dns_opt dns_search domainname entrypoint env_file environment expose extends \
    external_links extra_hosts gpus group_add hostname image init ipc isolation label_file labels links mac_address \
    mem_limit mem_reservation mem_swappiness memswap_limit models network_mode networks oom_kill_disable oom_score_adj \
    pid pids_limit platform post_start pre_stop privileged profiles provider pull_policy pull_refresh_after read_only \
    restart runtime scale security_opt shm_size stdin_open stop_grace_period stop_signal storage_opt sysctls tmpfs tty \
    ulimits use_api_socket user userns_mode uts volumes_from working_dir
    """,
    [
      "build": only(
        """
        additional_contexts args cache_from cache_to context dockerfile dockerfile_inline entitlements extra_hosts \
        isolation labels network no_cache no_cache_filter platforms privileged provenance pull sbom secrets shm_size \
        ssh tags target ulimits
        """),
      "configs": only("source target uid gid mode"),
      "healthcheck": only("disable interval retries start_interval start_period test timeout"),
      "logging": only("driver options"),
      "ports": only("app_protocol host_ip mode name protocol published target"),
      "secrets": only("source target uid gid mode"),
      "volumes": only("bind consistency image read_only source target tmpfs type volume"),
    ])
}

extension YAMLNode {
  /// The scalars below the node that Compose looks for variables in, each once where it is written; aliases are not
  /// followed.
  func scalars(ofCompose keys: ComposeKeys) -> [YAMLNode] {
    var result: [YAMLNode] = []
    collect(&result, keys)
    return result
  }

  private func collect(_ scalars: inout [YAMLNode], _ keys: ComposeKeys) {
    if case .free = keys {
      scalars += scalarValues
      return
    }
    switch kind {
    case .scalar: scalars.append(self)
    case .sequence: for item in ownItems { item.collect(&scalars, keys) }
    case .mapping:
      for entry in ownEntries {
        if let below = keys.below(entry.key) { entry.value.collect(&scalars, below) }
      }
    }
  }
}
