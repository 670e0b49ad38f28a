"""Python wheels: the program for pip, and the hook of this repository."""

import base64
import hashlib

import archives
import project

# The program needs no C library, so it runs on the oldest systems that these tags name.
TAGS = [f"py3-none-manylinux_2_17_{project.MACHINE}", f"py3-none-musllinux_1_1_{project.MACHINE}"]


def metadata(name, version, extra, description=""):
    lines = ["Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}", f"Summary: {project.SUMMARY}", *extra]
    return archives.text("\n".join(lines) + f"\n\n{description}")


def wheel(name, version, tags, files, metadata, epoch):
    """The bytes of a wheel; paths of `files` that begin with `info/` lie in its .dist-info."""
    base = f"{name.replace('-', '_')}-{version}"
    places = {path.replace("info/", f"{base}.dist-info/", 1): file for path, file in files.items()}
    places = {path.replace("scripts/", f"{base}.data/scripts/", 1): file for path, file in places.items()}
    lines = ["Wheel-Version: 1.0", "Generator: portlint", "Root-Is-Purelib: false", *[f"Tag: {tag}" for tag in tags]]
    places[f"{base}.dist-info/METADATA"] = metadata
    places[f"{base}.dist-info/WHEEL"] = archives.text("\n".join(lines) + "\n")
    record = f"{base}.dist-info/RECORD"
    rows = []
    for path, file in sorted(places.items()):
        digest = base64.urlsafe_b64encode(hashlib.sha256(file.contents).digest()).rstrip(b"=").decode()
        rows.append(f"{path},sha256={digest},{len(file.contents)}\n")
    places[record] = archives.text("".join(rows) + f"{record},,\n")
    return archives.zipped(places, epoch, last=[record])


def file_name(version):
    platforms = ".".join(tag.removeprefix("py3-none-") for tag in TAGS)
    return f"{project.NAME}-{version}-py3-none-{platforms}.whl"


def of_program(program, version, licences, expression, epoch):
    """The wheel that puts the program on the PATH."""
    files = {f"scripts/{project.NAME}": archives.File(program, 0o755)}
    files |= {f"info/licenses/{path}": file for path, file in licences.items()}
    extra = [
        f"License-Expression: {expression}",
        *[f"License-File: {path}" for path in sorted(licences)],
        "Keywords: ports,compose,kubernetes,lint",
        "Classifier: Environment :: Console",
        "Classifier: Operating System :: POSIX :: Linux",
        "Classifier: Topic :: Software Development :: Quality Assurance",
        "Requires-Python: >=3.8",
        "Description-Content-Type: text/markdown",
    ]
    about = (project.ROOT / "README.md").read_text()
    return wheel(project.NAME, version, TAGS, files, metadata(project.NAME, version, extra, about), epoch)
