"""Debian's package."""

import email.utils
import hashlib

import archives
import bill
import project

DESCRIPTION = """\
 portlint reads Compose files, Kubernetes manifests and other files that claim
 ports, builds one inventory of every socket they claim, and asks of each: may
 this port be used here, is it what its name says, and will it collide?"""


def control(version, size):
    return f"""\
Package: {project.NAME}
Version: {version}
Section: devel
Priority: optional
Architecture: {project.MACHINES[project.MACHINE]}
Maintainer: {project.maintainer()}
Installed-Size: {size}
Description: checks the ports that manifests claim
{DESCRIPTION}
"""


def without_common_texts(name, text):
    """A licence, with a reference to its text where Debian has that for all packages."""
    names = {"GPL-3.txt": "GPL-3", "LGPL-2.1.txt": "LGPL-2.1", "CC0-1.0.txt": "CC0-1.0", "LICENSE": "Apache-2.0"}
    reference = "The text is in /usr/share/common-licenses/{}.\n"
    if name in names:
        return reference.format(names[name])
    before, exception, behind = text.partition("## Runtime Library Exception")
    return f"{reference.format('Apache-2.0')}\n{exception}{behind}" if exception else text


def copyright_file(components):
    """All licence texts, one behind the other, under what they hold for."""
    parts = [f"{project.NAME} is one program with all its libraries linked in. What it is made of:\n"]
    parts += [f"  {c.name} ({c.version}): {c.licence}\n" for c in components]
    for name, text in bill.licence_texts(components).items():
        parts.append(f"\n\n{'=' * 72}\n{name}\n{'=' * 72}\n\n{without_common_texts(name, text.contents.decode())}")
    return archives.text("".join(parts))


def changelog(version, epoch):
    date = email.utils.formatdate(epoch)
    entry = f"{project.NAME} ({version}) unstable; urgency=medium\n\n  * Version {version}: CHANGELOG.md says what is new.\n\n"
    return archives.File(archives.gz(f"{entry} -- {project.maintainer()}  {date}\n".encode()))


def package(program, version, documents, components, epoch):
    """The bytes of the package.

    - documents: the manual page and the completions, by the path under /usr/share.
    """
    own = f"usr/share/doc/{project.NAME}"
    files = {f"usr/bin/{project.NAME}": archives.File(program, 0o755)}
    for path, file in documents.items():
        is_page = path.startswith("man/")
        files[f"usr/share/{path}" + ".gz" * is_page] = archives.File(archives.gz(file.contents)) if is_page else file
    files[f"{own}/copyright"] = copyright_file(components)
    files[f"{own}/changelog.gz"] = changelog(version, epoch)
    files[f"usr/share/lintian/overrides/{project.NAME}"] = archives.text(
        "# It is to run wherever it is put.\n"
        f"{project.NAME}: statically-linked-binary [usr/bin/{project.NAME}]\n"
        f"{project.NAME}: embedded-library libyaml [usr/bin/{project.NAME}]\n")
    size = sum(len(file.contents) for file in files.values()) // 1024
    sums = "".join(f"{hashlib.md5(f.contents).hexdigest()}  {path}\n" for path, f in sorted(files.items()))
    about = {"control": archives.text(control(version, size)), "md5sums": archives.text(sums)}
    return archives.ar(
        [
            ("debian-binary", b"2.0\n"),
            ("control.tar.xz", archives.xz(archives.tar(about, epoch, "./"))),
            ("data.tar.xz", archives.xz(archives.tar(files, epoch, "./"))),
        ],
        epoch)
