import Foundation
import Testing

/// Exit status 0 says that everything that was asked for was read and judged.
@Suite struct NothingIsLostTests {
  struct Case: CustomTestStringConvertible {
    var name: String
    var files: [String: String]
    /// Links, by their names.
    var links: [String: String] = [:]
    var arguments: [String] = []
    var status: Int32
    /// Parts of the report.
    var said: [String]

    var testDescription: String { name }
  }

  private static let clash = """
    services:
      a: {image: a, ports: ["8080:80"]}
      b: {image: b, ports: ["8080:80"]}

    """
  private static let one = "services: {a: {image: a, ports: ['8080:80']}}\n"
  private static let other = "services: {b: {image: b, ports: ['8080:80']}}\n"
  private static let service = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n"
  private static let badPort = service.replacing("80}", with: "99999}")
  private static let conflict = "[port-conflict]"
  private static let notThere = "that is brought in here is not there [broken-include]"

  static let cases = [
    // COMPOSE_FILE
    Case(
      name: "the first file of COMPOSE_FILE is missing",
      files: [".env": "COMPOSE_FILE=none.yaml:compose.yaml\n", "compose.yaml": clash], status: 1,
      said: [".env:1:14: error: the file 'none.yaml' \(notThere)", conflict]),
    Case(
      name: "the first file of COMPOSE_FILE is missing, and the second is named",
      files: [".env": "COMPOSE_FILE=none.yaml:compose.yaml\n", "compose.yaml": clash], arguments: ["compose.yaml"],
      status: 1, said: [".env:1:14: error: the file 'none.yaml' \(notThere)", conflict]),
    Case(
      name: "the first file of COMPOSE_FILE is a folder's, and the variable unquoted behind export",
      files: [
        "a/.env": "# x\nexport COMPOSE_FILE='../none.yaml,compose.yaml'\nCOMPOSE_PATH_SEPARATOR=,\n",
        "a/compose.yaml": clash,
      ], status: 1, said: ["a/.env:2:22: error: the file 'none.yaml' \(notThere)", conflict]),
    Case(
      name: "the first file of COMPOSE_FILE is nothing of Compose's",
      files: [".env": "COMPOSE_FILE=k.yaml:compose.yaml\n", "k.yaml": "a: 1\n", "compose.yaml": clash], status: 1,
      said: [".env:1:14: error: the file 'k.yaml' that is brought in here is no Compose file", conflict]),
    Case(
      name: "a later file of COMPOSE_FILE is missing",
      files: [".env": "COMPOSE_FILE=compose.yaml:none.yaml\n", "compose.yaml": one], status: 1,
      said: [".env:1:27: error: the file 'none.yaml' \(notThere)"]),
    Case(
      name: "all files of COMPOSE_FILE are missing",
      files: [".env": "COMPOSE_FILE=none.yaml\n", "app.yaml": one], status: 1,
      said: [".env:1:14: error: the file 'none.yaml' \(notThere)"]),
    Case(
      name: "files of COMPOSE_FILE that say nothing of ports, and one that is named by a variable",
      files: [
        ".env": "ENV=dev\nCOMPOSE_FILE=base.yml:compose.yaml:$ENV.yml:empty.yml\n", "base.yml": "volumes: {data: {}}\n",
        "compose.yaml": one, "dev.yml": "services: {a: {environment: [A=1]}}\n", "empty.yml": "",
      ], status: 0, said: ["1 port"]),
    Case(
      name: "the file that comes first is of another project",
      files: ["a/.env": "COMPOSE_FILE=../compose.yaml:compose.yaml\n", "compose.yaml": one, "a/compose.yaml": clash],
      status: 1, said: ["a/compose.yaml:3:", conflict]),
    Case(
      name: "files of another folder, which are one project",
      files: [".env": "COMPOSE_FILE=docker/a.yml:docker/b.yml\n", "docker/a.yml": one, "docker/b.yml": other],
      status: 1,
      said: ["docker/b.yml:1:", conflict]),
    Case(
      name: "files of another folder, of which one is named",
      files: [
        ".git/HEAD": "", ".env": "COMPOSE_FILE=docker/a.yml:docker/b.yml\n", "docker/a.yml": one, "docker/b.yml": other,
      ], arguments: ["docker/a.yml"], status: 1, said: ["docker/b.yml:1:", conflict]),
    Case(
      name: "files of another folder with names of Docker's own, beside a project of that folder",
      files: [
        ".env": "COMPOSE_FILE=docker/compose.yaml:docker/dev.yaml\n", "compose.yaml": other,
        "docker/compose.yaml": one, "docker/dev.yaml": other,
      ], status: 1, said: ["docker/dev.yaml:1:", conflict, "3 files, 3 ports: 1 error"]),
    Case(
      name: "a file of another folder is its own folder's project too, with an override",
      files: [
        ".env": "COMPOSE_FILE=docker/compose.yaml:docker/dev.yaml\n", "docker/compose.yaml": one,
        "docker/compose.override.yaml": "services: {a: {ports: !override ['8081:80']}}\n", "docker/dev.yaml": other,
      ], status: 1,
      said: ["docker/dev.yaml:1:35: error", conflict, "docker/compose.yaml:1:35: note", "3 ports: 1 error"]),
    Case(
      name: "a file with a name of Docker's own, from which a list elsewhere takes a port",
      files: [
        "compose.yaml": clash, "z/.env": "COMPOSE_FILE=../compose.yaml:o.yml\n",
        "z/o.yml": "services: {b: {ports: !reset []}}\n",
      ], status: 1, said: ["compose.yaml:3:", conflict]),
    Case(
      name: "files with no manifest's ending, and ignored ones, that a list names",
      files: [
        ".env": "COMPOSE_FILE=a.txt\n", "a.txt": clash, "b/.env": "COMPOSE_FILE=i.yaml\n", "b/i.yaml": clash,
        ".ignore": "i.yaml\n",
      ], status: 1, said: ["a.txt:3:", "b/i.yaml:3:", "2 files, 4 ports: 2 errors"]),
    Case(
      name: "a list of one file that is called like a file of variables",
      files: [".env": "COMPOSE_FILE=.env.prod\n", ".env.prod": clash], status: 1,
      said: [".env.prod:3:26: error: 'b' publishes 8080/tcp", conflict, "1 file, 2 ports: 1 error"]),
    Case(
      name: "a list of which one file is called like a file of variables",
      files: [".env": "COMPOSE_FILE=a.yaml:prod.env\n", "a.yaml": one, "prod.env": other], status: 1,
      said: ["prod.env:1:", conflict, "2 files, 2 ports: 1 error"]),
    Case(
      name: "a list of one file that is called like variables of others, and holds such",
      files: [
        ".env": "COMPOSE_FILE=a.yaml:.env.prod:b.env\n", "a.yaml": one, ".env.prod": "A=1\n", "b.env": "A: *b\n",
      ],
      status: 1,
      said: [
        ".env:1:21: error: the file '.env.prod' that is brought in here is no Compose file",
        ".env:1:31: error: the file 'b.env' that is brought in here is no Compose file",
      ]),
    Case(
      name: "a list of which one file is known and others hang on a variable",
      files: [".env": "COMPOSE_FILE=a.txt:${X}:b${X}.yml\n", "a.txt": clash], status: 1,
      said: ["a.txt:3:26: error: 'b' publishes 8080/tcp", conflict, "2 ports: 1 error"]),
    Case(
      name: "a file of a list that is known in part is not there",
      files: [".env": "COMPOSE_FILE=${X}:a.txt:b.txt\n", "a.txt": one], status: 1,
      said: [".env:1:25: error: the file 'b.txt' \(notThere)", "1 port: 1 error"]),
    Case(
      name: "a file of a list that is known in part uses what another may have",
      files: [
        ".env": "COMPOSE_FILE=a.txt:${X}\n", "a.txt": "services: {a: {image: a, network_mode: 'service:b'}}\n",
      ], status: 0, said: ["0 errors"]),
    Case(
      name: "a list of files in which nothing stands",
      files: [".env": "COMPOSE_FILE=a.yaml:b.yaml\n", "a.yaml": "", "b.yaml": "# None yet.\n"], status: 1,
      said: [
        ".env:1:14: error: the file 'a.yaml' that is brought in here holds nothing, which Compose refuses", "1 error",
      ]),
    Case(
      name: "a list of which one file has an empty document",
      files: [".env": "COMPOSE_FILE=a.yaml:b.yaml\n", "a.yaml": one, "b.yaml": "---\n"], status: 1,
      said: [
        ".env:1:21: error: the file 'b.yaml' that is brought in here holds nothing, which Compose refuses", "1 error",
      ]),
    Case(
      name: "variables alone that may name files and cannot be read",
      files: ["a/.env": "X=\"\nCOMPOSE_FILE=none.yml\n", "b/.env": "a b\n", "c/compose.yaml": one],
      links: ["d.env": "/dev/null"], status: 2, said: ["a/.env:1:3: error: ", "[unreadable-file]", "1 error"]),
    Case(
      name: "a named file of variables stands for the project beside it",
      files: [".env": "P=8080\n", "compose.yaml": "services: {a: {image: a, ports: ['8080:80', '$P:81']}}\n"],
      arguments: [".env"], status: 1, said: [conflict, "1 file, 2 ports: 1 error"]),
    Case(
      name: "a kustomization changes a file beside it, which kustomize refuses",
      files: [
        ".git/HEAD": "", "s.yaml": badPort,
        "z/kustomization.yaml":
          "resources: [../s.yaml]\npatches: [{patch: '- {op: remove, path: /spec/ports/0}', target: {}}]\n",
      ], status: 1, said: ["s.yaml:4:", "[invalid-port]"]),
    Case(
      name: "a kustomization alone is a manifest",
      files: ["kustomization.yaml": "resources: []\n"], arguments: ["--fail-if-no-manifest", "."], status: 0,
      said: ["1 file, 0 ports"]),
    Case(
      name: "what is no YAML under --diff", files: ["compose.yaml": clash + "x: ]\n"], arguments: ["--diff"], status: 2,
      said: []),
    Case(
      name: "variables of the folder that runs a project, and then of the project's",
      files: [
        ".env": "COMPOSE_FILE=docker/a.yml\nP=8080\n", "docker/.env": "P=1\nQ=8080\n",
        "docker/a.yml": "services: {a: {image: a, ports: ['$P:80']}, b: {image: b, ports: ['$Q:80']}}\n",
      ], status: 1, said: ["'b' publishes 8080/tcp", conflict]),
    Case(
      name: "files that several lists name stand for themselves",
      files: [
        "x/.env": "COMPOSE_FILE=../d/a.yml:../d/b.yml\n", "y/.env": "COMPOSE_FILE=../d/b.yml:../d/a.yml\n",
        "d/a.yml": one, "d/b.yml": other,
      ], status: 0, said: ["2 files, 2 ports: 0 errors"]),
    Case(
      name: "a file of another folder is missing",
      files: [".env": "COMPOSE_FILE=docker/a.yml:docker/none.yml\n", "docker/a.yml": clash], status: 1,
      said: [".env:1:27: error: the file 'docker/none.yml' \(notThere)", conflict]),
    Case(
      name: "a folder of variables that name what is not there, and nothing else",
      files: [".env": "A=1\nCOMPOSE_FILE=none.yml\n", "b/.env": "A=1\n"], status: 1,
      said: [".env:2:14: error: the file 'none.yml' \(notThere)"]),
    Case(
      name: "a file beyond the tree is named from another folder",
      files: [".env": "COMPOSE_FILE=docker/a.yml:/dev/null\n", "docker/a.yml": one], status: 2,
      said: [".env:1:27: error: cannot be read: leads out of the tree"]),
    Case(
      name: "variables that Compose refuses name files of another folder",
      files: [".env": "COMPOSE_FILE=docker/a.yml\nX=\"\n", "docker/a.yml": one], status: 2,
      said: [".env:2:3: error: ", "[unreadable-file]"]),
    Case(
      name: "an override beside a file that is none of Compose's",
      files: ["compose.yaml": service, "compose.override.yaml": clash], status: 1, said: [conflict]),
    Case(
      name: "an override beside an empty file",
      files: ["compose.yaml": "", "compose.override.yaml": clash], arguments: ["compose.override.yaml"], status: 1,
      said: [conflict]),
    Case(
      name: "projects of the policy that share a file",
      files: [
        ".portlint.yaml": "projects: [{files: [a.yaml, b.yaml]}, {files: [c.yaml, a.yaml]}]\n", "a.yaml": one,
        "b.yaml": clash, "c.yaml": "services: {c: {image: c}}\n",
      ], status: 1, said: ["b.yaml:3:", conflict]),
    // What is read for others
    Case(
      name: "a member of a deployment is a link in a circle",
      files: [".portlint.yaml": "deployments: [{files: ['*.yaml']}]\n", "a.yaml": one], links: ["b.yaml": "b.yaml"],
      arguments: ["a.yaml"], status: 2, said: ["b.yaml:1:1: error: cannot be read: "]),
    Case(
      name: "a member of a deployment is a link to nothing",
      files: [".portlint.yaml": "deployments: [{files: ['*.yaml']}]\n", "a.yaml": one], links: ["b.yaml": "none"],
      arguments: ["a.yaml"], status: 2, said: ["b.yaml:1:1: error: cannot be read: "]),
    Case(
      name: "a member of a deployment passes a guard",
      files: [
        ".portlint.yaml": "deployments: [{files: ['*.yaml']}]\n", "a.yaml": one,
        "b.yaml": "services: " + String(repeating: "[", count: 1000),
      ], arguments: ["a.yaml"], status: 2, said: ["[limit-exceeded]"]),
    Case(
      name: "a member of a deployment is no YAML",
      files: [".portlint.yaml": "deployments: [{files: ['*.yaml']}]\n", "a.yaml": one, "b.yaml": "services: ["],
      arguments: ["a.yaml"], status: 1, said: ["[yaml-syntax]"]),
    Case(
      name: "a neighbour in the cluster cannot be read", files: ["a.yaml": service], links: ["b.yaml": "b.yaml"],
      arguments: ["a.yaml"], status: 2, said: ["b.yaml:1:1: error: cannot be read: "]),
    Case(
      name: "a kustomization above cannot be read", files: ["base/a.yaml": service],
      links: ["kustomization.yaml": "kustomization.yaml"],
      arguments: ["--tree", ".", "base/a.yaml"], status: 2,
      said: ["kustomization.yaml:1:1: error: cannot be read: "]),
    Case(
      name: "a resource of a kustomization is not there", files: ["kustomization.yaml": "resources: [web.yaml]\n"],
      status: 1, said: ["kustomization.yaml:1:13: error: the file 'web.yaml' that is brought in here is not there"]),
    Case(
      name: "a resource of a kustomization is a folder without one",
      files: ["over/kustomization.yaml": "resources: [../base, ..]\n", "base/web.yaml": service], status: 1,
      said: [
        "over/kustomization.yaml:1:13: error: the file 'base/kustomization.yaml' that is brought in here is not there",
        "over/kustomization.yaml:1:22: error: the file 'kustomization.yaml' that is brought in here is not there",
      ]),
    Case(
      name: "a resource of a kustomization cannot be read", files: ["kustomization.yaml": "resources: [web]\n"],
      links: ["web": "web"], status: 2, said: ["kustomization.yaml:1:13: error: cannot be read: "]),
    Case(
      name: "a resource of a kustomization that is found and cannot be read is said once",
      files: ["kustomization.yaml": "resources: [web.yaml]\n"], links: ["web.yaml": "web.yaml"], status: 2,
      said: ["web.yaml:1:1: error: cannot be read: ", "1 error"]),
    Case(
      name: "resources that the policy leaves out",
      files: [
        ".portlint.yaml": "exclude: [base/**]\n", "base/web.yaml": service, "base/kustomization.yaml": "",
        "kustomization.yaml": "resources: [base, base/web.yaml]\n",
      ], status: 0, said: []),
    Case(
      name: "a kustomization that is named alone",
      files: ["web.yaml": badPort, "kustomization.yaml": "resources: [web.yaml]\n"],
      arguments: ["kustomization.yaml"], status: 1, said: ["web.yaml:4:23: error: "]),
    Case(
      name: "a resource of a kustomization that is ignored",
      files: [".ignore": "web.yaml\n", "web.yaml": badPort, "kustomization.yaml": "resources: [web.yaml]\n"],
      status: 1, said: ["web.yaml:4:23: error: "]),
    Case(
      name: "a resource of a kustomization that git ignores",
      files: [
        ".git/HEAD": "", ".gitignore": "*.yaml\n!kustomization.yaml\n", "web.yaml": badPort,
        "kustomization.yaml": "resources: [web.yaml]\n",
      ], status: 1, said: ["web.yaml:4:23: error: "]),
    Case(
      name: "a resource of a kustomization that is not called like a manifest",
      files: ["web.txt": badPort, "kustomization.yaml": "resources: [web.txt]\n"],
      status: 1, said: ["web.txt:4:23: error: "]),
    Case(
      name: "a resource of a kustomization that is ignored, and that the policy leaves out",
      files: [
        ".portlint.yaml": "exclude: [web.yaml]\n", ".ignore": "web.yaml\n", "web.yaml": badPort,
        "kustomization.yaml": "resources: [web.yaml]\n",
      ], status: 0, said: []),
    Case(
      name: "a patch of a kustomization is not there",
      files: ["web.yaml": service, "kustomization.yaml": "resources: [web.yaml]\npatches: [{path: p.yaml}]\n"],
      status: 1, said: ["kustomization.yaml:2:18: error: the file 'p.yaml' that is brought in here is not there"]),
    Case(
      name: "a patch of a kustomization that only another names is not there",
      files: [
        "base/web.yaml": service,
        "base/kustomization.yaml": "resources: [web.yaml]\npatches: [{path: p.yaml}]\n",
        "over/kustomization.yaml": "resources: [../base]\n",
      ], arguments: ["--tree", ".", "over/kustomization.yaml"],
      status: 1,
      said: ["base/kustomization.yaml:2:18: error: the file 'base/p.yaml' that is brought in here is not there"]),
    Case(
      name: "a patch of a kustomization is no YAML, and is not called like any",
      files: [
        "web.yaml": service, "p": "a: ]\n",
        "kustomization.yaml": "resources: [web.yaml]\npatches: [{path: p, target: {kind: Service}}]\n",
      ], status: 1, said: ["p:1:4: error: not YAML: "]),
    Case(
      name: "a patch within a kustomization is no YAML",
      files: [
        "web.yaml": service,
        "kustomization.yaml": "resources: [web.yaml]\npatches:\n  - patch: |\n      kind: Service\n      a: ]\n",
      ], status: 1, said: ["kustomization.yaml:5:10: error: not YAML: "]),
    Case(
      name: "a patch within a kustomization, in quotes, is no YAML",
      files: [
        "web.yaml": service,
        "kustomization.yaml": #"{resources: [web.yaml], patches: [{patch: "{\"a\": ]"}]}"#,
      ], status: 1, said: ["kustomization.yaml:1:52: error: not YAML: "]),
    Case(
      name: "a patch of a kustomization is an environment file",
      files: [
        "web.yaml": service, "p.env": "- {op: SECRET, path: /spec/type}\n",
        "kustomization.yaml": "resources: [web.yaml]\npatches: [{path: p.env, target: {kind: Service}}]\n",
      ], status: 2, said: ["kustomization.yaml:2:18: error: cannot be read: is an environment file", "1 error,"]),
    Case(
      name: "a circle of kustomizations, from above",
      files: ["k/a/kustomization.yaml": "resources: [..]\n", "k/kustomization.yaml": "resources: [a]\n"],
      arguments: ["k"], status: 1,
      said: [
        "k/a/kustomization.yaml:1:13: error: 'k/a' brings itself in",
        "k/kustomization.yaml:1:13: error: 'k' brings itself in", "2 errors",
      ]),
    Case(
      name: "a kustomization of a circle that is named, and one that only leads there",
      files: [
        "a/kustomization.yaml": "resources: [../b]\n", "b/kustomization.yaml": "resources: [../a]\n",
        "c/kustomization.yaml": "resources: [../a]\n", "d/kustomization.yaml": "resources: [.]\n",
      ], arguments: ["--tree", ".", "c/kustomization.yaml", "d/kustomization.yaml"], status: 1,
      said: [
        "b/kustomization.yaml:1:13: error: 'b' brings itself in",
        "d/kustomization.yaml:1:13: error: 'd' brings itself in",
        "2 errors",
      ]),
    Case(
      name: "a kustomization of the current folder that brings itself in",
      files: ["kustomization.yaml": "resources: [.]\n"], status: 1,
      said: ["kustomization.yaml:1:13: error: '.' brings itself in"]),
    Case(
      name: "what a kustomization above brings in is no concern of a manifest",
      files: ["base/a.yaml": service, "kustomization.yaml": "resources: [base/a.yaml, b.yaml]\n"],
      arguments: ["--tree", ".", "base/a.yaml"], status: 0, said: ["1 port"]),
    Case(
      name: "what lies beside a Compose file is no concern of its", files: ["a.yaml": one], links: ["b.yaml": "b.yaml"],
      arguments: ["a.yaml"], status: 0, said: ["1 port"]),
    // Documents of one file
    Case(
      name: "documents beside one of a template that was not rendered",
      files: ["a.yaml": badPort + "---\n{{- if .x }}\nkind: Service\n{{- end }}\n---\n" + badPort], status: 1,
      said: ["a.yaml:4:23: error: ", "a.yaml:13:23: error: ", "2 errors", "1 template not rendered"]),
    Case(
      name: "a broken document beside one that holds an expression",
      files: ["a.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: {{ .x }}}\n---\nkind: ]\n"], status: 1,
      said: ["a.yaml:5:7: error: not YAML: "]),
    Case(
      name: "documents behind a directive that nobody knows",
      files: ["a.yaml": "%FOO\n---\nkind: Service\n---\n" + badPort], status: 1,
      said: ["a.yaml:1:5: error: not YAML: ", "a.yaml:8:23: error: "]),
    Case(
      name: "documents behind one that nests too deep",
      files: ["a.yaml": "kind: " + String(repeating: "[", count: 1000) + "\n---\n" + badPort], status: 2,
      said: ["a.yaml:1:206: error: ", "a.yaml:6:23: error: "]),
    Case(
      name: "each broken document of a file that a project includes",
      files: [
        "compose.yaml": "include: [part]\n", "part": "services: [\n---\nservices: {}\n---\nservices: *a\n",
      ], status: 1, said: ["part:2:1: error: ", "part:5:11: error: "]),
    Case(
      name: "what is silenced may stand in a document that could not be read",
      files: [
        "a.yaml": "{{- if .x }}\nkind: Service # portlint: ignore invalid-port -- x\n{{- end }}\n---\n" + service
      ],
      arguments: ["--fail-on", "warning", "."], status: 0, said: ["1 port", "0 warnings", "1 template not rendered"]),
    // Each link, and each name
    Case(
      name: "two links to one file out of the tree", files: ["t/c.yaml": one, "o.yaml": one],
      links: ["t/a.yaml": "../o.yaml", "t/b.yaml": "../o.yaml"], arguments: ["--tree", "t", "t"], status: 2,
      said: ["t/a.yaml:1:1: error: cannot be read: ", "t/b.yaml:1:1: error: cannot be read: ", "2 errors"]),
    Case(
      name: "a first file of COMPOSE_FILE that cannot be read is said once",
      files: [".env": "COMPOSE_FILE=/dev/null:compose.yaml\n", "compose.yaml": one], status: 2,
      said: [".env:1:14: error: cannot be read: ", "1 error,"]),
    Case(
      name: "a later file of COMPOSE_FILE that cannot be read is said once, and the project is judged without it",
      files: [".env": "COMPOSE_FILE=compose.yaml:/dev/null\n", "compose.yaml": clash], status: 2,
      said: [".env:1:27: error: cannot be read: ", conflict, "2 errors,"]),
    // What others bring in
    Case(
      name: "a project that takes back what it includes",
      files: [
        "compose.yaml": clash,
        "decoy/compose.yaml": "include: [../compose.yaml]\nservices: {b: {ports: !reset []}}\n",
      ], status: 1, said: ["compose.yaml:3:", conflict]),
    Case(
      name: "a project that takes back the services that it includes",
      files: [
        "compose.yaml": "services: {a: {image: a, ports: ['99999:80']}}\n",
        "decoy/compose.yaml": "include: [{path: [../compose.yaml, none.yaml]}]\n",
        "decoy/none.yaml": "services: !override {}\n",
      ], status: 1, said: ["compose.yaml:1:", "[invalid-port]"]),
    Case(
      name: "a project that includes a file with other variables",
      files: [
        "compose.yaml": "services: {a: {image: a, ports: ['80:80']}, b: {image: b, ports: ['${P:-80}:80']}}\n",
        "decoy/compose.yaml": "include: [../compose.yaml]\n", "decoy/.env": "P=81\n",
      ], status: 1, said: ["compose.yaml:1:", conflict]),
    Case(
      name: "a project that extends a service of another",
      files: [
        "prod.yaml": clash, "decoy/compose.yaml": "services: {b: {extends: {file: ../prod.yaml, service: b}}}\n",
      ], status: 1, said: ["prod.yaml:3:", conflict]),
    Case(
      name: "projects that each extend one",
      files: [
        "prod.yaml": clash, "decoy/compose.yaml": "services: {b: {extends: {file: ../prod.yaml, service: b}}}\n",
        "other/compose.yaml": "services: {b: {extends: {file: ../prod.yaml, service: a}}}\n",
      ], status: 1, said: ["prod.yaml:3:", conflict]),
    Case(
      name: "a base beside which its project runs",
      files: [
        "base.yaml": "services: {a: {image: a, ports: ['8080:80']}, b: {image: b, ports: ['8081:80']}}\n",
        "compose.yaml": "services: {c: {extends: {file: base.yaml, service: a}}}\n",
      ], arguments: ["--together", "."], status: 0, said: ["3 ports"]),
    Case(
      name: "an include with the project's variables",
      files: [
        "compose.yaml": "include: [db/compose.yaml]\n", ".env": "P=5433\n",
        "db/compose.yaml": "services: {db: {image: d, ports: ['${P}:80']}}\n",
      ], status: 0, said: ["1 port:"]),
  ]

  @Test(arguments: cases)
  func whatWasNotJudgedIsSaid(_ test: Case) throws {
    let run = try Run(test.arguments, files: test.files) { folder in
      for (name, target) in test.links {
        try FileManager.default.createSymbolicLink(
          atPath: folder.appending(path: name).path, withDestinationPath: target)
      }
    }
    #expect(run.status == test.status)
    for part in test.said { #expect(run.output.contains(part), "in \(run.output)") }
  }

  // MARK: - Names that differ only in how Unicode composes their characters

  private static let composed = "\u{E9}"
  private static let decomposed = "e\u{301}"

  @Test(arguments: [[], ["a/compose.yaml", "b/compose.yaml"], ["b/compose.yaml", "a/compose.yaml"]])
  func filesOfNamesAlikeAreDifferent(_ arguments: [String]) throws {
    let files = [
      "a/compose.yaml": "include: ['../\(Self.decomposed).yaml']\n",
      "b/compose.yaml": "include: ['../\(Self.composed).yaml']\n",
    ]
    let run = try Run(arguments, files: files) { folder in
      try Data(Self.one.utf8).write(to: folder.appending(path: "\(Self.decomposed).yaml"))
      try Data(Self.clash.utf8).write(to: folder.appending(path: "\(Self.composed).yaml"))
    }
    #expect(run.status == 1)
    #expect(run.output.utf8.starts(with: "\(Self.composed).yaml:3:26: error:".utf8), "\(run.output)")
    #expect(run.output.contains("3 ports"))
  }

  @Test(
    arguments: [
      // Hosts: no conflict.
      ("portlint: 1\nhosts:\n  A: {services: [{name: a, port: 80}]}\n  B: {services: [{name: b, port: 80}]}\n", 0),
      // Services: two claims.
      ("services:\n  A: {image: a, ports: ['8080:80']}\n  B: {image: a, ports: ['8080:80']}\n", 1),
      // Anchors.
      (
        "x: [&A '80:80', &B '81:80']\nservices: {a: {image: a, ports: [*A]}, b: {image: b, ports: ['80:80']}, c: {image: c, ports: [*B]}}\n",
        1
      ),
      // Keys that are merged.
      (
        "services:\n  c: {image: c, ports: ['80:80']}\n  <<: {A: {image: a, ports: ['81:80']}, B: {image: b, ports: ['80:80']}}\n",
        1
      ),
      // Objects, and those whom a selector picks.
      (
        """
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: A}
        spec: {template: {spec: {containers: [{name: a, image: a, ports: [{containerPort: 80, hostPort: 8080}]}]}}}
        ---
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: B}
        spec: {template: {spec: {containers: [{name: a, image: a, ports: [{containerPort: 80, hostPort: 8080}]}]}}}
        """, 1
      ),
      (
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: a, labels: {app: A}}
        spec: {containers: [{name: a, image: a, ports: [{containerPort: 80, name: http}]}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: b, labels: {app: B}}
        spec: {containers: [{name: a, image: a, ports: [{containerPort: 80, name: web}]}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: s}
        spec: {selector: {app: A}, ports: [{port: 80, targetPort: web}]}
        """, 1
      ),
      // The Service of another namespace: no dangling reference.
      (
        """
        apiVersion: v1
        kind: Service
        metadata: {name: s, namespace: A}
        spec: {selector: {app: a}, ports: [{port: 80}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: i, namespace: B}
        spec: {defaultBackend: {service: {name: s, port: {number: 81}}}}
        """, 0
      ),
    ] as [(String, Int32)])
  func namesAlikeAreDifferent(_ text: String, _ status: Int32) throws {
    for (a, b) in [(Self.composed, Self.decomposed), (Self.decomposed, Self.composed)] {
      let written = text.replacing("A:", with: "\(a):").replacing("B:", with: "\(b):").replacing("&A", with: "&\(a)")
        .replacing("&B", with: "&\(b)").replacing("*A", with: "*\(a)").replacing("*B", with: "*\(b)")
        .replacing(": A", with: ": \(a)").replacing(": B", with: ": \(b)")
      let run = try Run(["a.yaml"], files: ["a.yaml": written])
      #expect(run.status == status, "\(run.output)")
    }
  }

  @Test(
    arguments: [
      ("projects: [{files: ['A.yaml', 'B.yaml']}]\n", 1),
      ("deployments: [{name: A, files: ['A.yaml', c.yaml]}, {name: B, files: ['B.yaml', d.yaml]}]\n", 2),
    ])
  func policiesTellNamesAlikeApart(_ policy: String, _ count: Int) throws {
    for (a, b) in [(Self.composed, Self.decomposed), (Self.decomposed, Self.composed)] {
      let claim = { (name: String) in Data("services: {\(name): {image: a, ports: ['8080:80']}}\n".utf8) }
      let written = policy.replacing("A", with: a).replacing("B", with: b)
      let run = try Run(["--format", "compact", "--quiet"], files: [".portlint.yaml": written]) { folder in
        for name in [a, b, "c", "d"] { try claim(name).write(to: folder.appending(path: "\(name).yaml")) }
      }
      #expect(run.output.split(separator: "\n").count { $0.contains("[port-conflict]") } == count, "\(run.output)")
    }
  }

  @Test func eachMissingFileIsSaid() throws {
    let include = "include:\n- path: [\(Self.composed).yaml, \(Self.decomposed).yaml]\n"
    let run = try Run(["--format", "compact", "--quiet", "."], files: ["compose.yaml": include])
    #expect(run.output.split(separator: "\n").count == 2, "\(run.output)")
  }
}
