"""Archives whose bytes depend on nothing but what is in them.

Files are pairs of a path and a File, and lie in the archive in the order of their paths.
"""

import gzip
import io
import lzma
import tarfile
import time
import zipfile
from typing import NamedTuple


class File(NamedTuple):
    contents: bytes
    mode: int = 0o644


def text(contents, mode=0o644):
    return File(contents.encode(), mode)


def folders(paths):
    """The folders that hold files, each before what lies in it."""
    found = set()
    for path in paths:
        parts = path.split("/")[:-1]
        found.update("/".join(parts[: count + 1]) for count in range(len(parts)))
    return found


def tar(files, epoch, prefix=""):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for path in sorted(folders(files) | files.keys()):
            member = tarfile.TarInfo(prefix + path)
            member.mtime, member.uname, member.gname = epoch, "root", "root"
            if file := files.get(path):
                member.size, member.mode = len(file.contents), file.mode
                archive.addfile(member, io.BytesIO(file.contents))
            else:
                member.type, member.mode = tarfile.DIRTYPE, 0o755
                archive.addfile(member)
    return buffer.getvalue()


def xz(contents):
    return lzma.compress(contents, preset=6)


def gz(contents):
    return gzip.compress(contents, 9, mtime=0)


def zipped(files, epoch, last=()):
    """A zip file, in which the paths of `last` stand behind all others."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(files, key=lambda path: (path in last, path)):
            member = zipfile.ZipInfo(path, time.gmtime(epoch)[:6])
            member.create_system, member.compress_type = 3, zipfile.ZIP_DEFLATED
            member.external_attr = (0o100000 | files[path].mode) << 16
            archive.writestr(member, files[path].contents)
    return buffer.getvalue()


def ar(members, epoch):
    """A Unix archive, as Debian's packages are."""
    archive = b"!<arch>\n"
    for name, contents in members:
        archive += f"{name:<16}{epoch:<12}{0:<6}{0:<6}{0o100644:<8o}{len(contents):<10}`\n".encode()
        archive += contents + b"\n" * (len(contents) % 2)
    return archive
