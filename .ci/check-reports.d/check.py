"""Reads every report of portlint as its consumers do, and holds what they see against the JSON of the same run."""

import collections
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.parse
import xml.etree.ElementTree

import junitparser
import markdown_it
import sarif.loader

import commands

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCHEMAS = os.path.join(ROOT, "Tests", "Reports", "schemas")
OWN_SCHEMA = os.path.join(ROOT, "rules", "schema", "report.json")
FORMATS = {
    "json": OWN_SCHEMA, "jsonl": None, "sarif": "sarif-2.1.0.json", "github": None, "markdown": None,
    "gitlab": "gitlab-code-quality.json", "junit": None, "checkstyle": None, "sonarqube": "sonarqube-issues.json",
    "azure": None, "rdjson": "rdjson.json",
}

# What each format, a terminal or a CI system could take for something of its own; a slash makes a folder.
HOSTILE = [
    "::error::x", "\u3000::error file=a,line=1::x", "##vso[task.complete result=Failed;]x", "##[error]x", "]]>x",
    "a\nb::error::c", "a\r\n##vso[task.complete]", "\x01\x08\x1b[31mx", "\u202ex\u2066", "\ufffe\uffff", "\"'<&>",
    "%0A::error::x", "%0D%3A%2C%25%AZP25%3B%5D", "a;b=c]d", "a,b:c", "|`x`|``y", "<b>x<!-- --", "@someone #1",
    "[text](https:evil) ![x](y)", "www.example.com https:\\x", "{0} {{1}} %1$s", "a\\", "`", "_*~~$", "é\u0301🔎",
    "a/../b", "-", " x ", "x/y z/::debug::",
]

# A finding: its rule, path and line, and its message.
Finding = collections.namedtuple("Finding", "rule path line message")


class Fault(Exception):
    pass


def hold(condition, *words):
    if not condition:
        raise Fault(" ".join(map(str, words)))


def read(text):
    """What a text says that portlint has written for people: with its escapes undone."""
    return re.sub(r"\\u\{([0-9A-F]+)\}", lambda match: chr(int(match[1], 16)), text)


def without_places(sentence):
    """A sentence without the lines of other places that stand behind it."""
    return re.sub(r" \((?:[^()]|\([^()]*\))*:\d+\)$", "", sentence, flags=re.S)


# What each consumer sees: one function a format.


def see_json(text):
    for finding in json.loads(text)["diagnostics"]:
        place = finding["location"]
        yield Finding(finding["rule"], place["file"], place["start"]["line"], finding["message"])


def see_jsonl(text):
    lines = text.split("\n")
    hold(lines.pop() == "", "the last line has no end")
    head, *findings = map(json.loads, lines)
    hold(head["report"]["version"] == 1, "no version")
    for line in findings:
        hold(list(line) == ["diagnostic"], "not a finding:", line)
        yield from see_json(json.dumps({"diagnostics": [line["diagnostic"]]}))


def see_sarif(text):
    run, = json.loads(text)["runs"]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        location = result["locations"][0]["physicalLocation"]
        uri = location["artifactLocation"]["uri"]
        hold(location["artifactLocation"]["uriBaseId"] == "%SRCROOT%", "no base:", uri)
        parts = urllib.parse.urlsplit(uri)
        hold(not any([parts.scheme, parts.netloc, parts.query, parts.fragment]), "more than a path:", uri)
        hold(re.fullmatch(r"[A-Za-z0-9._~/%-]*", uri), "not encoded:", uri)
        hold(rules[result["ruleIndex"]]["id"] == result["ruleId"], "another rule:", result)
        hold("](" not in result["message"]["text"], "a link:", result)
        message = result["message"]["text"].split("\nhelp: ")[0].replace("]\\(", "](")
        yield Finding(
            result["ruleId"], urllib.parse.unquote(uri, errors="strict"), location["region"]["startLine"],
            read(message))


def see_github(text):
    for command in commands.github(text):
        hold(command.name in ("error", "warning", "notice"), "another command:", command)
        hold(set(command.properties) - {"col", "endColumn"} == {"file", "line", "endLine", "title"}, command)
        yield Finding(
            command.properties["title"].removeprefix("portlint "), read(command.properties["file"]),
            int(command.properties["line"]), read(command.message.split("\n")[0]))


def see_azure(text):
    for command in commands.azure(text):
        if isinstance(command, str):
            match = re.fullmatch(r"(.*?):(\d+):\d+: info: (.*) \[([a-z0-9-]+)\]", command)
            hold(match, "neither a command nor a finding:", command)
            yield Finding(match[4], read(match[1]), int(match[2]), read(without_places(match[3])))
            continue
        hold(command.name == "task.logissue", "another command:", command)
        hold(set(command.properties) == {"type", "sourcepath", "linenumber", "columnnumber", "code"}, command)
        yield Finding(
            command.properties["code"], read(command.properties["sourcepath"]),
            int(command.properties["linenumber"]), read(without_places(command.message)))


def see_gitlab(text):
    findings = json.loads(text)
    prints = [finding["fingerprint"] for finding in findings]
    hold(len(prints) == len(set(prints)), "GitLab shows one finding a fingerprint:", prints)
    for finding in findings:
        yield Finding(
            finding["check_name"], finding["location"]["path"], finding["location"]["lines"]["begin"],
            read(without_places(finding["description"])))


def see_junit(text):
    report = junitparser.JUnitXml.fromstring(text.encode())
    tests = [test for suite in report for test in suite]
    for attribute, kind in [("failures", junitparser.Failure), ("errors", junitparser.Error),
                            ("skipped", junitparser.Skipped)]:
        count = sum(isinstance(result, kind) for test in tests for result in test.result)
        hold(int(getattr(report, attribute)) == count, "another number of", attribute)
        hold(sum(getattr(suite, attribute) for suite in report) == count, "another number of", attribute)
    hold(report.tests == len(tests) > 0, "another number of tests")
    for test in tests:
        if test.is_passed:
            continue
        rule, message = test.name.split(": ", 1)
        attributes = test._elem.attrib
        hold(attributes["file"] == test.classname, "another file")
        yield Finding(rule, read(test.classname), int(attributes["line"]), read(message))


def see_checkstyle(text):
    report = xml.etree.ElementTree.fromstring(text.encode())
    hold(report.tag == "checkstyle" and "version" in report.attrib, "not Checkstyle's")
    for file in report:
        hold(file.tag == "file" and len(file) > 0, "not a file")
        for error in file:
            hold(error.tag == "error" and error.attrib["severity"] in ("error", "warning", "info"), error.attrib)
            yield Finding(
                error.attrib["source"].removeprefix("portlint."), read(file.attrib["name"]),
                int(error.attrib["line"]), read(without_places(error.attrib["message"])))


def see_sonarqube(text):
    report = json.loads(text)
    rules = {rule["id"] for rule in report["rules"]}
    for issue in report["issues"]:
        hold(issue["ruleId"] in rules, "an unknown rule:", issue)
        place = issue["primaryLocation"]
        span = place["textRange"]
        if "startColumn" in span:
            start, end = ((span[f"{side}Line"], span[f"{side}Column"]) for side in ("start", "end"))
            hold(start < end, "an empty range:", issue)
        yield Finding(issue["ruleId"], place["filePath"], span["startLine"], read(place["message"]))


def see_rdjson(text):
    for finding in json.loads(text)["diagnostics"]:
        yield Finding(
            finding["code"]["value"], finding["location"]["path"], finding["location"]["range"]["start"]["line"],
            read(finding["message"].split("\nhelp: ")[0]))


def see_markdown(text):
    """A table of three columns, whose cells hold text, code and line breaks, and nothing else."""
    parser = markdown_it.MarkdownIt("gfm-like", {"linkify": False, "html": True})
    tokens = parser.parse(text)
    blocks = {token.type.removesuffix("_open").removesuffix("_close") for token in tokens}
    hold(blocks <= {"heading", "paragraph", "table", "thead", "tbody", "tr", "th", "td", "inline"}, blocks)
    rows, cells = [], None
    for token in tokens:
        if token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            rows.append(cells)
            cells = None
        elif token.type == "inline":
            for part in token.children:
                hold(part.type in ("text", "code_inline", "html_inline"), "marked up:", part.type, token.content)
                hold(part.type != "html_inline" or part.content == "<br>", "HTML:", token.content)
                hold(part.type != "text" or not re.search(r"[@#!~]|://|www\.", part.content), "live:", token.content)
            if cells is not None:
                cells.append([part.content for part in token.children])
    for severity, place, said in rows[1:]:
        hold(severity[0] in ("error", "warning", "info"), "another severity:", severity)
        code = [part for part in place if part][0]
        path, line, _ = code.rsplit(":", 2)
        end = said.index("<br>") if "<br>" in said else len(said)
        *message, rule, _ = said[:end] if said[:end][-1] == "" else [*said[:end], ""]
        yield Finding(rule.strip("[]"), read(path), int(line), read("".join(message).rstrip(" ")))


# The trees


def trees(work):
    for story in sorted(os.listdir(os.path.join(ROOT, "examples"))):
        folder = os.path.join(work, "trees", story)
        shutil.copytree(os.path.join(ROOT, "examples", story), folder)
        yield folder
    folder = os.path.join(work, "trees", "hostile")
    for number, name in enumerate(HOSTILE):
        path = os.path.join(folder, os.path.normpath(f"{name}.yaml"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        service = "".join(f"\\U{ord(character):08X}" for character in name)
        with open(path, "w", encoding="utf-8") as file:
            port = 2000 + number
            file.write("services:\n")
            for end in ("", "2"):
                file.write(f'  "{service}{end}": {{image: a, ports: ["{port}:80", "99999:80", "${{PORT}}:81"]}}\n')
    yield folder
    # A file that cannot be judged, and nothing that is wrong.
    broken = os.path.join(work, "trees", "broken")
    os.makedirs(broken)
    os.symlink("gone.yaml", os.path.join(broken, "gone.yaml"))
    yield broken
    empty = os.path.join(work, "trees", "empty")
    os.makedirs(empty)
    with open(os.path.join(empty, "compose.yaml"), "w", encoding="utf-8") as file:
        file.write("services: {web: {image: web, ports: ['8080:80']}}\n")
    yield empty


def report(program, folder, name, *options):
    return subprocess.run(
        [program, "--format", name, *options, "."], cwd=folder, capture_output=True, env={}, timeout=60, check=False)


def check(program, folder, reports):
    """Holds that all consumers see the same in a tree; answers how many findings there are."""
    story = os.path.basename(folder)
    status, expected = None, None
    for name in FORMATS:
        run = report(program, folder, name)
        text = run.stdout.decode("utf-8")
        status = run.returncode if status is None else status
        hold(run.returncode == status, f"{story}: status {run.returncode} as {name}, {status} as json")
        try:
            seen = list(globals()[f"see_{name}"](text))
        except (Fault, KeyError, ValueError, IndexError) as fault:
            raise Fault(f"{story}: {name} is not read: {fault!r}") from fault
        expected = seen if expected is None else expected
        if name == "markdown":
            # A cell keeps no blanks at its ends.
            seen = [finding._replace(message=finding.message.strip()) for finding in seen]
        for other, finding in zip(expected, seen):
            hold(finding == other, f"{story}: {name} has {finding}, json {other}")
        hold(len(seen) == len(expected), f"{story}: {name} has {len(seen)} findings, json {len(expected)}")
        controls = {c for c in text if c < " " and c != "\n" or "\x7f" <= c < "\xa0" or c in "\u202e\u2066"}
        hold(not controls, f"{story}: {name} holds {controls}")
        if FORMATS[name]:
            place = os.path.join(reports, f"{story}.{name}")
            with open(place, "w", encoding="utf-8") as file:
                file.write(text)
    ports = subprocess.run(
        [program, "ports", "--format", "json", "."], cwd=folder, capture_output=True, env={}, timeout=60, check=False)
    with open(os.path.join(reports, f"{story}.ports.json"), "wb") as file:
        file.write(ports.stdout)
    return len(expected)


def check_suppressions(program, folder):
    run, = json.loads(report(program, folder, "sarif", "--report-suppressed").stdout)["runs"]
    suppressed = [result for result in run["results"] if "suppressions" in result]
    hold(len(suppressed) == 1, "no finding is suppressed")
    suppression, = suppressed[0]["suppressions"]
    hold(suppression["kind"] == "inSource" and suppression["justification"], suppression)
    plain, = json.loads(report(program, folder, "sarif").stdout)["runs"]
    hold(len(plain["results"]) == len(run["results"]) - 1, "a finding that does not count is shown")


def check_unjudged(program, folder):
    run, = json.loads(report(program, folder, "sarif").stdout)["runs"]
    invocation, = run["invocations"]
    hold(invocation["executionSuccessful"] is False, "it is said to be whole")
    hold(any("associatedRule" in note for note in invocation["toolExecutionNotifications"]), invocation)


def main(program, work):
    commands.check()
    reports = os.path.join(work, "reports")
    os.makedirs(reports)
    counts = {os.path.basename(folder): check(program, folder, reports) for folder in trees(work)}
    hold(counts["hostile"] >= 3 * len(HOSTILE), "the hostile tree is not read:", counts)
    hold(counts["empty"] == 0 and counts["broken"] > 0, counts)
    check_suppressions(program, os.path.join(work, "trees", "reports"))
    check_unjudged(program, os.path.join(work, "trees", "broken"))
    for name, schema in FORMATS.items():
        if schema:
            files = [os.path.join(reports, file) for file in os.listdir(reports) if file.endswith(f".{name}")]
            subprocess.run(
                ["check-jsonschema", "-q", "--schemafile", os.path.join(SCHEMAS, schema), *files], check=True)
    for story, count in counts.items():
        file = sarif.loader.load_sarif_file(os.path.join(reports, f"{story}.sarif"))
        hold(file.get_result_count() == count, f"{story}: sarif-tools sees {file.get_result_count()} of {count}")
    print(f"{len(counts)} trees, {sum(counts.values())} findings, {len(FORMATS)} formats: all consumers see the same")


if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.argv[2])
    except Fault as fault:
        sys.exit(f"check-reports: {fault}")
