import Testing

/// Pod templates are found wherever a kind keeps them, and nowhere else.
@Suite struct PodTemplateTests {
  struct Kind: CustomTestStringConvertible {
    var object: String
    /// Where the containers stand, `#` for the mapping that holds them.
    var path: String
    var rows = ["listen 8080/tcp"]

    var testDescription: String { "\(object), \(path)" }

    var manifest: String {
      let pod = "{containers: [{name: app, image: nginx, ports: [{containerPort: 8080}]}]}"
      let (version, kind) = (object.split(separator: " ")[0], object.split(separator: " ")[1])
      return "apiVersion: \(version)\nkind: \(kind)\nmetadata: {name: x}\n\(path.replacing("#", with: pod))\n"
    }
  }

  static let kinds = [
    Kind(object: "v1 Pod", path: "spec: #"),
    Kind(object: "v1 PodTemplate", path: "template: {spec: #}"),
    Kind(object: "v1 ReplicationController", path: "spec: {template: {spec: #}}"),
    Kind(object: "apps/v1 Deployment", path: "spec: {template: {spec: #}}"),
    Kind(object: "extensions/v1beta1 Deployment", path: "spec: {template: {spec: #}}"),
    Kind(object: "apps/v1 ReplicaSet", path: "spec: {template: {spec: #}}"),
    Kind(object: "apps/v1 StatefulSet", path: "spec: {template: {spec: #}}"),
    Kind(object: "apps/v1 DaemonSet", path: "spec: {template: {spec: #}}"),
    Kind(object: "batch/v1 Job", path: "spec: {template: {spec: #}}"),
    Kind(object: "batch/v1 CronJob", path: "spec: {jobTemplate: {spec: {template: {spec: #}}}}"),
    Kind(object: "serving.knative.dev/v1 Service", path: "spec: {template: {spec: #}}"),
    Kind(object: "serving.knative.dev/v1 Configuration", path: "spec: {template: {spec: #}}"),
    Kind(object: "apps.openshift.io/v1 DeploymentConfig", path: "spec: {template: {spec: #}}"),
    Kind(object: "v1 DeploymentConfig", path: "spec: {template: {spec: #}}"),
    Kind(object: "argoproj.io/v1alpha1 Rollout", path: "spec: {template: {spec: #}}"),
    Kind(object: "monitoring.coreos.com/v1 Prometheus", path: "spec: #"),
    Kind(object: "keda.sh/v1alpha1 ScaledJob", path: "spec: {jobTargetRef: {template: {spec: #}}}"),
    Kind(object: "example.com/v1 Fleet", path: "spec: {groups: [{podTemplate: {metadata: {}, spec: #}}]}"),
    Kind(object: "example.com/v1 Fleet", path: "workload: {template: {spec: #}}"),
    Kind(
      object: "work.open-cluster-management.io/v1 ManifestWork",
      path: "spec: {workload: {manifests: [{kind: CronJob, spec: {jobTemplate: {spec: {template: {spec: #}}}}}]}}"),
    // The objects of an OpenShift template, which is as good as a list of them.
    Kind(
      object: "template.openshift.io/v1 Template",
      path: "objects: [{apiVersion: v1, kind: Service, metadata: {name: '${NAME}'}, spec: {ports: [{port: 80}]}}, "
        + "{apiVersion: apps.openshift.io/v1, kind: DeploymentConfig, spec: {template: {spec: #}}}]",
      rows: ["service 80/tcp", "listen 8080/tcp"]),
    // What the cluster says of it, a pattern, and what is no list of containers.
    Kind(object: "example.com/v1 Fleet", path: "status: {template: {spec: #}}", rows: []),
    Kind(object: "kyverno.io/v1 ClusterPolicy", path: "spec: {rules: [{validate: {pattern: {spec: #}}}]}", rows: []),
    Kind(object: "example.com/v1 Fleet", path: "spec: {containers: 3}", rows: []),
    Kind(
      object: "example.com/v1 Fleet", path: "spec: {containers: [{name: a, ports: [{containerPort: 0}]}]}", rows: []),
    Kind(
      object: "example.com/v1 Fleet",
      path: "spec: {containers: [{name: '*', image: '*', ports: [{hostPort: 0}]}]}", rows: []),
  ]

  @Test(arguments: kinds)
  func isFound(_ kind: Kind) throws {
    let outcome = try Outcome(kind.manifest)
    #expect(outcome.rows == kind.rows)
    #expect(outcome.rules == [])
  }
}
