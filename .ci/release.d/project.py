"""What the packages say of portlint, each thing said once."""

import os
import pathlib
import platform
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
NAME = "portlint"
SUMMARY = "Finds port mistakes in the manifests you deploy from, before anything is started"
# How Debian and Python call the machine.
MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}
MACHINE = platform.machine()


def version():
    text = (ROOT / "Sources/portlint/Version.swift").read_text()
    return re.search(r'portlintVersion = "(.+)"', text)[1]


def said_of_commit(what):
    """What git says of the commit that is checked out."""
    command = ["git", "-C", ROOT, "log", "-1", f"--format={what}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def epoch():
    """When the commit was made, in seconds: the time of all that is packed."""
    return int(os.environ.get("SOURCE_DATE_EPOCH") or said_of_commit("%ct"))


def maintainer():
    """Who answers for the packages, as Debian's tools are told; without that, whoever made the commit."""
    name, address = os.environ.get("DEBFULLNAME"), os.environ.get("DEBEMAIL")
    return f"{name} <{address}>" if name and address else said_of_commit("%cn <%ce>")
