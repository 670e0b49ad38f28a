import Testing
import Workspace

/// Documents of declared formats in manifests of others.
extension FormatTests {
  /// What a ConfigMap holds is read where it stands, however its block is written.
  @Test(arguments: ["|", "|-", "|+", "|2", "|2-"])
  func whatAConfigMapHoldsIsRead(_ sign: String) throws {
    let text = """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: files}
      data:
        nginx.conf: \(sign)
          server { listen: [80; }
        traefik.yml: \(sign)
          --- # one
          entryPoints:
            web: {address: ":808000"}
          ...
          --- {entryPoints: {é: {address: ":808001"}}}
          ---
          entryPoints:
            web: {address: ":808002"} # portlint: ignore invalid-port -- as here

        quoted.yml: "entryPoints: {web: {address: ':808003'}}"
        application.yml: \(sign)

          server.port: 808004
        other.yml: \(sign)
          server.port: 808005
        traefik.txt: \(sign)
          entryPoints: {web: {address: ":808007"}}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: relay}
      data:
        "relay": \(sign)
          entryPoints: {web: {address: ":808008"}}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: files}
      stringData:
        application.yml: \(sign)
          server.port: 808006
      """
    #expect(
      try said(run(["a.yaml": text])) == [
        "a.yaml:10:24: entry point 'web' has the port '808000', which is not in 1-65535 [invalid-port]",
        "a.yaml:12:39: entry point 'é' has the port '808001', which is not in 1-65535 [invalid-port]",
        "a.yaml:20:18: server 'web' has the port '808004', which is not in 1-65535 [invalid-port]",
        "a.yaml:31:36: entry point 'web' has the port '808008', which is not in 1-65535 [invalid-port]",
      ])
  }

  /// A kustomization builds Kubernetes' objects, and no others.
  @Test func whatAKustomizationBringsInIsRead() throws {
    let files = [
      "base/kustomization.yaml": "resources: [all.yaml]\n",
      "base/all.yaml": """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {ports: [{port: 80}]}
      ---
      apiVersion: kafka.strimzi.io/v1beta2
      kind: Kafka
      metadata: {name: shop}
      spec: {kafka: {listeners: [{name: plain, port: 9092}, {name: low, port: 80}]}}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: traefik}
      data:
        traefik.yml: |
          entryPoints: {web: {address: ":8000"}}
      """,
      "over/kustomization.yaml": "resources: [../base]\nnamePrefix: a-\n",
    ]
    let report = try run(files)
    #expect(
      said(report) == [
        "base/all.yaml:9:73: listener 'low' has the port 80, which Strimzi keeps for itself [invalid-port]"
      ])
    let rows = report.rows.map { report.inventory.bindings[$0] }
    #expect(rows.map(\.text).sorted() == ["80", "80", "8000", "9092"])
  }

  @Test func whatAComposeFileHoldsIsRead() throws {
    let text = """
      services:
        prometheus: {image: prom/prometheus, configs: [{source: prometheus, target: /etc/prometheus.yml}]}
      configs:
        prometheus:
          content: |
            scrape_configs:
              - static_configs: [{targets: ["web:80800"]}]
        other: {file: other.yml}
      """
    #expect(
      try said(run(["compose.yaml": text])) == [
        "compose.yaml:7:44: file 'prometheus' has the port '80800', which is not in 1-65535 [invalid-port]"
      ])
  }
}
