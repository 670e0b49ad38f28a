#!/usr/bin/env python3
"""Rebuilds the table of what a terminal makes of each character.

    python3 Sources/Reporters/rebuild.py /usr/share/unicode
    python3 Sources/Reporters/rebuild.py --check [/usr/share/unicode]

The first form writes CharacterTable.swift from the Unicode Character Database, as https://www.unicode.org/Public/UCD/latest
has it in `ucd` and Debian's package unicode-data in /usr/share/unicode.

--check exits with 1 if the table is not what this script wrote. With a folder of the same version of Unicode it also
derives the table anew; a folder of another version is left alone, and said.
"""

import argparse
import hashlib
import pathlib
import re
import sys

TABLE = pathlib.Path(__file__).resolve().parent / "CharacterTable.swift"

LAST = 0x10FFFF

# The numbers are those of `CharacterKind`.
COMBINING, NARROW, WIDE, HIDDEN = range(4)

# What is drawn as nothing although no property says so: BRAILLE PATTERN BLANK, OBJECT REPLACEMENT CHARACTER, EGYPTIAN
# HIEROGLYPH FULL BLANK and HALF BLANK, KHITAN SMALL SCRIPT FILLER and MUSICAL SYMBOL NULL NOTEHEAD.
BLANK = [0x2800, 0xFFFC, 0x13441, 0x13442, 0x16FE4, 0x1D159]


def fail(message):
    sys.exit(f"rebuild.py: {message}")


def source(folder, name):
    """A file of the database, which is published in `ucd`, `ucd/extracted` and `ucd/emoji`."""
    for path in (folder / name, folder / "extracted" / name, folder / "emoji" / name):
        if path.exists():
            return path.read_text(encoding="utf-8")
    fail(f"{folder}: there is no {name}")


def version(folder):
    found = re.match(r"# EastAsianWidth-(\d+\.\d+\.\d+)\.txt", source(folder, "EastAsianWidth.txt"))
    return found[1] if found else fail("EastAsianWidth.txt does not say its version")


def characters(folder, name, *values):
    """The characters to which a file of the database gives one of some values of a property."""
    found = set()
    for line in source(folder, name).splitlines():
        cells = [cell.strip() for cell in line.split("#")[0].split(";")]
        if len(cells) >= 2 and cells[1] in values:
            first, _, last = cells[0].partition("..")
            found.update(range(int(first, 16), int(last or first, 16) + 1))
    return found or fail(f"{name}: nothing is {' or '.join(values)}")


def kinds(folder):
    """The kind of every character."""
    made = bytearray([NARROW]) * (LAST + 1)

    def put(kind, *args):
        for character in characters(folder, *args):
            made[character] = kind

    put(WIDE, "EastAsianWidth.txt", "W", "F")
    put(COMBINING, "DerivedGeneralCategory.txt", "Mn", "Me")
    # They stand in the square of the consonant before them.
    put(COMBINING, "HangulSyllableType.txt", "V", "T")
    # What is not seen, or is but in how others are drawn or ordered.
    put(HIDDEN, "DerivedGeneralCategory.txt", "Cc", "Cf", "Zl", "Zp")
    put(HIDDEN, "DerivedCoreProperties.txt", "Default_Ignorable_Code_Point")
    # Some terminals draw a skin tone in the square of the person before it, some beside.
    put(HIDDEN, "emoji-data.txt", "Emoji_Modifier")
    for character in BLANK:
        made[character] = HIDDEN
    return made


def rows(folder):
    made = kinds(folder)
    starts = [at for at in range(LAST + 1) if at == 0 or made[at] != made[at - 1]]
    numbers = [f"0x{start * 4 + made[start]:06X}," for start in starts]
    return ["    " + " ".join(numbers[at : at + 11]) for at in range(0, len(numbers), 11)]


def text(unicode_version, rows):
    digest = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    head = f"""\
// Written by rebuild.py from the Unicode Character Database {unicode_version}; `rebuild.py --check` holds it against this:
// sha256 {digest}
// The data are © Unicode, Inc., under the Unicode License V3 (https://www.unicode.org/license.txt).

extension CharacterKind {{
  /// Where a run of characters of one kind begins, times four, and its kind; up to where the next begins.
  static let runs: [UInt32] = [
"""
    return head + "\n".join(rows) + "\n  ]\n}\n"


def check(folder):
    present = TABLE.read_text(encoding="utf-8")
    written = re.search(r"Database (\d+\.\d+\.\d+);", present)
    body = [line for line in present.splitlines() if line.startswith("    0x")]
    if not written or text(written[1], body) != present:
        fail(f"{TABLE.name} is not as it was written")
    if folder is None:
        return
    if version(folder) != written[1]:
        print(f"rebuild.py: {TABLE.name} is of Unicode {written[1]}, and {folder} of {version(folder)}", file=sys.stderr)
    elif rows(folder) != body:
        fail(f"{TABLE.name} would come out differently")


def main():
    parser = argparse.ArgumentParser(description="Rebuilds the table of what a terminal makes of each character.")
    parser.add_argument("folder", nargs="?", type=pathlib.Path, help="the Unicode Character Database")
    parser.add_argument("--check", action="store_true", help="exit with 1 if the table is not what this wrote")
    arguments = parser.parse_args()
    if arguments.check:
        check(arguments.folder)
    elif arguments.folder:
        TABLE.write_text(text(version(arguments.folder), rows(arguments.folder)), encoding="utf-8", newline="\n")
    else:
        parser.error("give a folder or --check")


if __name__ == "__main__":
    main()
