"""What the program is linked from: the components, their licences, and the bill of materials (SPDX 2.3)."""

import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import time
from typing import NamedTuple

import archives
import project


class Component(NamedTuple):
    name: str
    licence: str
    """As SPDX writes it."""
    version: str
    supplier: str
    texts: dict
    """The licence's texts, by file name."""
    archives: str = ""
    """Which static libraries are its, as a regular expression of their names."""


def said_by(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def notice(package):
    """What Debian says of who wrote a package and what may be done with it."""
    return archives.File(pathlib.Path(f"/usr/share/doc/{package}/copyright").read_bytes())


def common_licence(name):
    return archives.File(pathlib.Path(f"/usr/share/common-licenses/{name}").read_bytes())


def debian_version(package):
    return said_by("dpkg-query", "-W", "-f", "${Version}", package)


def components(scratch):
    """All that the program is made of, portlint first.

    - scratch: the folder of the build.
    """
    swift = pathlib.Path(shutil.which("swift")).resolve().parent.parent
    parser = scratch / "checkouts/swift-argument-parser"
    gcc = f"libgcc-{said_by('gcc', '-dumpversion').split('.')[0]}-dev"
    return [
        Component(
            project.NAME, "Apache-2.0", project.version(), project.NAME,
            {"LICENSE": archives.File((project.ROOT / "LICENSE").read_bytes())}),
        Component(
            "Swift", "Apache-2.0 WITH Swift-exception",
            re.search(r"Swift version (\S+)", said_by("swift", "--version"))[1], "Swift project",
            {"Swift.txt": archives.File((swift / "share/swift/LICENSE.txt").read_bytes())},
            r"lib(swift|_?Foundation|dispatch|BlocksRuntime).*"),
        Component(
            "swift-argument-parser", "Apache-2.0 WITH Swift-exception",
            said_by("git", "-C", parser, "describe", "--tags"), "Swift project",
            {"swift-argument-parser.txt": archives.File((parser / "LICENSE.txt").read_bytes())}),
        Component(
            "libyaml", "MIT", debian_version("libyaml-dev"), "Debian", {"libyaml.txt": notice("libyaml-dev")},
            r"libyaml"),
        Component(
            "glibc", "LGPL-2.1-or-later", debian_version("libc6-dev"), "Debian",
            {"glibc.txt": notice("libc6-dev"), "LGPL-2.1.txt": common_licence("LGPL-2.1")},
            r"lib(c|m|mvec|pthread|dl|rt|util|resolv)(-[0-9.]+)?"),
        Component(
            "GCC runtime libraries", "GPL-3.0-or-later WITH GCC-exception-3.1", debian_version(gcc), "Debian",
            {"GCC.txt": notice(gcc), "GPL-3.txt": common_licence("GPL-3")}, r"lib(gcc|gcc_eh|stdc\+\+)"),
        Component(
            "Service Name and Transport Protocol Port Number Registry", "CC0-1.0", "NOASSERTION", "IANA",
            {"CC0-1.0.txt": common_licence("CC0-1.0")}),
        Component(
            "Unicode Character Database", "Unicode-3.0",
            re.search(r"Unicode Character Database (\d+[\d.]*\d)", (project.ROOT / "Sources/Reporters/CharacterTable.swift").read_text())[1],
            "Unicode", {"Unicode-3.0.txt": archives.File((pathlib.Path(__file__).parent / "Unicode-3.0.txt").read_bytes())}),
    ]


def unknown_archives(link_map, components):
    """The libraries of a linker's map that belong to no component."""
    names = set(re.findall(r"^(?:\S*/)?([^/\s(]+)\.a\(", link_map, re.MULTILINE))
    known = [component.archives for component in components if component.archives]
    return sorted(name for name in names if not any(re.fullmatch(pattern, name) for pattern in known))


def licence_texts(components):
    """The texts by file name, each once: Swift's parts have the same."""
    texts = {}
    for component in components:
        texts |= {name: text for name, text in component.texts.items() if text not in texts.values()}
    return texts


def expression(components):
    licences = list(dict.fromkeys(component.licence for component in components))
    return " AND ".join(licences)


def spdx(components, program, epoch):
    """The bill of materials of the program."""
    digest = hashlib.sha256(program).hexdigest()
    identifiers = {c.name: "SPDXRef-" + re.sub(r"[^A-Za-z0-9.]+", "-", c.name) for c in components}
    first, rest = components[0], components[1:]
    packages = []
    for component in components:
        package = {
            "SPDXID": identifiers[component.name],
            "name": component.name,
            "versionInfo": component.version,
            "supplier": f"Organization: {component.supplier}",
            "downloadLocation": "NOASSERTION",
            "filesAnalyzed": False,
            "licenseConcluded": component.licence,
            "licenseDeclared": component.licence,
            "copyrightText": "NOASSERTION",
        }
        if component is first:
            package["licenseConcluded"] = expression(components)
            package["checksums"] = [{"algorithm": "SHA256", "checksumValue": digest}]
            package["primaryPackagePurpose"] = "APPLICATION"
        packages.append(package)
    relations = [("SPDXRef-DOCUMENT", "DESCRIBES", identifiers[first.name])]
    relations += [(identifiers[first.name], "STATIC_LINK" if c.archives else "CONTAINS", identifiers[c.name]) for c in rest]
    document = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"{project.NAME}-{first.version}",
        "documentNamespace": f"https://spdx.org/spdxdocs/{project.NAME}-{first.version}-{digest}",
        "creationInfo": {
            "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(epoch)),
            "creators": [f"Tool: {project.NAME}-release"],
        },
        "packages": packages,
        "relationships": [
            {"spdxElementId": a, "relationshipType": kind, "relatedSpdxElement": b} for a, kind, b in relations
        ],
    }
    return archives.text(json.dumps(document, indent=2) + "\n")
