"""What the packages say of portlint, each thing said once."""

import os
import pathlib
import platform
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
NAME = "portlint"
SUMMARY = "Finds port mistakes in the manifests you deploy from, before anything is started"
MAINTAINER = "portlint <portlint@example.com>"

# How Debian and Python call the machine.
MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}
MACHINE = platform.machine()


def version():
    text = (ROOT / "Sources/portlint/Version.swift").read_text()
    return re.search(r'portlintVersion = "(.+)"', text)[1]


def epoch():
    """When the commit was made, in seconds: the time of all that is packed."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    command = ["git", "-C", ROOT, "log", "-1", "--format=%ct"]
    return int(given or subprocess.run(command, check=True, capture_output=True, text=True).stdout)
