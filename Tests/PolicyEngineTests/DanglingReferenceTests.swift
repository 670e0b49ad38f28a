import Testing

/// A port that could not be read may have the name that a reference wants: what is wrong with it is said once.
@Suite struct DanglingReferenceTests {
  @Test(arguments: [
    ("{{ toYaml .Values.ports }}", 0),
    ("[{{ include }}]", 0),
    ("[{name: http, containerPort: 0}]", 0),
    ("[{name: http, containerPort: 80, protocol: tcp}]", 0),
    ("[{name: h_t_t_p, containerPort: 80}]", 0),
    ("http", 0),
    ("[{name: web, containerPort: 80}]", 1),
    ("[]", 1),
    ("", 1),
  ])
  func isSilentWhereAPortCouldNotBeRead(_ ports: String, _ count: Int) throws {
    let pod = """
      apiVersion: v1
      kind: Pod
      metadata: {name: p}
      spec:
        containers:
          - name: c
            image: x
            livenessProbe: {httpGet: {port: http}}
            ports: \(ports)

      """
    #expect(try findings(in: pod, path: "pod.yaml").count { $0.hasPrefix("dangling-port-reference:") } == count)
  }
}
