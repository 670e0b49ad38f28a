#!/usr/bin/env python3
"""Rebuilds the tables of services that portlint embeds.

    python3 Sources/ServicesData/rebuild.py service-names-port-numbers.csv
    python3 Sources/ServicesData/rebuild.py --check

The first form writes services-by-port.tsv and services-by-name.tsv from IANA's registry and from
rules/tables/de-facto.tsv. The CSV is the one that IANA publishes at
https://www.iana.org/assignments/service-names-port-numbers/service-names-port-numbers.csv, or one reduced to the
columns name, port, protocol, description; its heading tells which. Only those four columns are taken: the registry's
others name people.

--check needs no CSV. It takes the registry's rows from services-by-port.tsv, adds de-facto.tsv, and exits with 1
if the tables would come out differently.

The columns are described in include/ServicesData.h.
"""

import argparse
import csv
import difflib
import pathlib
import re
import sys
from typing import NamedTuple

HERE = pathlib.Path(__file__).resolve().parent
BY_PORT = HERE / "services-by-port.tsv"
BY_NAME = HERE / "services-by-name.tsv"
DE_FACTO = HERE.parent.parent / "rules" / "tables" / "de-facto.tsv"

# Where each form of the CSV keeps name, port, protocol and description.
HEADINGS = (
    ("Service Name", "Port Number", "Transport Protocol", "Description"),
    ("name", "port", "protocol", "description"),
)
DE_FACTO_HEADING = ["name", "port", "protocol", "description", "source"]

# RFC 6335, section 5.1. The registry has older names with other characters.
SERVICE_NAME = re.compile(r"(?=.*[A-Za-z])(?!.*--)[A-Za-z0-9](?:[A-Za-z0-9-]{0,13}[A-Za-z0-9])?")


class Service(NamedTuple):
    name: str
    first: int
    last: int
    protocol: str
    origin: str
    description: str


def service(name, ports, protocol, origin, description):
    first, _, last = ports.partition("-")
    made = Service(
        folded(name), int(first), int(last or first), folded(protocol).lower(), origin, folded(description)
    )
    if not 0 <= made.first <= made.last <= 65535:
        sys.exit(f"rebuild.py: {name}: bad port {ports}")
    return made


def folded(text):
    """The text on one line, every run of white space a single space."""
    return " ".join(text.split())


def read_iana(path):
    """The services of either form of the CSV, each once, in the order of the file."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        heading = next(rows, [])
        columns = next((names for names in HEADINGS if set(names) <= set(heading)), None)
        if columns is None:
            sys.exit(f"rebuild.py: {path}: not a registry of service names: {','.join(heading)}")
        places = [heading.index(name) for name in columns]
        services = {}
        for row in rows:
            if len(row) <= max(places):
                continue
            name, ports, protocol, description = (row[place].strip() for place in places)
            # Rows without a name are unassigned or reserved; rows without a port are names for SRV records.
            if not (name and ports and protocol) or description.lower() in ("reserved", "unassigned"):
                continue
            made = service(name, ports, protocol, "iana", description)
            services.setdefault(made[:4], made)
        return list(services.values())


def read_de_facto():
    services = []
    for number, line in enumerate(DE_FACTO.read_text(encoding="utf-8").splitlines(), 1):
        cells = line.split("\t")
        if number == 1:
            if cells != DE_FACTO_HEADING:
                sys.exit(f"rebuild.py: {DE_FACTO.name}: the heading must be {' '.join(DE_FACTO_HEADING)}")
            continue
        if len(cells) != len(DE_FACTO_HEADING) or not all(cells):
            sys.exit(f"rebuild.py: {DE_FACTO.name}:{number}: every column must be filled")
        name, ports, protocol, description, _ = cells
        if not SERVICE_NAME.fullmatch(name):
            sys.exit(f"rebuild.py: {DE_FACTO.name}:{number}: {name} is no service name by RFC 6335")
        services.append(service(name, ports, protocol, "de-facto", description))
    return services


def read_registered_rows():
    """IANA's services as services-by-port.tsv has them."""
    services = []
    for line in BY_PORT.read_text(encoding="utf-8").splitlines():
        port, protocol, name, origin, ports, description = line.split("\t")
        if origin == "iana" and (not ports or ports.startswith(port)):
            services.append(service(name, ports or port, protocol, origin, description))
    return services


def by_port(services):
    # Sorting is stable: what shares a port and a protocol stays in the order given.
    rows = [
        (
            f"{port:05}",
            each.protocol,
            each.name,
            each.origin,
            "" if each.first == each.last else f"{each.first:05}-{each.last:05}",
            each.description,
        )
        for each in services
        for port in range(each.first, each.last + 1)
    ]
    return text(sorted(rows, key=lambda row: row[:2]))


def by_name(services):
    rows = {
        (each.name.lower(), f"{each.first:05}", f"{each.last:05}", each.protocol, each.origin) for each in services
    }
    return text(sorted(rows))


def text(rows):
    return "".join("\t".join(row) + "\n" for row in rows)


def main():
    parser = argparse.ArgumentParser(description="Rebuilds the tables of services that portlint embeds.")
    parser.add_argument("csv", nargs="?", help="IANA's service-names-port-numbers.csv")
    parser.add_argument("--check", action="store_true", help="exit with 1 if de-facto.tsv and the tables differ")
    arguments = parser.parse_args()
    if bool(arguments.csv) == arguments.check:
        parser.error("give either a CSV file or --check")

    services = (read_registered_rows() if arguments.check else read_iana(arguments.csv)) + read_de_facto()
    stale = False
    for path, wanted in ((BY_PORT, by_port(services)), (BY_NAME, by_name(services))):
        if not arguments.check:
            path.write_text(wanted, encoding="utf-8", newline="\n")
            continue
        present = path.read_text(encoding="utf-8")
        if present != wanted:
            stale = True
            changes = difflib.unified_diff(
                present.splitlines(), wanted.splitlines(), path.name, "rebuilt", lineterm="", n=0
            )
            print("\n".join(changes))
    sys.exit(1 if stale else 0)


if __name__ == "__main__":
    main()
