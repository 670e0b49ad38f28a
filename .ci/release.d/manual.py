"""The manual page, from what the program says of its own command line (mdoc)."""

import json
import subprocess
import time

import archives
import project


def escaped(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text[:1] in (".", "'") else text


def argument(text):
    """A text as one argument of a macro."""
    return '"' + escaped(text).replace('"', "\\(dq") + '"'


def paragraphs(text):
    """Prose, and lines that are indented as they are."""
    lines = []
    is_literal = False
    for line in text.split("\n"):
        if line.startswith("  ") != is_literal and line:
            is_literal = not is_literal
            lines.append(".Bd -literal -offset indent" if is_literal else ".Ed")
        if not line:
            if not is_literal and lines and lines[-1] != ".Pp":
                lines.append(".Pp")
        elif is_literal:
            lines.append(escaped(line[2:]))
        else:
            lines += sentences(line)
    if is_literal:
        lines.append(".Ed")
    while lines and lines[-1] == ".Pp":
        lines.pop()
    return [line for line, following in zip(lines, lines[1:] + [""]) if not (line == ".Pp" and following.startswith(".Bd"))]


def sentences(text):
    """Each sentence on a line of its own, as mdoc wants them."""
    return [escaped(sentence) for sentence in text.replace(". ", ".\n").split("\n") if sentence]


def shortest_first(names):
    return sorted(names, key=lambda name: len(name["name"]))


def options(arguments):
    shown = [a for a in arguments if a["shouldDisplay"]]
    if not shown:
        return []
    lines = [".Bl -tag -width Ds"]
    for entry in shown:
        value = entry["valueName"]
        if entry["kind"] == "positional":
            lines.append(f".It Ar {argument(value)}")
        else:
            names = [("Fl \\-" if n["kind"] == "long" else "Fl ") + escaped(n["name"]) for n in shortest_first(entry["names"])]
            tail = f" Ar {argument(value)}" if entry["kind"] == "option" else ""
            lines.append(".It " + " , ".join(names) + tail)
        lines += sentences(entry.get("abstract", ""))
        if "defaultValue" in entry:
            lines.append(f"The default is {escaped(entry['defaultValue'])}.")
    return lines + [".El"]


def page(program, version, epoch):
    said = subprocess.run([program, "--experimental-dump-help"], check=True, capture_output=True).stdout
    root = json.loads(said)["command"]
    commands = [c for c in root["subcommands"] if c["shouldDisplay"] and c["commandName"] != "help"]
    date = time.strftime("%B %d, %Y", time.gmtime(epoch)).replace(" 0", " ")
    examples, _, exits = root["discussion"].partition("\n\n")
    lines = [
        f".Dd {date}", f".Dt {project.NAME.upper()} 1", ".Os",
        ".Sh NAME", f".Nm {project.NAME}", ".Nd " + escaped(root["abstract"][0].lower() + root["abstract"][1:].rstrip(".")),
        ".Sh SYNOPSIS",
    ]
    for command in commands:
        lines.append(f".Nm {project.NAME}")
        name = escaped(command["commandName"])
        lines.append(f".Op Cm {name}" if command["commandName"] == root["defaultSubcommand"] else f".Cm {name}")
        if any(a["kind"] != "positional" and a["shouldDisplay"] for a in command["arguments"]):
            lines.append(".Op Ar options")
        for entry in command["arguments"]:
            if entry["kind"] == "positional" and entry["shouldDisplay"]:
                value = f"Ar {argument(entry['valueName'])}" + " ..." * entry["isRepeating"]
                lines.append(f".Op {value}" if entry["isOptional"] else f".{value}")
    lines += [
        ".Sh DESCRIPTION",
        f".Nm\nreads Compose files, Kubernetes manifests and the other formats that\n.Nm {project.NAME} Cm formats\nlists,",
        "builds one inventory of the sockets that they claim, and holds it against a policy.",
        ".Sh COMMANDS",
    ]
    for command in commands:
        lines.append(f".Ss {project.NAME} {escaped(command['commandName'])}")
        lines += sentences(command["abstract"])
        if discussion := command.get("discussion"):
            body = paragraphs(discussion)
            lines += ([] if body[0].startswith(".Bd") else [".Pp"]) + body
        lines += options(command["arguments"])
    status = exits.removeprefix("Exit status: ")
    lines += [
        ".Sh ENVIRONMENT", ".Bl -tag -width NO_COLOR",
        ".It Ev NO_COLOR\nSet to anything, it turns colours off where\n.Fl \\-color\nis auto.",
        ".It Ev TERM\nA terminal that is dumb gets no colours and no progress.",
        ".It Ev CI\nSet to anything, it turns the progress on a terminal off.", ".El",
        ".Sh FILES", ".Bl -tag -width .portlint.yaml",
        f".It Pa .portlint.yaml\nThe policy.\n.Nm {project.NAME} Cm init\nwrites one to begin with.", ".El",
        ".Sh EXIT STATUS", *sentences(status[:1].upper() + status[1:]),
        ".Sh EXAMPLES", *paragraphs(examples),
    ]
    return archives.text("\n".join(lines) + "\n")
