import SourceText
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
        plain.yml: entryPoints
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
      data:
        application.yml: c2VydmVyLnBvcnQ6IDgwODAwNwo=
      """
    #expect(
      try said(run(["a.yaml": text])) == [
        "a.yaml:10:24: entry point 'web' has the port '808000', which is not in 1-65535 [invalid-port]",
        "a.yaml:12:39: entry point 'é' has the port '808001', which is not in 1-65535 [invalid-port]",
        "a.yaml:17:47: entry point 'web' has the port '808003', which is not in 1-65535 [invalid-port]",
        "a.yaml:21:18: server 'web' has the port '808004', which is not in 1-65535 [invalid-port]",
        "a.yaml:32:36: entry point 'web' has the port '808008', which is not in 1-65535 [invalid-port]",
        "a.yaml:39:18: server 'web' has the port '808006', which is not in 1-65535 [invalid-port]",
      ])
  }

  /// What a file holds, and where in it a finding is and what stands there.
  private struct Held: CustomStringConvertible {
    var text: String
    var found: [String]

    init(_ text: String, _ found: String...) {
      (self.text, self.found) = (text, found)
    }

    var description: String { text }
  }

  private static let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: files}\ndata:\n"
  private static let traefik = "entryPoints:\\n  web:\\n    address: "

  /// However the text is written, a finding is at the very characters.
  @Test(arguments: [
    // Folded, where a blank line is a line end, and lines that are indented further stay.
    Held("\(map)  a.yml: >\n    entryPoints:\n      web:\n        address: ':808000'\n", "8:20 808000"),
    Held("\(map)  a.yml: >-\n\n\n    entryPoints: {web:\n    {address: ':808000'}}\n\n", "9:17 808000"),
    Held("\(map)  a.yml: >2 # on\n    é: 1\n\n    entryPoints: {web: {address: ':808000'}}\n", "8:36 808000"),
    // In quotes, with escapes and on several lines.
    Held("\(map)  a.yml: \"\(traefik)':808000'\\n\"\n", "5:48 808000"),
    Held("\(map)  a.yml: \"\(traefik)\\\":808000\\\"\"\n", "5:49 808000"),
    Held("\(map)  a.yml: \"{\\\"entryPoints\\\": {\\\"w\\\": {\\\"address\\\": \\\":808000\\\"}}}\"\n", "5:54 808000"),
    Held("\(map)  a.yml: \"\\x65ntryPoints:\\n  \\u00e9:\\n    address: ':80\\x38000'\"\n", "5:54 80\\x38000"),
    Held("\(map)  a.yml: \"entryPoints: {web:\n    {address: \\\n    ':808000'}}\"\n", "7:7 808000"),
    Held("\(map)  a.yml: \"\\uFEFF\(traefik)':808000'\"\n", "5:54 808000"),
    Held("\(map)  a.yml: 'entryPoints: {web: {address: '':808000''}}'\n", "5:43 808000"),
    Held("\(map)  a.yml: 'entryPoints: {web:\n\n    {address: \":808000\"}}'\n", "7:17 808000"),
    // What stands in JSON.
    Held("\(map)  a.json: |\n    {\"entryPoints\": {\"w\": {\"address\": \":808000\"}}}\n", "6:41 808000"),
    Held(
      """
      {"kind": "ConfigMap", "apiVersion": "v1",
      "data": {"a.yml": "\(traefik)\\":808000\\"\\n", "b.yml": "\(traefik)\\":808001\\""}}
      """, "2:58 808000", "2:119 808001"),
    // An anchor's text is read where it stands, once.
    Held("x: &a |\n  entryPoints: {web: {address: ':808000'}}\n\(map)  a.yml: *a\n  b.yml: *a\n", "2:34 808000"),
    Held("\(map)  a.yml: &a \"\(traefik)':808000'\"\n  b.yml: *a\n", "5:51 808000"),
    // Texts that may have tags are more than text.
    Held("\(map)  a.yml: !!binary \"\(traefik)':808000'\\n\"\n"),
    // Lists of objects.
    Held(
      """
      apiVersion: v1
      kind: List
      items:
        - apiVersion: v1
          kind: ConfigMap
          data:
            a.yml: |
              entryPoints: {web: {address: ':808000'}}
        - apiVersion: v1
          kind: List
          items: [{kind: Secret, stringData: {a.yml: 'entryPoints: {web: {address: ":808001"}}'}}]
      ---
      apiVersion: v1
      kind: ConfigMapList
      items:
        - data: {a.yml: 'entryPoints: {web: {address: ":808002"}}'}
      """, "8:40 808000", "11:80 808001", "16:51 808002"),
    Held("\(map)  a.yml: |\n    entryPoints: {web: {address: ':808000'}}\n".replacing("v1", with: "other.io/v1")),
  ]) private func itIsFoundWhereItStands(_ held: Held) throws {
    for end in ["\n", "\r\n", "\r"] {
      let report = try run(["a.yaml": held.text.replacing("\n", with: end)])
      let found = report.diagnostics.map { finding in
        let file = report.files[finding.place.file]
        let place = LineTable(of: file?.bytes ?? []).position(of: Int(finding.place.start))
        return "\(place.line):\(place.column) \(file?.text(in: finding.place) ?? "")"
      }
      #expect(found == held.found, "\(end.debugDescription)")
    }
  }

  /// A text that cannot be read is told of where its name says that it is YAML, or of which format, and its lines do too.
  @Test func whatCannotBeReadIsTold() throws {
    let text = """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: files}
      data:
        prometheus.yml: |
          scrape_configs:
            - static_configs: [{targets: ["web:80"]}
          global: {}
        folded.yaml: "scrape_configs:\\n- static_configs:\\n\\t- targets: [a]\\n"
        template.yml: |
          scrape_configs:
          {{ range services }}
            - static_configs: [{targets: ["{{ . }}:80800"]}]
          {{ end }}
        partly.yml: |
          entryPoints: {web: {address: ":808000"}}
          ---
          other: [
        prometheus: |
          scrape_configs: [{static_configs: [{targets: [}]}]
        entrypoint: |
          cat > a.yml <<EOF
          scrape_configs: [{static_configs: [{targets: [}]}]
          EOF: a: b
        unknown.yml: |
          other: [
        nginx.conf: |
          scrape_configs: [{static_configs: [{targets: [}]}]
      """
    #expect(
      try said(run(["a.yaml": text])) == [
        "a.yaml:8:5: not YAML: did not find expected ',' or ']' [yaml-syntax]",
        "a.yaml:9:53: not YAML: a tab stands here, where only spaces may indent [yaml-syntax]",
        "a.yaml:12:5: a template that was not rendered, of which only the documents that can be read as they are were "
          + "checked [template-not-rendered]",
        "a.yaml:16:36: entry point 'web' has the port '808000', which is not in 1-65535 [invalid-port]",
        "a.yaml:18:13: not YAML: did not find expected node content [yaml-syntax]",
        "a.yaml:20:51: not YAML: did not find expected node content [yaml-syntax]",
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

  /// Compose replaces the variables of what it writes.
  @Test func whatAComposeFileHoldsHasItsVariables() throws {
    let text = """
      services:
        traefik: {image: traefik, configs: [{source: traefik, target: /etc/traefik.yml}]}
      configs:
        traefik:
          content: |
            entryPoints:
              a: {address: ":${P:-99999}"}
              b: {address: ":${LARGE}"}
              c: {address: "$LARGE"}
              d: {address: ":${UNKNOWN}"}
              e: {address: ":${SECRET-99998}"}
              f: {address: ":${HTTP}"}
              g: {address: ":8080"}
              h: {address: ":$${P:-99997}"}
              i: [$UNKNOWN, {address: a}]
        collector:
          content: "receivers: {otlp: {protocols: {grpc: {endpoint: '$${env:HOST:-localhost}:\\
            ${P:-99996}'}}}}\\nservice: {pipelines: {traces: {receivers: [otlp]}}}"
        traefik-template:
          content: |
            entryPoints:
            {{ range $$i := . }}
              a: {address: ":99995"}
            {{ end }}
      """
    let report = try run(["compose.yaml": text, ".env": "LARGE=99994\nSECRET=s3cret\nHTTP=8080\n"])
    #expect(
      said(report) == [
        "compose.yaml:7:29: entry point 'a' has the port '99999', which is not in 1-65535 [invalid-port]",
        "compose.yaml:8:24: entry point 'b' has the port '99994', which is not in 1-65535 [invalid-port]",
        "compose.yaml:9:23: entry point 'c' has '99994' for an address, which is not an address with a port, such as :8080 "
          + "[invalid-port]",
        "compose.yaml:13:24: entry point 'g' binds 8080/tcp on every address, and so does entry point 'f' [port-conflict]",
        "compose.yaml:18:12: receiver 'otlp' has the port '99996', which is not in 1-65535 [invalid-port]",
        "compose.yaml:22:7: a template that was not rendered, of which only the documents that can be read as they are "
          + "were checked [template-not-rendered]",
      ])
    let rows = report.rows.map { report.inventory.bindings[$0].text }
    #expect(rows.filter { $0.contains("$") } == [":${UNKNOWN}", ":${SECRET-99998}", ":$${P:-99997}"])
  }
}
