"""The commands that CI systems take from a log, read as their documentation and their agents say.

GitHub: "Workflow commands" of its documentation, and `ActionCommand.cs` of actions/runner. Azure: "Logging commands" of
its documentation, and `Command.cs` and `CommandStringConvertor.cs` of microsoft/azure-pipelines-agent.
"""

import collections
import re

Command = collections.namedtuple("Command", "name properties message")


def lines(text):
    """The lines of a log, however they end."""
    parts = re.split("\r\n|\r|\n", text)
    if parts[-1] == "":
        parts.pop()
    return parts


def unescaped(text, escapes):
    """The escapes are undone one kind after the other, that of the percent sign at last."""
    for escape, character in escapes:
        text = text.replace(escape, character)
    return text


GITHUB_DATA = [("%0D", "\r"), ("%0A", "\n"), ("%25", "%")]
GITHUB_PROPERTY = [("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")]
AZURE_DATA = [("%0D", "\r"), ("%0A", "\n"), ("%AZP25", "%")]
AZURE_PROPERTY = [("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%AZP25", "%")]


def github(text):
    """The commands of a log in which every line is one."""
    for line in lines(text):
        start = line.lstrip()
        end = start.find("::", 2)
        if not start.startswith("::") or end < 0:
            raise ValueError(f"no command: {line!r}")
        if re.search(r"##\w*\[", line):
            raise ValueError(f"a command of the older form in it: {line!r}")
        name, _, listed = start[2:end].partition(" ")
        properties = {}
        for pair in filter(None, listed.strip().split(",")):
            key, is_pair, value = pair.partition("=")
            if not is_pair or key in properties:
                raise ValueError(f"no property: {pair!r} in {line!r}")
            properties[key] = unescaped(value, GITHUB_PROPERTY)
        yield Command(name, properties, unescaped(start[end + 2:], GITHUB_DATA))


def azure(text):
    """The commands of a log, and each other line as it is."""
    for line in lines(text):
        if line.lstrip().startswith("::"):
            raise ValueError(f"a command of GitHub's: {line!r}")
        marks = [match.start() for match in re.finditer(r"##\w*\[", line)]
        if not marks:
            yield line
            continue
        end = line.find("]")
        if marks != [0] or not line.startswith("##vso[") or end < 0:
            raise ValueError(f"another command in it: {line!r}")
        name, _, listed = line[len("##vso["):end].partition(" ")
        properties = {}
        for pair in filter(None, listed.split(";")):
            key, is_pair, value = pair.partition("=")
            if not is_pair or key in properties:
                raise ValueError(f"no property: {pair!r} in {line!r}")
            properties[key] = unescaped(value, AZURE_PROPERTY)
        yield Command(name, properties, unescaped(line[end + 1:], AZURE_DATA))


def check():
    """Holds that what the documentation shows is read, and that what is forged is noticed."""
    assert list(github("::error file=app%2Cs.js,line=1,title=a%3Ab::50%25%0Aof\n")) == [
        Command("error", {"file": "app,s.js", "line": "1", "title": "a:b"}, "50%\nof")]
    assert list(github("::notice::%250A")) == [Command("notice", {}, "%0A")]
    assert list(azure("##vso[task.logissue type=error;sourcepath=a%3B%5D;linenumber=1;]50%AZP25\nx\n")) == [
        Command("task.logissue", {"type": "error", "sourcepath": "a;]", "linenumber": "1"}, "50%"), "x"]
    for read, text in [(github, "x"), (github, "::error::a\rb"), (github, "::error::##[x]"), (azure, "a ##vso[x y]"),
                       (azure, "##vso[task.logissue type=error;]##vso[task.complete]"), (azure, " ::error::x")]:
        try:
            list(read(text))
        except ValueError:
            continue
        raise AssertionError(f"taken as it is: {text!r}")
