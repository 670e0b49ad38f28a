"""Writes manifests for the benchmark: the same seed gives the same bytes, and every planted mistake is counted."""

import os
import random
import re

NAMES = [
    "api", "web", "worker", "gateway", "cart", "checkout", "payment", "orders", "search", "mailer", "ledger", "media",
    "billing", "profile", "catalog", "inventory", "shipping", "currency", "frontend", "adminui", "scheduler", "metrics",
]
IMAGES = ["nginx:1.27-alpine", "redis:7.2", "postgres:16.2", "ghcr.io/acme/{name}:1.{n}.0", "acme/{name}:{n}"]
KEYS = ["LOG_LEVEL", "FEATURE_FLAGS", "DATABASE_URL", "CACHE_URL", "REGION", "TIMEOUT_SECONDS", "PUBLIC_NAME", "MODE"]
VALUES = ["info", "checkout,search", '"postgres://app:app@db/app"', "redis://cache", "eu-central-1", '"30"', "Shop", "on"]


class Manifests:
    """One generator; `planted` says how often each rule has to fire on what it has written."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.planted = {"port-conflict": 0, "invalid-port": 0, "dangling-port-reference": 0}

    def plant(self, rule, share):
        if self.random.random() >= share:
            return False
        self.planted[rule] += 1
        return True

    def name(self):
        return f"{self.random.choice(NAMES)}-{self.random.randrange(1000)}"

    def image(self, name):
        return self.random.choice(IMAGES).format(name=name, n=self.random.randrange(40))

    def environment(self, indent, form):
        pairs = self.random.sample(list(zip(KEYS, VALUES)), self.random.randrange(2, 6))
        return "".join(indent + form.format(key=key, value=value) for key, value in pairs)

    def compose(self):
        """A Compose project of two to six services."""
        lines = ["# Started with `docker compose up`.\nservices:\n"]
        names = self.random.sample(NAMES, self.random.randrange(2, 7))
        ports = self.random.sample(range(8000, 9000), len(names))
        if self.plant("port-conflict", 0.02):
            ports[1] = ports[0]
        for number, (name, port) in enumerate(zip(names, ports)):
            lines.append(f"  {name}:\n    image: {self.image(name)}\n    restart: unless-stopped\n")
            lines.append("    environment:\n" + self.environment("      ", "{key}: {value}\n"))
            if number > 0:
                lines.append(f"    depends_on:\n      - {names[0]}\n")
            # An entry that is no port meets nobody: a conflict that was planted would be none.
            may_be_wrong = number == 0 and ports[1] != port
            target = "800000" if may_be_wrong and self.plant("invalid-port", 0.01) else "8080"
            # The first two always publish, so that a conflict that was planted is one.
            if number < 2 or self.random.random() < 0.4:
                lines.append(f'    ports:\n      - "{port}:{target}"\n')
            if self.random.random() < 0.3:
                lines.append(f"    volumes:\n      - {name}-data:/var/lib/{name}\n      - ./config:/etc/{name}:ro\n")
            lines.append('    healthcheck:\n      test: ["CMD", "curl", "-f", "http://localhost/healthz"]\n')
            lines.append("      interval: 30s\n      timeout: 5s\n      retries: 3\n")
        lines.append("volumes:\n" + "".join(f"  {name}-data: {{}}\n" for name in names))
        return "".join(lines)

    def labels(self, name, indent):
        keys = [("name", name), ("part-of", "shop"), ("managed-by", "kustomize")]
        return "".join(f"{indent}app.kubernetes.io/{key}: {value}\n" for key, value in keys)

    def deployment(self, name):
        port_name = "http"
        return (
            f"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\n  namespace: shop\n  labels:\n"
            + self.labels(name, "    ")
            + f"spec:\n  replicas: {self.random.randrange(1, 5)}\n  selector:\n    matchLabels:\n"
            + f"      app.kubernetes.io/name: {name}\n  template:\n    metadata:\n      labels:\n"
            + self.labels(name, "        ")
            + f"    spec:\n      serviceAccountName: {name}\n      containers:\n        - name: server\n"
            + f"          image: {self.image(name)}\n          imagePullPolicy: IfNotPresent\n          ports:\n"
            + f"            - name: {port_name}\n              containerPort: 8080\n              protocol: TCP\n"
            + "          env:\n"
            + self.environment("            ", "- name: {key}\n              value: {value}\n")
            + "          readinessProbe:\n            httpGet:\n              path: /healthz\n              port: http\n"
            + "          resources:\n            requests:\n              cpu: 100m\n              memory: 64Mi\n"
            + "            limits:\n              cpu: 200m\n              memory: 128Mi\n"
        )

    def service(self, name):
        target = "htpp" if self.plant("dangling-port-reference", 0.01) else "http"
        return (
            f"apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\n  namespace: shop\n  labels:\n"
            + self.labels(name, "    ")
            + f"spec:\n  type: ClusterIP\n  selector:\n    app.kubernetes.io/name: {name}\n  ports:\n"
            + f"    - name: http\n      port: 80\n      targetPort: {target}\n      protocol: TCP\n"
        )

    def config_map(self, name):
        settings = "".join(f"    {key.lower()} = {self.random.randrange(10**6)}\n" for key in KEYS)
        return (
            f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n  namespace: shop\ndata:\n"
            + self.environment("  ", "{key}: {value}\n")
            + f"  settings.conf: |\n{settings}"
        )

    def workflow(self):
        """YAML that is no manifest, as every repository has some."""
        jobs = "".join(
            f"  {name}:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n"
            f"      - name: Test {name}\n        run: |\n          make -C {name} test\n          make -C {name} lint\n"
            for name in self.random.sample(NAMES, 4)
        )
        return f"name: ci\non:\n  push:\n    branches: [main]\njobs:\n{jobs}"

    def tree(self, folder, count):
        """Writes `count` files: a fifth Compose projects, two thirds Kubernetes, the rest other YAML."""
        written = 0
        number = 0
        while written < count:
            number += 1
            project = os.path.join(folder, f"team-{number % 40:02}", f"project-{number:05}")
            os.makedirs(project)
            kind = self.random.random()
            if kind < 0.45:
                files = [("compose.yaml", self.compose())]
            elif kind < 0.9:
                name = self.name()
                files = [("deployment.yaml", self.deployment(name)), ("service.yaml", self.service(name))]
                files += [("configmap.yaml", self.config_map(name))] if kind < 0.75 else []
            else:
                files = [("ci.yml", self.workflow())]
            # A Service without its Deployment beside it would plant nothing.
            for name, text in files:
                write(project, name, text)
                written += 1

    def compose_tree(self, folder, count):
        """Writes `count` Compose projects below `apps`, four of five with something beside them that is read too: a
        `.env`, an override, an include from outside of `apps`, or a file whose services are extended.
        """
        shared = os.path.join(folder, "shared")
        os.makedirs(shared)
        for store, port in (("redis", 6379), ("postgres", 5432)):
            write(shared, f"{store}.yaml", f"services:\n  {store}:\n    image: {store}:7\n    expose: ['{port}']\n")
        for number in range(count):
            project = os.path.join(folder, "apps", f"team-{number % 40:02}", f"app-{number:05}")
            os.makedirs(project)
            text = self.compose()
            beside = number % 5
            if beside == 1:
                ports = re.findall(r'- "(\d+):', text)
                for index, port in enumerate(ports):
                    text = text.replace(f'"{port}:', f'"${{PORT_{index}}}:')
                write(project, ".env", "".join(f"PORT_{index}={port}\n" for index, port in enumerate(ports)))
            elif beside == 2:
                names = re.findall(r"^  (\w+):\n    image", text, re.M)
                changes = "".join(f"  {name}:\n    environment:\n      DEBUG: 'on'\n" for name in names)
                write(project, "compose.override.yaml", f"services:\n{changes}")
            elif beside == 3:
                text = f"include:\n  - ../../../shared/{self.random.choice(['redis', 'postgres'])}.yaml\n{text}"
            elif beside == 4:
                write(project, "base.yaml", "services:\n  base:\n    image: acme/base:1\n    restart: always\n")
                text = text.replace("    restart: unless-stopped\n", "    extends: {file: base.yaml, service: base}\n", 1)
            write(project, "compose.yaml", text)

    def definition(self, name):
        """A custom resource definition, most of which is its schema."""
        fields = "".join(
            f"                {word}{index}:\n                  description: The {word} of this {name}, number {index}.\n"
            f"                  type: {self.random.choice(['string', 'integer', 'boolean'])}\n"
            for index in range(self.random.randrange(8, 30)) for word in self.random.sample(NAMES, 4)
        )
        return (
            f"apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: {name}s.acme.example\n"
            f"spec:\n  group: acme.example\n  names:\n    kind: {name.capitalize()}\n    plural: {name}s\n  scope: Namespaced\n"
            "  versions:\n    - name: v1\n      served: true\n      storage: true\n      schema:\n        openAPIV3Schema:\n"
            f"          type: object\n          properties:\n            spec:\n              type: object\n              properties:\n{fields}"
        )

    def role_binding(self, name):
        return (
            f"apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata:\n  name: {name}\n  namespace: shop\n  labels:\n"
            + self.labels(name, "    ")
            + "roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: Role\n"
            + f"  name: {name}\nsubjects:\n  - kind: ServiceAccount\n    name: {name}\n    namespace: shop\n"
        )

    def dashboard(self, name):
        """A config map with a dashboard, as monitoring keeps them."""
        panels = "".join(
            f'        {{"id": {index}, "title": "{self.random.choice(NAMES)}", "type": "graph", "span": 6}},\n'
            for index in range(self.random.randrange(20, 90))
        )
        return (
            f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}-dashboard\n  namespace: shop\ndata:\n"
            f"  {name}.json: |\n    {{\n      \"panels\": [\n{panels}        {{}}\n      ]\n    }}\n"
        )

    def gitops_tree(self, folder, count):
        """Writes `count` files below `apps` in the shares of real repositories: three fifths of the bytes in objects that
        hold no port, a tenth in YAML that is no manifest; and one Compose file that includes another from outside.
        """
        shared, local = os.path.join(folder, "shared"), os.path.join(folder, "apps", "local")
        os.makedirs(shared)
        os.makedirs(local)
        write(shared, "redis.yaml", "services:\n  redis:\n    image: redis:7\n    expose: ['6379']\n")
        write(local, "compose.yaml", "include: [../../shared/redis.yaml]\n" + self.compose())
        written = 1
        number = 0
        while written < count:
            number += 1
            app = os.path.join(folder, "apps", f"team-{number % 40:02}", f"app-{number:05}")
            os.makedirs(app)
            name = self.name()
            files = {
                "deployment.yaml": self.deployment(name), "service.yaml": self.service(name),
                "role-binding.yaml": self.role_binding(name), "config-map.yaml": self.config_map(name),
            }
            if number % 8 == 0:
                files["definition.yaml"] = self.definition(name.partition("-")[0])
            if number % 5 == 0:
                files["dashboard.yaml"] = self.dashboard(name)
            if number % 2 == 0:
                files["ci.yml"] = self.workflow()
            for path, text in files.items():
                write(app, path, text)
            written += len(files)

    def stream(self, path, size):
        """Writes one file of about `size` bytes: Kubernetes documents, each object with its own name."""
        written = 0
        number = 0
        with open(path, "w", encoding="utf-8") as file:
            while written < size:
                number += 1
                name = f"{self.random.choice(NAMES)}-{number}"
                text = f"---\n{self.deployment(name)}---\n{self.service(name)}---\n{self.config_map(name)}"
                written += file.write(text)

    @staticmethod
    def bindings(path, count, shape):
        """Writes one Compose project with `count` published ports on one host.

        `distinct`: each another socket. `ranges`: wide ranges that overlap, each on an address of its own but for one
        pair. `equal`: all the same socket, each of another service.
        """
        with open(path, "w", encoding="utf-8") as file:
            file.write("services:\n")
            if shape == "equal":
                for number in range(count):
                    file.write(f"  s{number}:\n    ports: ['8080:80']\n")
                return
            for number in range(count):
                if number % 100 == 0:
                    file.write(f"  s{number // 100}:\n    ports:\n")
                address = number if number != 1 else 0
                ports = f"{1024 + number % 1000}-{60000 + number % 1000}" if shape == "ranges" else "8080"
                file.write(f"      - {address_text(number if shape == 'distinct' else address)}:{ports}:{ports}\n")

    @staticmethod
    def mistakes(path, count):
        """Writes one Compose project of `count` services with two findings each."""
        os.makedirs(os.path.dirname(path))
        with open(path, "w", encoding="utf-8") as file:
            file.write("services:\n")
            for number in range(8000, 8000 + count):
                file.write(f"  s{number}:\n    image: app\n    ports: ['{number}:80', '{number}:81', '99{number}:80']\n")

    @staticmethod
    def excess(folder, shape, count):
        """Writes what no person writes: `count` of each of two things, of which each might be held against each."""
        names = [f"n{number}" for number in range(count)]
        pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: "
        os.makedirs(folder)
        if shape == "merges in merges":
            entries = ", ".join(f"{name}: {{image: a}}" for name in names)
            write(folder, "compose.yaml", "services: " + "{<<: " * 190 + "{" + entries + "}" + "}" * 190)
        elif shape == "uses of a long variable":
            write(folder, ".env", "A=" + "x" * 20 * count)
            write(folder, "compose.yaml", 'services: {a: {image: a, command: "' + "$A" * count + '"}}')
        elif shape == "projects beside many variables":
            write(folder, ".env", "".join(f"{name}=1\n" for name in names))
            for name in names[: count // 10]:
                write(folder, f"docker-compose.{name}.yml", "services: {a: {image: a}}")
        elif shape == "includes beside many variables":
            write(folder, ".env", "".join(f"{name}=1\n" for name in names))
            includes = [f"{{path: b.yaml, env_file: {name}}}" for name in names[: count // 50]]
            for name in names[: count // 50]:
                write(folder, name, f"own={name}\n")
            write(folder, "b.yaml", "services: {b: {image: a}}")
            write(folder, "compose.yaml", f"include: [{', '.join(includes)}]\nservices: {{a: {{image: a}}}}")
        elif shape == "documents that take services out":
            services = ", ".join(f"{name}: {{image: a}}" for name in names)
            removals = "".join(f"---\nservices: {{{name}: !reset null}}\n" for name in names[: count // 2])
            write(folder, "compose.yaml", f"services: {{{services}}}\n{removals}")
        elif shape == "containers beside many keys":
            keys = ", ".join(f"{name}: 1" for name in names)
            containers = ", ".join(f"{{name: {name}, image: a, ports: [{{containerPort: 80}}]}}" for name in names)
            write(folder, "pod.yaml", f"{pod}{{{keys}, containers: [{containers}]}}")
        elif shape == "ports beside many labels":
            labels = ", ".join(f"{name}: a" for name in names)
            ports = ", ".join(f"{{port: {number + 1}, name: n{number}}}" for number in range(count))
            service = pod.replace("Pod", "Service")
            write(folder, "service.yaml", f"{service}{{selector: {{{labels}}}, ports: [{ports}]}}")
        elif shape == "lists in lists":
            write(folder, "list.yaml", "{apiVersion: v1, kind: List, items: [" * 90 + "{}," * count + "]}" * 90)
        elif shape == "placeholders without an end":
            write(folder, "compose.yaml", 'services: {a: {image: "' + "<%" * count + "%{" * count + '"}}')

    @staticmethod
    def policy(folder, count):
        """Writes a policy with `count` rules of a team's own, each for one owner of ten in its own range."""
        rules = os.path.join(folder, f"rules-{count}")
        os.makedirs(rules)
        for number in range(count):
            first = 1024 + number * 10
            with open(os.path.join(rules, f"rule-{number}.yaml"), "w", encoding="utf-8") as file:
                file.write(
                    f"id: team-{number}\nfamily: governance\nseverity: warning\nsummary: a port of another team\n"
                    f"when: {{role: publish, owner: \"s{number}*\", port: {{not-in: {first}-{first + 9}}}, "
                    f"not: {{address: loopback}}}}\nmessage: \"{{owner}} publishes {{endpoint}}\"\nhelp: use {{range}}\n"
                )
        path = os.path.join(folder, f"policy-{count}.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"extends: none\nrule-files: [\"rules-{count}/*.yaml\"]\n")
        return path


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)


def address_text(number):
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
