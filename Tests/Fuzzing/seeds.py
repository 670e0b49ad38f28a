#!/usr/bin/env python3
"""Writes the fuzzers' seeds into FOLDER: what the repository's examples, fixtures and rules already hold."""

import hashlib
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def main(folder):
    seeds = {"yaml": [], "compose": [], "kubernetes": [], "policy": [], "format": [], "declared": []}
    manifests = [path for path in sorted(ROOT.glob("examples/**/*.yaml")) + sorted(ROOT.glob("examples/**/*.yml"))]
    for path in manifests:
        text = path.read_bytes()
        seeds["policy" if path.name == ".portlint.yaml" or "policies" in path.parts else "kubernetes"].append(text)
    for path in sorted(ROOT.glob("rules/*.yaml")):
        text = path.read_text()
        head = text.split("\nwhy:")[0] + "\n"
        seeds["policy"].append(head.encode())
        # The manifests of the examples, written as block scalars.
        for block in re.findall(r"^( *)(?:- )?(?:manifest|\S+\.ya?ml): \|\n((?:\1  .*\n|\n)+)", text, re.M):
            lines = block[1].splitlines()
            depth = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
            seeds["kubernetes"].append("".join(line[depth:] + "\n" for line in lines).encode())
    for path in sorted(ROOT.glob("rules/formats/*.yaml")):
        head, examples = path.read_text().split("\npasses:\n", 1)
        claims, _, references = head.partition("\nreferences:")
        start, _, claims = claims.partition("\nclaims:")
        # Each claim and reference as one of a small format.
        for key, items in (("claims", claims), ("references", references.split("\nwhy:")[0])):
            for item in re.findall(r"^  - .*\n(?:    .*\n?)*", items, re.M):
                seeds["format"].append(f"{start}\n{key}:\n{item}".encode())
        for name in range(6):
            for block in re.findall(r"^( *)(?:- )?(?:manifest|\S+\.(?:ya?ml|json)): \|\n((?:\1  .*\n|\n)+)", examples, re.M):
                lines = block[1].splitlines()
                depth = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
                seeds["declared"].append(bytes([name]) + "".join(line[depth:] + "\n" for line in lines).encode())
    for path in sorted(ROOT.glob("rules/presets/*.yaml")):
        seeds["policy"].append(path.read_bytes())
    for path in sorted(ROOT.glob("Tests/SourceYAMLTests/Fixtures/*.tsv")):
        for row in path.read_text().splitlines():
            text = row.split("\t")[0].replace("\\n", "\n").replace("\\t", "\t")
            seeds["yaml"].append(text.encode())
    for name in ("compose-short-syntax", "compose-entries", "interpolation"):
        for row in (ROOT / f"Tests/ManifestFormatsTests/Fixtures/{name}.tsv").read_text().splitlines():
            text = row.split("\t")[0].replace("\\n", "\n").encode()
            seeds["compose"] += [b"0" + text, b"1" + text]
    seeds["yaml"] += seeds["kubernetes"] + seeds["policy"]
    for entry, texts in seeds.items():
        place = pathlib.Path(folder, entry)
        place.mkdir(parents=True, exist_ok=True)
        for text in {text for text in texts if len(text) <= 4096}:
            (place / hashlib.sha1(text).hexdigest()[:16]).write_bytes(text)


main(sys.argv[1])
